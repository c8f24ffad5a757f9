"""Packing, deliveries, picking, goods issue and the shipping notice."""
