"""Deliveries: picking, goods issue, notice."""
