"""Keep what somebody counted at a place, without showing what the book says."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.measure.quantity import trouble_with
from milkrun.stock import steps
from milkrun.stock.errors import CountClosed, SameCounter
from milkrun.stock.models import CountEntry, CountLine, CountList


@dataclass(frozen=True, slots=True)
class CountRecorded:
    """What was counted is kept; `agreed` where it is what the book said at that moment."""

    line_id: int
    agreed: bool
    left: int


@command
def record_count(
    *,
    count_id: int,
    location_id: int,
    part_id: int,
    qty: Decimal,
    actor: Actor,
    at: datetime,
    lot_id: int | None = None,
    counted_at: datetime | None = None,
    request: Request | None = None,
) -> CountRecorded:
    """Keep a count of a place; a part that is not on the list there is added to it.

    The book of the moment of counting is computed from the ledger, so that goods which move while others count make
    no difference. A phone without a network sends its counts later, with the time they were made.

    Args:
        qty: base units found, zero included.
        counted_at: when, now where not given; not later than now.

    Raises:
        NotFound: there is no such list, place, part or lot.
        CountClosed: the list is closed.
        Invalid: the quantity or the time is impossible.
        IllegalMove: it was counted, and nobody asked to count it again.
        SameCounter: the second count of a place is somebody else's.
    """
    count = lock_one(CountList.objects.filter(pk=count_id), noun="count list")
    if count.state != "open":
        raise CountClosed(_("Count list {count} is closed. Make a new one.").format(count=count), number=count.number)
    trouble = trouble_with(qty, zero_allowed=True)
    problems = [Problem("qty", trouble, "not_positive")] if trouble else []
    when = counted_at or at
    if when > at or when < count.created_at:
        problems.append(
            Problem("counted_at", _("The count was made while the list was open, not later."), "wrong_time")
        )
    if problems:
        raise Invalid(problems)
    line = steps.line_of(count, location_id, part_id, lot_id)
    if line.round > 1 and CountEntry.objects.filter(line=line, counted_by=actor.name).exists():
        raise SameCounter(_("You counted this place before: let somebody else count it again."), place=str(line))

    difference = steps.note(line, qty, counted_at=when, actor=actor)

    left = CountLine.objects.filter(count=count, state="open").count()
    facts = {"line": str(line), "round": line.round, "agrees": "no" if difference else "yes"}
    entry = journal.Entry("record_count", "count", count.pk, site_id=count.site_id, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return CountRecorded(line.pk, not difference, left)
