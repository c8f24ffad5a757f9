"""Milkrun: just-in-time inventory and supply, from a customer's call to the invoice."""

__version__ = "0.1.0"
