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


class NoLongerWanted(Refused):
    """What is reported was made for a call that was cancelled."""

    code = "no_longer_wanted"


class NoDemand(Refused):
    """A part that is made to order has nobody who asks for it, or for less."""

    code = "made_to_order"


class JobWithoutSignal(Invalid):
    """A job names what asks for it; one made by hand says why."""

    code = "job_without_signal"


class JobNotEmpty(Refused):
    """A job of which something was made is closed, not cancelled."""

    code = "job_not_empty"


class LastStep(Refused):
    """The last step is confirmed with the stock it makes."""

    code = "last_step"


class NothingToMake(Refused):
    """The call has all of this part, or jobs that make it."""

    code = "nothing_to_make"


class ReworkOpen(Refused):
    """Pieces wait in rework: they are good or scrap before the job ends or their report is taken back."""

    code = "rework_open"


class PeriodImpossible(Invalid):
    """A report of a line names a part, a quantity and a period that goes forward."""

    code = "period_impossible"
