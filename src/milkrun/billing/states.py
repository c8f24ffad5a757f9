"""State tables of billing."""

INVOICE_STATES = ("issued",)
