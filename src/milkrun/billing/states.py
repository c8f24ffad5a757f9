"""State tables of billing."""

# A cancelled invoice was credited in full; its lines can be billed again.
INVOICE_STATES = ("issued", "cancelled")
INVOICE_MOVES = {"cancel": {"issued": "cancelled"}}

# What goes on one invoice, and how it reaches the customer: INVOIC or UBL as files, a PDF by e-mail, or not at all,
# because the customer bills itself for what it received.
GROUPINGS = ("delivery", "day", "week", "order")
BILLING_CHANNELS = ("edi", "ubl", "email", "self_billing")
