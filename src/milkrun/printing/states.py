"""State tables of printing."""

# A queued job is tried until the printer takes it; a failed one waits for a person. "sent": the printer has the bytes.
PRINT_MOVES = {
    "send": {"queued": "sent"},
    "fail": {"queued": "failed"},
    "queue_again": {"queued": "queued", "failed": "queued"},
    "open_in_browser": {"queued": "sent", "failed": "sent"},
}
PRINT_STATES = ("queued", "sent", "failed")
