"""State tables of stock."""

# A handling unit is filled while open, frozen once closed, and leaves with its goods issue.
HANDLING_UNIT_MOVES = {
    "close": {"open": "closed"},
    "pick": {"closed": "picked"},
    "unpick": {"picked": "closed"},
    "issue": {"closed": "issued", "picked": "issued"},
    "return_closed": {"issued": "closed"},
    "return_picked": {"issued": "picked"},
}
HANDLING_UNIT_STATES = ("open", "closed", "picked", "issued")

# A reservation is posted or voided exactly once.
RESERVATION_MOVES = {"post": {"open": "posted"}, "void": {"open": "voided"}}
RESERVATION_STATES = ("open", "posted", "voided")

# Locations that hold goods we can touch; the others are the far ends of movements.
REAL_LOCATION_KINDS = ("storage", "line", "packing", "dock")
VIRTUAL_LOCATION_KINDS = ("production", "supplier", "customer", "scrap", "difference")
