"""Exact quantities, units and money: what every other package counts with. Knows no database."""
