"""State tables of exchange."""

# Rejected and quarantined files took no effect and do not use up their reference.
INTERCHANGE_STATES = ("stored", "processed", "rejected", "quarantined")
INTERCHANGE_MOVES = {
    # The same file again, after what was wrong on our side (an agreement) was mended.
    "take_in": {"rejected": "stored", "quarantined": "stored"},
    "process": {"stored": "processed", "processed": "processed"},
}

# A message waits until its meaning was taken over; one that was refused can be tried again in place.
MESSAGE_STATES = ("waiting", "taken", "failed", "ignored")
MESSAGE_MOVES = {
    "take": {"waiting": "taken", "failed": "taken"},
    "fail": {"waiting": "failed", "failed": "failed"},
    "ignore": {"waiting": "ignored"},
}

# "sent" is handed to the transport; "acknowledged" and "rejected" are the partner's word. "held" waits for a person.
OUTBOX_STATES = ("queued", "sent", "acknowledged", "rejected", "held")
OUTBOX_MOVES = {
    "send": {"queued": "sent"},
    "hold": {"queued": "held"},
    "queue_again": {"sent": "queued", "acknowledged": "queued", "rejected": "queued", "held": "queued"},
    "acknowledge": {"sent": "acknowledged", "rejected": "acknowledged", "acknowledged": "acknowledged"},
    "reject": {"sent": "rejected", "acknowledged": "rejected", "rejected": "rejected"},
}

# How a message leaves. In order: what fails holds back what stands behind it. An e-mail is on its own.
CHANNELS_IN_ORDER = ("folder",)

# What partners are told of; each of their addresses takes one kind or all.
NOTIFICATION_KINDS = (
    "call_received", "call_changed", "call_refused", "call_cancelled", "cancel_declined", "promise_moved", "call_short",
    "delivery_issued", "delivery_reversed", "invoice_issued", "invoice_cancelled", "credit_note_issued",
    "order_changed",
)  # fmt: skip
