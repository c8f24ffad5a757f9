"""State tables of production."""

JOB_STATES = ("open", "done", "cancelled")
JOB_MOVES = {"finish": {"open": "done"}, "cancel": {"open": "cancelled"}}

# The stock posting of a confirmation: kept and visible when it fails, posted once when the cause is gone.
POSTING_STATES = ("pending", "posted", "failed")
POSTING_MOVES = {"post": {"pending": "posted", "failed": "posted"}, "fail": {"pending": "failed", "failed": "failed"}}
