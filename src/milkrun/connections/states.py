"""State tables of connections."""

# "disabled" is what days of failure make of a webhook; a person resumes it. "removed" is for good.
WEBHOOK_STATES = ("active", "paused", "disabled", "removed")
WEBHOOK_MOVES = {
    "pause": {"active": "paused", "disabled": "paused"},
    "disable": {"active": "disabled"},
    "resume": {"paused": "active", "disabled": "active"},
    "remove": {"active": "removed", "paused": "removed", "disabled": "removed"},
}

# "held" is what the receiver refused for good; a person sends it again.
NOTE_STATES = ("queued", "sent", "held")
NOTE_MOVES = {
    "send": {"queued": "sent"},
    "hold": {"queued": "held"},
    "queue_again": {"sent": "queued", "held": "queued"},
}

IMPORT_KINDS = ("items", "bom", "stock", "calls", "orders", "receipts")
CONNECTION_KINDS = ("edi", "token", "webhook", "drop")
