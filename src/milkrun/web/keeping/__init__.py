"""Keeping goods: places and their space, what expires, stands too long, ends or was wasted."""
