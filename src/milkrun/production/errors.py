"""What production refuses, with codes."""

from milkrun.kernel.errors import Invalid, Refused


class ReportNotUnderstood(Invalid):
    """A report names a line the job does not have, or impossible quantities."""

    code = "report_not_understood"


class TooMuchConfirmed(Refused):
    """More good pieces are reported than the job line still has open."""

    code = "too_much_confirmed"


class CannotBeMade(Refused):
    """A part is not made here and not in stock."""

    code = "cannot_be_made"
