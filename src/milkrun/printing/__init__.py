"""Printers, label templates, what is printed for which handling unit, and the queue that survives a dead printer."""
