"""State tables of stock."""

# A handling unit is filled while open, frozen once closed, and leaves with its goods issue. A rejected one waits for a
# verdict; one whose goods went into another is emptied and is never used again.
HANDLING_UNIT_MOVES = {
    "close": {"open": "closed"},
    "pick": {"closed": "picked"},
    "unpick": {"picked": "closed"},
    "issue": {"closed": "issued", "picked": "issued"},
    "return_closed": {"issued": "closed"},
    "return_picked": {"issued": "picked"},
    "reject": {"open": "rejected", "closed": "rejected"},
    "accept": {"rejected": "open"},
    "empty": {"open": "emptied"},
}
HANDLING_UNIT_STATES = ("open", "closed", "picked", "issued", "rejected", "emptied")
# What kind of unit a person may make; racks and loads of calls are made by packing.
HANDLING_UNIT_KINDS = ("pallet", "box", "rack", "cage", "bundle", "coil")

# A reservation is posted or voided exactly once.
RESERVATION_MOVES = {"post": {"open": "posted"}, "void": {"open": "voided"}}
RESERVATION_STATES = ("open", "posted", "voided")

# A lot in quarantine waits for a verdict; a blocked one was found doubtful. Neither is reserved, packed or issued.
LOT_MOVES = {
    "block": {"free": "blocked", "quarantine": "blocked"},
    "hold": {"free": "quarantine"},
    "release": {"blocked": "free", "quarantine": "free"},
}
LOT_STATES = ("free", "blocked", "quarantine")

# Locations that hold goods we can touch; the others are the far ends of movements.
REAL_LOCATION_KINDS = ("storage", "line", "packing", "dock", "staging", "quarantine")
VIRTUAL_LOCATION_KINDS = ("production", "supplier", "customer", "scrap", "difference")
# Where goods go to be used: no lot that is not free gets there.
USING_LOCATION_KINDS = ("line", "packing", "dock", "production", "customer")

# A place of a count list: counted once where book and shelf agree, again where somebody doubts it, then posted.
COUNT_LINE_MOVES = {
    "agree": {"open": "agreed"},
    "differ": {"open": "differs"},
    "recount": {"differs": "open", "agreed": "open"},
    "approve": {"differs": "posted"},
    "take_back": {"posted": "taken_back"},
}
COUNT_LINE_STATES = ("open", "agreed", "differs", "posted", "taken_back")
COUNT_MOVES = {"close": {"open": "closed"}}
COUNT_STATES = ("open", "closed")

# A scan that a phone's queue could not bring in, kept until somebody has settled it.
SCAN_MOVES = {"settle": {"open": "settled"}}
SCAN_STATES = ("open", "settled")

# Why goods are written off.
WASTE_CAUSES = ("damaged", "obsolete", "expired", "unsold")
