"""Counting: what the ledger says of a place at an instant, and what was counted there."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from milkrun.kernel import numbering
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.parts.models import Part
from milkrun.stock.models import Balance, CountEntry, CountLine, CountList, Location, Lot, Movement
from milkrun.stock.states import COUNT_LINE_MOVES, REAL_LOCATION_KINDS

Spot = tuple[int, int, int | None]  # location, part, lot


def spots(site_id: int, wanted: Q) -> list[Spot]:
    """List what the book says stands loose at the places wanted, in the order in which they are walked."""
    rows = Balance.objects.filter(
        wanted, site_id=site_id, location__kind__in=REAL_LOCATION_KINDS, on_hand__gt=0, hu=None, owner=None
    )
    ordered = rows.order_by("location__pick_sequence", "location__code", "part__number", "id")
    return list(ordered.values_list("location_id", "part_id", "lot_id"))


def make_list(site_id: int, title: str, found: list[Spot], *, at: datetime) -> CountList:
    """Make a count list of these places."""
    count = CountList.objects.create(
        site_id=site_id, number=f"C{numbering.take(f'count:{site_id}'):05d}", title=title[:80], created_at=at
    )
    lines = [
        CountLine(site_id=site_id, count=count, location_id=place, part_id=part, lot_id=lot)
        for place, part, lot in found
    ]
    CountLine.objects.bulk_create(lines, batch_size=500)
    return count


def book_at(line: CountLine, at: datetime, booked_by: str = "") -> Decimal:
    """Compute what stood loose at a line's place at an instant: the balance less what moved since.

    What `booked_by` has moved since is left in: a phone's own scans before the count are booked late, as the count is.
    """
    spot = {"site_id": line.site_id, "part_id": line.part_id, "lot_id": line.lot_id, "owner": None}
    there = Balance.objects.filter(location_id=line.location_id, hu=None, **spot).aggregate(q=Sum("on_hand"))["q"]
    since = Movement.objects.filter(posting__at__gt=at, **spot)
    if booked_by:
        since = since.exclude(posting__actor=booked_by)
    came = since.filter(to_location_id=line.location_id, to_hu=None).aggregate(q=Sum("qty"))["q"]
    went = since.filter(from_location_id=line.location_id, from_hu=None).aggregate(q=Sum("qty"))["q"]
    return from_micro(to_micro(there or 0) - to_micro(came or 0) + to_micro(went or 0))


def line_of(count: CountList, location_id: int, part_id: int, lot_id: int | None) -> CountLine:
    """Hold a list's line of a part at a place; what is not on the list is added to it.

    Raises:
        NotFound: nobody knows the place, part or lot.
        Invalid: the part is kept by lot and none is named.
    """
    spot = {"location_id": location_id, "part_id": part_id, "lot_id": lot_id}
    found = lock(CountLine.objects.filter(count=count, **spot).select_related("part", "location"))
    if found:
        return found[0]
    place = Location.objects.filter(site_id=count.site_id, pk=location_id, kind__in=REAL_LOCATION_KINDS).exists()
    part = Part.objects.filter(pk=part_id).first()
    lot = lot_id is None or Lot.objects.filter(pk=lot_id, part_id=part_id).exists()
    if not place or part is None or not lot:
        raise NotFound(_("Nobody knows this place, part or lot. Scan them again."))
    if part.lot_tracked and lot_id is None:
        raise Invalid([Problem("lot_no", _("{part} is kept by lot: scan the lot.").format(part=part), "lot_missing")])
    line = CountLine.objects.create(site_id=count.site_id, count=count, **spot)
    return CountLine.objects.select_related("part", "location").get(pk=line.pk)


def note(line: CountLine, qty: Decimal, *, counted_at: datetime, actor: Actor, booked_by: str = "") -> Decimal:
    """Keep what was counted beside the book of that moment; returns the difference (counted less book)."""
    book = book_at(line, counted_at, booked_by)
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
