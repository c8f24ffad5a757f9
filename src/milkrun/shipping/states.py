"""State tables of shipping."""

DELIVERY_STATES = ("open", "picked", "issued", "billed", "cancelled")
DELIVERY_MOVES = {
    "finish_picking": {"open": "picked"},
    "issue": {"picked": "issued"},
    "reverse_issue": {"issued": "picked"},
    "bill": {"issued": "billed"},
    "unbill": {"billed": "issued"},
    # Handling units go on it or off it; what is added to a picked one has to be picked too.
    "change": {"open": "open", "picked": "picked"},
    "pick_more": {"picked": "open"},
    "cancel": {"open": "cancelled", "picked": "cancelled"},
}

# A wave is one walk; it ends with its last task, or is given up.
WAVE_MOVES = {"finish": {"open": "done"}, "cancel": {"open": "cancelled"}}
WAVE_STATES = ("open", "done", "cancelled")

# A task is picked whole, found short, or falls away with what it was for.
PICK_TASK_MOVES = {
    "pick": {"open": "picked"},
    "run_short": {"open": "short"},
    "cancel": {"open": "cancelled"},
}
PICK_TASK_STATES = ("open", "picked", "short", "cancelled")

# What went wrong at picking and has to be looked at by somebody.
PICK_ISSUE_MOVES = {"settle": {"open": "settled"}}
PICK_ISSUE_STATES = ("open", "settled")
