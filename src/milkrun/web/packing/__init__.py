"""Racks and loads: the right part into the right slot."""
