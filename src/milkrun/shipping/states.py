"""State tables of shipping."""

DELIVERY_STATES = ("open", "picked", "issued", "billed", "cancelled")
DELIVERY_MOVES = {
    "finish_picking": {"open": "picked"},
    "issue": {"picked": "issued"},
    "reverse_issue": {"issued": "picked"},
    "bill": {"issued": "billed"},
    "cancel": {"open": "cancelled", "picked": "cancelled"},
}
