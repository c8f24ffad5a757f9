"""Invoices for what was shipped."""
