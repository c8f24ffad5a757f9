"""Writes of shipping, for use inside a higher command's transaction."""

from milkrun.shipping.steps.announce import announce
from milkrun.shipping.steps.sequence import GONE, check_sequence

__all__ = ["GONE", "announce", "check_sequence"]
