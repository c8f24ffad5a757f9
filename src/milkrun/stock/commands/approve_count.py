"""Bring the book into line with what was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.stock import steps
from milkrun.stock.models import CountLine, CountList
from milkrun.stock.queries import first_place
from milkrun.stock.states import COUNT_LINE_MOVES


@dataclass(frozen=True, slots=True)
class CountApproved:
    """The differences are posted, one posting a place."""

    posting_ids: tuple[int, ...]


@command
def approve_count(
    *,
    count_id: int,
    line_ids: Sequence[int],
    reason: str,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> CountApproved:
    """Post the difference between shelf and book of the moment of counting, from or to "difference".

    Raises:
        NotFound: a place is not on the list.
        Invalid: no reason is given.
        IllegalMove: a place does not differ, or is posted already.
        ShortStock: goods that are missing are reserved or were taken since.
    """
    count = lock_one(CountList.objects.filter(pk=count_id), noun="count list")
    lines = lock(CountLine.objects.filter(count=count, pk__in=list(line_ids)).select_related("part", "location"))
    if not lines or len(lines) != len(set(line_ids)):
        raise NotFound(_("These places are not all on the count list."), lines=list(line_ids))
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the book was wrong."), "reason_missing")])
    check(lines, COUNT_LINE_MOVES, "approve", noun="Count of")
    steps.hold_parts({line.part_id for line in lines}, site_id=count.site_id)

    aside = first_place(count.site_id, "difference").pk
    posted: list[int] = []
    for line in lines:
        posting = _post(line, aside, actor, at, reason)
        move([line], COUNT_LINE_MOVES, "approve", noun="Count of", posting_id=posting, reason=reason[:400])
        posted.append(posting)

    entries = [
        journal.Entry(
            "approve_count", "part", line.part_id, site_id=count.site_id, reason=reason,
            facts={"posting": line.posting_id, "place": line.location.code, "counted": str(line.counted_qty),
                   "book": str(line.book_qty)},
        )
        for line in lines
    ]  # fmt: skip
    told = journal.Entry(
        "approve_count", "count", count.pk, site_id=count.site_id, reason=reason, facts={"places": len(lines)}
    )
    journal.write([*entries, told], actor=actor, at=at)
    return CountApproved(tuple(posted))


def _post(line: CountLine, aside: int, actor: Actor, at: datetime, reason: str) -> int:
    difference = (line.counted_qty or Decimal(0)) - (line.book_qty or Decimal(0))
    source, target = (aside, line.location_id) if difference > 0 else (line.location_id, aside)
    return steps.post(
        [steps.Line(line.part_id, abs(difference), source, target, lot_id=line.lot_id)],
        site_id=line.site_id,
        kind="count",
        document=("count_line", line.pk),
        actor=actor,
        at=at,
        reason=reason,
    ).posting_id
