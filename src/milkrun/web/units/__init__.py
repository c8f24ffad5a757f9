"""Handling units: lists, one unit with what can be done with it."""
