"""Stockouts: due demand that nothing could meet, as events that are kept."""
