"""The EDI codec: bytes to neutral messages with findings, and back. Knows no database."""
