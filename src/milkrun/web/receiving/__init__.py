"""Goods come in: orders to suppliers, receipts by scan, put-away, quarantine."""
