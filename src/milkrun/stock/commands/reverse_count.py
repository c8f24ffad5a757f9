"""Take back what was posted for a counted place."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check, move
from milkrun.stock import steps
from milkrun.stock.models import CountLine, CountList, Posting
from milkrun.stock.states import COUNT_LINE_MOVES


@dataclass(frozen=True, slots=True)
class CountReversed:
    """The book says again what it said before."""

    line_id: int
    posting_id: int


@command
def reverse_count(
    *, count_id: int, line_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> CountReversed:
    """Post a difference the other way round.

    Raises:
        NotFound: the place is not on the list.
        Invalid: no reason is given.
        IllegalMove: nothing was posted for the place, or it was taken back.
        ShortStock: goods that were found have gone since.
    """
    count = lock_one(CountList.objects.filter(pk=count_id), noun="count list")
    line = lock_one(
        CountLine.objects.filter(count=count, pk=line_id).select_related("part", "location"), noun="counted place"
    )
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the correction is taken back."), "reason_missing")])
    check([line], COUNT_LINE_MOVES, "take_back", noun="Count of")

    posted = steps.reverse(Posting.objects.get(pk=line.posting_id or 0), actor=actor, at=at, reason=reason)
    move([line], COUNT_LINE_MOVES, "take_back", noun="Count of")

    facts = {"posting": posted.posting_id, "place": str(line)}
    journal.write(
        [
            journal.Entry("reverse_count", "part", line.part_id, site_id=line.site_id, reason=reason, facts=facts),
            journal.Entry("reverse_count", "count", count.pk, site_id=line.site_id, reason=reason, facts=facts),
        ],
        actor=actor,
        at=at,
    )
    return CountReversed(line.pk, posted.posting_id)
