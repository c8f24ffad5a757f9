"""Counting: what the ledger says of a place at an instant, and what was counted there."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from milkrun.kernel.identity import Actor
from milkrun.kernel.machine import move
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.stock.models import Balance, CountEntry, CountLine, Movement
from milkrun.stock.states import COUNT_LINE_MOVES


def book_at(line: CountLine, at: datetime) -> Decimal:
    """Compute what stood loose at a line's place at an instant: the balance less what moved since."""
    spot = {"site_id": line.site_id, "part_id": line.part_id, "lot_id": line.lot_id, "owner": None}
    there = Balance.objects.filter(location_id=line.location_id, hu=None, **spot).aggregate(q=Sum("on_hand"))["q"]
    since = Movement.objects.filter(posting__at__gt=at, **spot)
    came = since.filter(to_location_id=line.location_id, to_hu=None).aggregate(q=Sum("qty"))["q"]
    went = since.filter(from_location_id=line.location_id, from_hu=None).aggregate(q=Sum("qty"))["q"]
    return from_micro(to_micro(there or 0) - to_micro(came or 0) + to_micro(went or 0))


def note(line: CountLine, qty: Decimal, *, counted_at: datetime, actor: Actor) -> Decimal:
    """Keep what was counted beside the book of that moment; returns the difference (counted less book)."""
    book = book_at(line, counted_at)
    move(
        [line],
        COUNT_LINE_MOVES,
        "agree" if qty == book else "differ",
        noun="Count of",
        counted_qty=qty,
        book_qty=book,
        counted_at=counted_at,
        counted_by=actor.name,
    )
    CountEntry.objects.create(
        site_id=line.site_id, line=line, round=line.round, qty=qty, book_qty=book, counted_at=counted_at,
        counted_by=actor.name,
    )  # fmt: skip
    return qty - book
