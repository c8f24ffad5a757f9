"""Ask for a second count of places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.stock.errors import CountClosed
from milkrun.stock.models import CountLine, CountList
from milkrun.stock.states import COUNT_LINE_MOVES


@dataclass(frozen=True, slots=True)
class RecountAsked:
    """The places are open again, for somebody else."""

    line_ids: tuple[int, ...]


@command
def recount(
    *, count_id: int, line_ids: Sequence[int], actor: Actor, at: datetime, request: Request | None = None
) -> RecountAsked:
    """Open places of a list again; what was counted before stays beside it.

    Raises:
        NotFound: a place is not on the list.
        CountClosed: the list is closed.
        IllegalMove: a place was not counted, or is posted.
    """
    count = lock_one(CountList.objects.filter(pk=count_id), noun="count list")
    if count.state != "open":
        raise CountClosed(_("Count list {count} is closed. Make a new one.").format(count=count), number=count.number)
    lines = lock(CountLine.objects.filter(count=count, pk__in=list(line_ids)))
    if not lines or len(lines) != len(set(line_ids)):
        raise NotFound(_("These places are not all on the count list."), lines=list(line_ids))
    check(lines, COUNT_LINE_MOVES, "recount", noun="Count of")

    for line in lines:
        move([line], COUNT_LINE_MOVES, "recount", noun="Count of", round=line.round + 1)

    facts = {"places": len(lines)}
    journal.write([journal.Entry("recount", "count", count.pk, site_id=count.site_id, facts=facts)], actor=actor, at=at)
    return RecountAsked(tuple(line.pk for line in lines))
