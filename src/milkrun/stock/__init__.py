"""Where goods are: locations, lots, handling units, reservations, the movement ledger and its balances."""
