"""Picking: waves, the walk with a scanner, and what went wrong on the way."""
