"""Interchanges as received and sent, trading agreements and the outbox. Keeps bytes, knows no meaning."""
