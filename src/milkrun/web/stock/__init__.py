"""Items, balances, movements and handling units."""
