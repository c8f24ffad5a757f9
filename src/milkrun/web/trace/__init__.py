"""Trace: where a lot went, what something came from, and the recall of it."""
