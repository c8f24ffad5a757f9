"""State tables of production."""

# Closed: ended before everything was made. Cancelled: ended before anything was made.
JOB_STATES = ("open", "paused", "done", "closed", "cancelled")
JOB_MOVES = {
    "start": {"open": "open", "paused": "open"},
    "pause": {"open": "paused"},
    "confirm": {"open": "open"},
    "finish": {"open": "done"},
    "reopen": {"open": "open", "done": "open"},
    "close": {"open": "closed", "paused": "closed"},
    "cancel": {"open": "cancelled", "paused": "cancelled"},
}
LIVE_JOBS = ("open", "paused")

# Who asks for a job. A strict item (made to order) is made for a call only.
SIGNALS = ("call", "release", "kanban", "buffer", "stock", "repetitive", "manual")
DEMAND_SIGNALS = ("call",)

# The stock posting of a confirmation: kept and visible when it fails, posted once when the cause is gone, and taken
# back whole.
POSTING_STATES = ("pending", "posted", "failed", "reversed")
POSTING_MOVES = {
    "post": {"pending": "posted", "failed": "posted"},
    "fail": {"pending": "failed", "failed": "failed"},
    "reverse": {"posted": "reversed", "failed": "reversed"},
}

# What an outside system reported and we refused: somebody has to look at it.
REFUSED_STATES = ("open", "settled")
REFUSED_MOVES = {"settle": {"open": "settled"}}
