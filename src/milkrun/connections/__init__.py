"""Connections to other systems beside partners' files: webhooks out, tables in, and how each connection does."""
