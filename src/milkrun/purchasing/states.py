"""State tables of purchasing."""

# An order is open until all of it came, or until somebody says that nothing more will come.
ORDER_MOVES = {
    "complete": {"open": "received"},
    "close": {"open": "closed"},
    "reopen": {"received": "open"},
}
ORDER_STATES = ("open", "received", "closed")

RECEIPT_MOVES = {"take_back": {"posted": "taken_back"}}
RECEIPT_STATES = ("posted", "taken_back")
