"""Writes of shipping, for use inside a higher command's transaction."""

from milkrun.shipping.steps.announce import announce
from milkrun.shipping.steps.sequence import sequence_gaps

__all__ = ["announce", "sequence_gaps"]
