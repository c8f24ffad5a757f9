"""Measurements of Milkrun beside raw limits and peers: `python -m benchmarks`.

Every row runs its contenders one after the other, again and again (A B C A B C), so that a busy machine hurts all of
them alike; what counts is the ratio of the medians. Never part of the test suite.
"""
