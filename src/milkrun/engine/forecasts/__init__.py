"""Forecasts: a compiled pool judged at every origin, chosen by group first; regression on what is known ahead."""
