"""The operations by noun; each one is a command or a query behind an address."""
