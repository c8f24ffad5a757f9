"""From the answer about one call to a refusal that a page can show."""

from milkrun.demand.commands.request_cancel import CallAnswer
from milkrun.kernel.errors import Refused


def refused(answer: CallAnswer) -> Refused:
    """Make the refusal of the only chosen call."""
    return Refused(answer.message, answered=answer.code)
