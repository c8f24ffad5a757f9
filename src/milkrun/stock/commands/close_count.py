"""Close a count list: what differs and is not posted stays as the book says."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move
from milkrun.stock.models import CountLine, CountList
from milkrun.stock.states import COUNT_MOVES


@dataclass(frozen=True, slots=True)
class CountListClosed:
    """Nothing more is counted; `left` places were never counted."""

    count_id: int
    left: int


@command
def close_count(*, count_id: int, actor: Actor, at: datetime, request: Request | None = None) -> CountListClosed:
    """Close a count list.

    Raises:
        NotFound: there is no such list.
        IllegalMove: it is closed already.
    """
    count = lock_one(CountList.objects.filter(pk=count_id), noun="count list")

    before, after = move([count], COUNT_MOVES, "close", noun="Count list")[count.pk]

    left = CountLine.objects.filter(count=count, state="open").count()
    entry = journal.Entry(
        "close_count", "count", count.pk, site_id=count.site_id, before=before, after=after, facts={"left": left}
    )
    journal.write([entry], actor=actor, at=at)
    return CountListClosed(count.pk, left)
