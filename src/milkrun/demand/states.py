"""State tables of demand.

A component group carries the work and has one coarse state; indicators beside it tell of each document on its own.
A call's state is that of its least advanced live group.
"""

GROUP_STATES = (
    "created", "released", "ready", "in_packing", "packed", "on_delivery", "issued", "billed", "completed",
    "cancel_requested", "cancelled",
)  # fmt: skip
GROUP_MOVES = {
    "release": {"created": "released"},
    "make_ready": {"released": "ready"},
    "unmake": {"ready": "released"},
    "release_for_packing": {"ready": "in_packing"},
    "confirm_packing": {"in_packing": "packed"},
    "put_on_delivery": {"packed": "on_delivery"},
    "take_off_delivery": {"on_delivery": "packed"},
    "issue": {"on_delivery": "issued"},
    "reverse_issue": {"issued": "on_delivery"},
    "bill": {"issued": "billed"},
    "complete": {"billed": "completed"},
    "cancel": {"created": "cancelled"},
}
# The order in which a group advances; a call stands where its last group stands.
GROUP_ORDER = GROUP_STATES[:9]

INDICATORS = {
    "matching": ("matched", "unmatched"),
    "production": ("none", "not_needed", "planned", "confirmed"),
    "stock_posting": ("none", "posted", "failed"),
    "packing": ("none", "released", "packed"),
    "picking": ("none", "not_needed", "open", "short", "picked"),
    "delivery": ("none", "created"),
    "issue": ("none", "issued", "reversed"),
    "asn": ("none", "announced", "withdrawn"),
    "billing": ("none", "billed"),
}

PACKING_GROUP_STATES = ("planned", "packing", "closed", "issued")
PACKING_GROUP_MOVES = {
    "start": {"planned": "packing", "packing": "packing"},
    "close": {"packing": "closed"},
    "issue": {"closed": "issued"},
    "return": {"issued": "closed"},
}
