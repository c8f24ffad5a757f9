"""Count what lies at a place at any time: on the list that asks for it, or on one of the place's own."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import hold, lock_one
from milkrun.measure.quantity import trouble_with
from milkrun.stock import steps
from milkrun.stock.errors import CountClosed, SameCounter, UnknownLocation
from milkrun.stock.models import CountEntry, CountLine, CountList, Location
from milkrun.stock.states import REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class PlaceCounted:
    """The count is kept on this list; `difference` is counted less book, and waits for its approval unless it is 0."""

    count_id: int
    public_id: str
    number: str
    difference: Decimal
    left: int


@command
def count_place(
    *,
    site_id: int,
    location_id: int,
    part_id: int,
    qty: Decimal,
    actor: Actor,
    at: datetime,
    lot_id: int | None = None,
    counted_at: datetime | None = None,
    request: Request | None = None,
) -> PlaceCounted:
    """Keep a count of a part at a place; the book is changed by nobody but who approves the difference.

    Where an open list asks for this place, the count stands there. Else the place gets a list of its own, with all that
    the book says stands there, so that what is not counted yet is seen too. What a phone counted without a network is
    compared with the book of that moment and with what the same person's scans before it have booked since; it stands
    on no list that was made since.

    Args:
        qty: base units found, zero included.
        counted_at: when, now where not given; not later than now.

    Raises:
        UnknownLocation: the place is not one of this site's.
        NotFound: nobody knows the part or lot.
        Invalid: the quantity or the time is impossible, or the part is kept by lot and none is named.
        CountClosed: the list was closed at this very moment.
        SameCounter: the second count of a place is somebody else's.
    """
    place = Location.objects.filter(site_id=site_id, pk=location_id, kind__in=REAL_LOCATION_KINDS).first()
    if place is None:
        raise UnknownLocation(_("Choose a place of this site."))
    trouble = trouble_with(qty, zero_allowed=True)
    problems = [Problem("qty", trouble, "not_positive")] if trouble else []
    when = counted_at or at
    if when > at:
        problems.append(Problem("counted_at", _("A count is made now or before, not later."), "wrong_time"))
    if problems:
        raise Invalid(problems)
    # Two who start to count one place at once share its list.
    hold("count_place", location_id)
    count = _asking(site_id, location_id, part_id, lot_id, when) or _own(place, part_id, lot_id, when)
    if count is None:
        count = steps.make_list(site_id, place.code, steps.spots(site_id, Q(location_id=location_id)), at=when)
    count = lock_one(CountList.objects.filter(pk=count.pk), noun="count list")
    if count.state != "open":
        raise CountClosed(
            _("Count list {number} is closed. Make a new one.").format(number=count.number), number=count.number
        )
    line = steps.line_of(count, location_id, part_id, lot_id)
    if line.round > 1 and CountEntry.objects.filter(line=line, counted_by=actor.name).exists():
        raise SameCounter(_("You counted this place before: let somebody else count it again."), place=str(line))

    difference = steps.note(line, qty, counted_at=when, actor=actor, booked_by=actor.name)

    left = CountLine.objects.filter(count=count, location_id=location_id, state="open").count()
    facts = {"line": str(line), "round": line.round, "agrees": "no" if difference else "yes"}
    entry = journal.Entry("count_place", "count", count.pk, site_id=site_id, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return PlaceCounted(count.pk, count.public_id, count.number, difference, left)


def _asking(site_id: int, location_id: int, part_id: int, lot_id: int | None, when: datetime) -> CountList | None:
    spot: dict[str, Any] = {"site_id": site_id, "location_id": location_id, "part_id": part_id, "lot_id": lot_id}
    lines = CountLine.objects.filter(state="open", count__state="open", count__created_at__lte=when, **spot)
    line = lines.select_related("count").order_by("-count_id").first()
    return line.count if line else None


def _own(place: Location, part_id: int, lot_id: int | None, when: datetime) -> CountList | None:
    """Find the place's own open list, unless this part was counted on it already."""
    lists = CountList.objects.filter(site_id=place.site_id, state="open", title=place.code, created_at__lte=when)
    own = lists.order_by("-id").first()
    spot: dict[str, Any] = {"location": place, "part_id": part_id, "lot_id": lot_id}
    return None if own and CountLine.objects.filter(count=own, **spot).exists() else own
