"""Alerts: what somebody has to do something about, and the rules that raise them."""
