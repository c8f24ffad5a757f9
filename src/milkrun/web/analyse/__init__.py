"""Analyse a file without an account: dropped, looked at, analysed in a process of its own, gone after an hour."""
