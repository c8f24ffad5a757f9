"""Notifications: to staff on their pages, to partners by e-mail, and whether they were delivered and read."""
