"""Where goods without a lot went: what may be of some receipts, a period or a handling unit.

Nothing tells the pieces of one bin apart, so a recall is careful: while suspect goods lie in a bin, whatever leaves it
counts as suspect, until the bin was empty once. Where a job used such goods up, what it made is suspect too; what gets
a lot there is followed by its lot from then on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.measure.gs1 import read_sscc
from milkrun.measure.quantity import to_micro
from milkrun.partners.models import Site
from milkrun.parts.models import Part
from milkrun.purchasing.models import Receipt
from milkrun.shipping.models import DeliveryLine
from milkrun.shipping.queries.following import DEEPEST, WIDEST, Start, follow_forward
from milkrun.stock.models import Balance, HandlingUnit, Lot, Movement, Reservation
from milkrun.stock.states import REAL_LOCATION_KINDS
from milkrun.stock.steps.handling_units import tree

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What is suspected: goods of a part received in a period (days of the site), of one receipt, or in one unit.

    `receipt` is the supplier's delivery note or the posting's public id; `unit` is an SSCC.
    """

    part: str = ""
    received_from: date | None = None
    received_until: date | None = None
    receipt: str = ""
    unit: str = ""

    def __str__(self) -> str:
        if self.unit:
            return _("unit {code}").format(code=self.unit)
        if self.receipt:
            return _("receipt {number} {part}").format(number=self.receipt, part=self.part).strip()
        return _("{part}, received from {first} to {last}").format(
            part=self.part, first=self.received_from, last=self.received_until
        )


@dataclass(slots=True)
class Spread:
    """All that may be of suspect goods: movements that began it, and keys of what they reached."""

    began: tuple[int, ...]
    part_ids: set[int] = field(default_factory=set)
    confirmations: set[int] = field(default_factory=set)
    balances: set[int] = field(default_factory=set)
    lots: set[int] = field(default_factory=set)
    components: set[int] = field(default_factory=set)
    deliveries: set[int] = field(default_factory=set)
    gone: set[tuple[int, int]] = field(default_factory=set)
    cut: bool = False


def spread_of(site_id: int, suspicion: Suspicion) -> Spread:
    """Follow suspect goods without a lot from where they came in to jobs, lots, units, deliveries and what is here.

    Raises:
        Invalid: it is not said what is suspected, or the period is turned round.
        NotFound: there is no such part, receipt or unit, or nothing was received.
    """
    began, lots, units = _beginnings(site_id, suspicion)
    found = Spread(tuple(sorted(began)), lots=lots)
    seeds: dict[int, set[int]] = {}
    for key, part_id in Movement.objects.filter(pk__in=began).values_list("pk", "part_id"):
        seeds.setdefault(part_id, set()).add(key)
    waiting = dict(seeds)
    for _level in range(DEEPEST):
        made: dict[int, set[int]] = {}
        for part_id in waiting:
            found.part_ids.add(part_id)
            for part, key in _spread_part(site_id, part_id, seeds[part_id], found):
                if key not in seeds.get(part, ()):
                    seeds.setdefault(part, set()).add(key)
                    made.setdefault(part, set()).add(key)
        waiting = made
        if not waiting:
            break
    found.cut = bool(waiting)
    _follow_lots(found)
    _find_components(site_id, found, units)
    return found


def _beginnings(site_id: int, what: Suspicion) -> tuple[set[int], set[int], list[int]]:
    """Return the movements that brought the goods in, their lots where they have some, and the units they lie in."""
    arrivals = Movement.objects.filter(
        site_id=site_id, to_location__kind__in=REAL_LOCATION_KINDS, posting__reverses=None, posting__reversed_by=None
    )
    if what.unit:
        unit = HandlingUnit.objects.filter(site_id=site_id, sscc=read_sscc(what.unit)).first()
        if unit is None:
            raise NotFound(_("No handling unit has this number."), unit=what.unit)
        inside = tree([unit.pk])
        rows = arrivals.filter(to_hu__in=inside)
        return set(rows.filter(lot=None).values_list("pk", flat=True)), _lots(rows), inside
    part = Part.objects.filter(number__iexact=what.part).first() if what.part else None
    if what.part and part is None:
        raise NotFound(_("No part has the number {number}.").format(number=what.part), part=what.part)
    outside = arrivals.exclude(from_location__kind__in=REAL_LOCATION_KINDS)
    if what.receipt:
        notes = Receipt.objects.filter(site_id=site_id, note_no=what.receipt).values("posting_id")
        rows = outside.filter(Q(posting__public_id=what.receipt) | Q(posting_id__in=notes))
        rows = rows.filter(part=part) if part else rows
    elif part is None or what.received_from is None or what.received_until is None:
        raise Invalid([Problem("part", _("Name a part and two days, a receipt, or a handling unit."), "missing")])
    else:
        first, last = _period(site_id, what.received_from, what.received_until)
        rows = outside.filter(part=part, posting__at__gte=first, posting__at__lt=last)
    began, lots = set(rows.filter(lot=None).values_list("pk", flat=True)), _lots(rows)
    if not began and not lots:
        raise NotFound(_("Nothing was received that way."))
    return began, lots, []


def _lots(rows: QuerySet[Movement]) -> set[int]:
    keys = rows.filter(lot__isnull=False).values_list("lot_id", flat=True).distinct()
    return {key for key in keys[:WIDEST] if key}


def _period(site_id: int, first: date, last: date) -> tuple[datetime, datetime]:
    if last < first:
        raise Invalid([Problem("received_until", _("The last day comes before the first."), "period_turned")])
    zone = ZoneInfo(Site.objects.get(pk=site_id).zone)
    day = timedelta(days=1)
    return datetime.combine(first, time(), zone), datetime.combine(last + day, time(), zone)


def _spread_part(site_id: int, part_id: int, seeds: set[int], found: Spread) -> list[tuple[int, int]]:
    """Play a part's movements from the first suspect one on; returns (part, movement) of what jobs made of it."""
    moves = Movement.objects.filter(site_id=site_id, part_id=part_id, lot=None, id__gte=min(seeds)).order_by("id")
    read = list(
        moves.values_list(
            "id", "posting_id", "posting__document_kind", "posting__document_id", "posting__reverses_id",
            "from_location_id", "from_hu_id", "from_location__kind", "to_location_id", "to_hu_id", "to_location__kind",
            "qty",
        )
    )  # fmt: skip
    there = _on_hand_before(site_id, part_id, read)
    suspect: set[Place] = set()
    out: dict[int, tuple[str, int, set[int]]] = {}
    for key, posting, kind, document, reverses, from_id, from_hu, source, to_id, to_hu, target, qty in read:
        origin, goal, micro = (from_id, from_hu or 0), (to_id, to_hu or 0), to_micro(qty)
        spreads = key in seeds or origin in suspect or (reverses in out)
        if source in REAL_LOCATION_KINDS:
            there[origin] = there.get(origin, 0) - micro
            if there[origin] <= 0:
                suspect.discard(origin)
        if target in REAL_LOCATION_KINDS:
            there[goal] = there.get(goal, 0) + micro
            if spreads:
                suspect.add(goal)
        elif spreads:
            out.setdefault(posting, (kind, document or 0, set()))[2].add(from_hu or 0)
        if reverses in out and target in REAL_LOCATION_KINDS:
            out.pop(reverses)
    here = Balance.objects.filter(site_id=site_id, part_id=part_id, lot=None, on_hand__gt=0)
    found.balances |= {row.pk for row in here if (row.location_id, row.hu_id or 0) in suspect}
    gone = {(document, unit) for kind, document, units in out.values() if kind == "delivery" for unit in units}
    found.gone |= gone
    found.deliveries |= {delivery for delivery, __ in gone}
    used = {posting: document for posting, (kind, document, _units) in out.items() if kind == "confirmation"}
    found.confirmations |= set(used.values())
    made = Movement.objects.filter(posting_id__in=used, from_location__kind="production")
    found.lots |= {row.lot_id for row in made if row.lot_id}
    return [(row.part_id, row.pk) for row in made if not row.lot_id]


def _on_hand_before(site_id: int, part_id: int, read: Iterable[tuple[Any, ...]]) -> dict[Place, int]:
    there: dict[Place, int] = {}
    held = Balance.objects.filter(site_id=site_id, part_id=part_id, lot=None)
    for place, hu, kept in held.values_list("location_id", "hu_id", "on_hand"):
        there[place, hu or 0] = there.get((place, hu or 0), 0) + to_micro(kept)
    for *_head, from_id, from_hu, source, to_id, to_hu, target, qty in read:
        origin, goal, micro = (from_id, from_hu or 0), (to_id, to_hu or 0), to_micro(qty)
        if source in REAL_LOCATION_KINDS:
            there[origin] = there.get(origin, 0) + micro
        if target in REAL_LOCATION_KINDS:
            there[goal] = there.get(goal, 0) - micro
    return there


def _follow_lots(found: Spread) -> None:
    if not found.lots:
        return
    numbers = Lot.objects.filter(pk__in=found.lots).values_list("pk", flat=True)
    further = follow_forward(Start("lot", "", lot_ids=tuple(numbers)))
    found.lots |= set(further.lots)
    found.confirmations |= set(further.postings.values())
    found.components |= further.components
    found.deliveries |= further.deliveries
    found.cut = found.cut or further.cut


def _find_components(site_id: int, found: Spread, units: list[int]) -> None:
    """Find the calls the goods are kept for or went to, and deliveries that wait with them."""
    kept = Reservation.objects.filter(balance__in=found.balances, purpose_kind="component", state="open")
    found.components |= set(kept.values_list("purpose_id", flat=True))
    gone = DeliveryLine.objects.filter(site_id=site_id, live=True)
    inside = set(Balance.objects.filter(pk__in=found.balances, hu__isnull=False).values_list("hu_id", flat=True))
    waiting = gone.filter(hu_id__in={*inside, *units}).values_list("component_id", "delivery_id")
    left = gone.filter(delivery__in={delivery for delivery, __ in found.gone}, part__in=found.part_ids)
    issued = [
        (component, delivery)
        for component, delivery, unit in left.values_list("component_id", "delivery_id", "hu_id")
        if (delivery, unit) in found.gone
    ]
    for component, delivery in [*waiting, *issued]:
        found.components.add(component)
        found.deliveries.add(delivery)
