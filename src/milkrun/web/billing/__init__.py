"""What was shipped and not billed, and invoices."""
