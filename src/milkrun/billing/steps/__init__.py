"""Writes of billing, for use inside a higher command's transaction."""

from milkrun.billing.steps.crediting import credit
from milkrun.billing.steps.invoicing import write_invoice
from milkrun.billing.steps.pricing import Priced, hold_unbilled, price, rule_of

__all__ = ["Priced", "credit", "hold_unbilled", "price", "rule_of", "write_invoice"]
