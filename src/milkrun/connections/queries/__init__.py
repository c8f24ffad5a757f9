"""Reads of connections: webhooks with their events, imports, and how every connection does."""
