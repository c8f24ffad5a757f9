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
    # The bill was taken back.
    "reopen": {"billed": "issued", "completed": "issued"},
    "cancel": {"created": "cancelled"},
    # After its release a call is not cancelled any more: its cancelling is asked for, and a planner decides.
    "request_cancel": {
        "created": "cancel_requested", "released": "cancel_requested", "ready": "cancel_requested",
        "in_packing": "cancel_requested", "packed": "cancel_requested", "on_delivery": "cancel_requested",
    },
    "accept_cancel": {"cancel_requested": "cancelled"},
    "keep_created": {"cancel_requested": "created"},
    "keep_released": {"cancel_requested": "released"},
    "keep_ready": {"cancel_requested": "ready"},
    "keep_in_packing": {"cancel_requested": "in_packing"},
    "keep_packed": {"cancel_requested": "packed"},
    "keep_on_delivery": {"cancel_requested": "on_delivery"},
    # A successor takes the place of a group whose goods have not left.
    "replace": {
        "created": "cancelled", "released": "cancelled", "ready": "cancelled", "in_packing": "cancelled",
        "packed": "cancelled", "on_delivery": "cancelled",
    },
}  # fmt: skip
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

# What a customer or a planner asks of a call that is under way, and what became of the wish.
REQUEST_KINDS = ("cancel", "change")
REQUEST_STATES = ("open", "accepted", "declined", "superseded")
REQUEST_MOVES = {
    "accept": {"open": "accepted"},
    "decline": {"open": "declined"},
    "supersede": {"open": "superseded"},
}

# What a rule of a stream or of a customer may say; those for a change from free to strict.
GAP_RULES = ("none", "warn", "block")
CHANGE_RULES = ("allow", "ask", "refuse")
# The states in which a rule of its own may say what becomes of a change; before them it is free, after them too late.
CHANGE_STATES = ("released", "ready", "in_packing", "packed", "on_delivery")
PRIORITIES = (0, 1, 2)
# What a status word of a customer may ask of a call.
STATUS_ACTIONS = ("call", "cancel", "skip", "hold", "resume", "reorder", "ignore")

PACKING_GROUP_STATES = ("planned", "packing", "closed", "issued")
PACKING_GROUP_MOVES = {
    "start": {"planned": "packing", "packing": "packing"},
    "close": {"packing": "closed"},
    "issue": {"closed": "issued"},
    "return": {"issued": "closed"},
}
