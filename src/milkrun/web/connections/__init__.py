"""Connections to other systems: how each does, webhooks, tables taken in."""
