"""Space: what each place takes, what stands there, what it costs, and what would not fit any more.

A place is filled in pallet places: each handling unit takes one, loose goods of a part as many as its storage rule
says (`per_place`), at least one. Floor space follows from that: the place's own square metres for a pallet place, or
those of a EUR pallet where nobody measured.

Source: EN 13698-1 (flat pallet of 800 mm x 1200 mm).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.measure.money import line_amount
from milkrun.measure.quantity import from_micro, round_half_even, to_micro
from milkrun.parts.models import Part
from milkrun.stock.models import Balance, Location, Movement, StorageRule
from milkrun.stock.queries import first_place
from milkrun.stock.states import REAL_LOCATION_KINDS

PALLET_M2 = Decimal("0.96")
# Location, part, handling unit (0: loose).
Spot = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A limit that would be exceeded: `kind` is "capacity" (pallet places) or "risk" (value, minor units)."""

    kind: str
    location: str
    limit: int
    would_be: int
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Space:
    """A place with what it takes and what stands there; amounts are minor units of its currency."""

    id: int
    public_id: str
    code: str
    name: str
    kind: str
    zone: str
    pick_sequence: int
    pallet_places: int
    area_m2: Decimal
    cost_minor: int
    risk_limit_minor: int
    currency: str
    used_places: int
    used_m2: Decimal
    value_minor: int
    parts: int

    @property
    def free_m2(self) -> Decimal:
        """Return the floor space that nothing takes, zero where more stands there than fits."""
        return max(self.area_m2 - self.used_m2, Decimal(0))

    @property
    def used_cost_minor(self) -> int:
        """Return what the used floor space costs a month."""
        return line_amount(to_micro(self.used_m2), self.cost_minor, 1)

    @property
    def over(self) -> tuple[Exceeded, ...]:
        """Name the limits that are exceeded as it stands."""
        return _exceeded(self, self.used_places, self.value_minor)

    @property
    def percent(self) -> int:
        """Return how full the place is, in per cent of its pallet places (of its floor space without those)."""
        if self.pallet_places:
            return 100 * self.used_places // self.pallet_places
        return int(100 * self.used_m2 / self.area_m2) if self.area_m2 else 0


@dataclass(frozen=True, slots=True)
class SpaceThen:
    """The space used at one instant, over all places asked for; `freed_m2` is against the first instant."""

    at: datetime
    used_places: int
    used_m2: Decimal
    freed_m2: Decimal
    cost_minor: int


def spaces(site_id: int, kind: str = "", zone: str = "", location_ids: Iterable[int] | None = None) -> list[Space]:
    """List the places of a site with what stands there, by zone and code."""
    rows = Location.objects.filter(site_id=site_id, kind__in=[kind] if kind else REAL_LOCATION_KINDS)
    if zone:
        rows = rows.filter(zone=zone)
    if location_ids is not None:
        rows = rows.filter(pk__in=list(location_ids))
    places = list(rows.order_by("zone", "code"))
    held = _held(site_id, [row.pk for row in places])
    return _filled(site_id, places, held)


def space(site_id: int, public_id: str) -> Space:
    """Read one place.

    Raises:
        NotFound: there is none at this site.
    """
    row = Location.objects.filter(site_id=site_id, public_id=public_id, kind__in=REAL_LOCATION_KINDS).first()
    if row is None:
        raise NotFound(_("This place does not exist at this site."), public_id=public_id)
    return spaces(site_id, location_ids=[row.pk])[0]


def zones(site_id: int) -> list[str]:
    """List the zones of a site."""
    rows = Location.objects.filter(site_id=site_id).exclude(zone="")
    return list(rows.order_by("zone").values_list("zone", flat=True).distinct())


def overflow(site_id: int, location_id: int, incoming: Sequence[tuple[int, Decimal]]) -> tuple[Exceeded, ...]:
    """Name the limits of a place that goods to come (part, base units) would exceed."""
    place = Location.objects.filter(site_id=site_id, pk=location_id).first()
    if place is None or not (place.pallet_places or place.risk_limit_minor):
        return ()
    held = _held(site_id, [location_id])
    for part_id, qty in incoming:
        spot = (location_id, part_id, 0)
        held[spot] = held.get(spot, 0) + to_micro(qty)
    (then,) = _filled(site_id, [place], held)
    return then.over


def receiving_place(site_id: int, part_id: int) -> Location:
    """Choose where a part is received: in quarantine where it is inspected, else where goods wait to be put away.

    Raises:
        NoVirtualLocation: the site has no place for goods at all.
    """
    inspected = StorageRule.objects.filter(site_id=site_id, part_id=part_id, inspect=True).exists()
    places = Location.objects.filter(site_id=site_id).order_by("pk")
    for kind in (("quarantine",) if inspected else ()) + ("staging", "storage"):
        found = places.filter(kind=kind).first()
        if found is not None:
            return found
    return first_place(site_id, "storage")


@dataclass(frozen=True, slots=True)
class RuleView:
    """How a part is kept at a site; nothing set where the part has no rule."""

    fixed_location: str = ""
    inspect: bool = False
    per_place: Decimal | None = None
    dwell_limit_days: int | None = None


def storage_rule(site_id: int, part_id: int) -> RuleView:
    """Read how a part is kept at a site."""
    row = StorageRule.objects.filter(site_id=site_id, part_id=part_id).select_related("fixed_location").first()
    if row is None:
        return RuleView()
    fixed = row.fixed_location.code if row.fixed_location else ""
    return RuleView(fixed, row.inspect, row.per_place, row.dwell_limit_days)


def destination(site_id: int, part_id: int) -> Location:
    """Return the bin that goods of a part are meant for, or the place where they are received."""
    rule = StorageRule.objects.filter(site_id=site_id, part_id=part_id).select_related("fixed_location").first()
    return rule.fixed_location if rule and rule.fixed_location else receiving_place(site_id, part_id)


def space_over_time(site_id: int, at: datetime, weeks: int = 8, kind: str = "", zone: str = "") -> list[SpaceThen]:
    """Tell the space used at the end of each of the last weeks and now, oldest first, computed back from the ledger."""
    rows = Location.objects.filter(site_id=site_id, kind__in=[kind] if kind else REAL_LOCATION_KINDS)
    places = list(rows.filter(zone=zone) if zone else rows)
    instants = [at - timedelta(weeks=back) for back in range(weeks, -1, -1)]
    moved = _moved_since(site_id, [row.pk for row in places], instants[:-1])
    now = _held(site_id, [row.pk for row in places])
    found: list[SpaceThen] = []
    for index, instant in enumerate(instants):
        held = dict(now)
        for spot, sums in moved.items():
            if index < len(sums):
                held[spot] = held.get(spot, 0) - sums[index]
        filled = _filled(site_id, places, {spot: micro for spot, micro in held.items() if micro > 0})
        used = sum((place.used_m2 for place in filled), Decimal(0))
        first = found[0].used_m2 if found else used
        cost = sum(place.used_cost_minor for place in filled)
        found.append(SpaceThen(instant, sum(p.used_places for p in filled), used, first - used, cost))
    return found


def _held(site_id: int, location_ids: Sequence[int]) -> dict[Spot, int]:
    rows = Balance.objects.filter(site_id=site_id, location_id__in=location_ids, on_hand__gt=0)
    summed = rows.values_list("location_id", "part_id", "hu_id").annotate(there=Sum("on_hand")).order_by()
    return {(place, part, hu or 0): to_micro(there) for place, part, hu, there in summed}


def _moved_since(site_id: int, location_ids: Sequence[int], instants: Sequence[datetime]) -> dict[Spot, list[int]]:
    """Sum what came minus what went after each instant, by spot, in micro-units."""
    found: dict[Spot, list[int]] = {}
    after = {f"after_{n}": Sum("qty", filter=Q(posting__at__gt=instant)) for n, instant in enumerate(instants)}
    for sign, side in ((1, "to"), (-1, "from")):
        rows = Movement.objects.filter(
            **{"site_id": site_id, f"{side}_location_id__in": location_ids, "posting__at__gt": instants[0]}
        )
        for row in rows.values_list(f"{side}_location_id", "part_id", f"{side}_hu_id").annotate(**after).order_by():
            sums = found.setdefault((row[0], row[1], row[2] or 0), [0] * len(instants))
            for n, moved in enumerate(row[3:]):
                sums[n] += sign * to_micro(moved or 0)
    return found


def _filled(site_id: int, places: Sequence[Location], held: dict[Spot, int]) -> list[Space]:
    part_ids = {part for __, part, __ in held}
    fills = dict(StorageRule.objects.filter(site_id=site_id, part_id__in=part_ids).values_list("part_id", "per_place"))
    costs = {row.pk: row for row in Part.objects.filter(pk__in=part_ids)}
    by_place: dict[int, list[tuple[int, int, int]]] = {}
    for (place, part, hu), micro in held.items():
        by_place.setdefault(place, []).append((part, hu, micro))
    return [_space(row, by_place.get(row.pk, []), fills, costs) for row in places]


def _space(
    row: Location, goods: list[tuple[int, int, int]], fills: dict[int, Decimal | None], parts: dict[int, Part]
) -> Space:
    units = {hu for __, hu, __ in goods if hu}
    used = len(units)
    value = 0
    for part_id, hu, micro in goods:
        part, fill = parts[part_id], fills.get(part_id)
        if not hu:
            used += -(-micro // to_micro(fill)) if fill else 1
        if part.cost_minor is not None and part.cost_currency == row.currency:
            value += line_amount(micro, part.cost_minor, part.cost_basis)
    each = row.area_m2 / row.pallet_places if row.pallet_places and row.area_m2 else PALLET_M2
    used_m2 = from_micro(to_micro(round_half_even(used * each, 2)))
    return Space(
        row.pk, row.public_id, row.code, row.name, row.kind, row.zone, row.pick_sequence, row.pallet_places,
        row.area_m2, row.cost_minor, row.risk_limit_minor, row.currency, used, used_m2, value,
        len({part for part, __, __ in goods}),
    )  # fmt: skip


def _exceeded(place: Space, places: int, value: int) -> tuple[Exceeded, ...]:
    found = []
    if place.pallet_places and places > place.pallet_places:
        found.append(Exceeded("capacity", place.code, place.pallet_places, places))
    if place.risk_limit_minor and value > place.risk_limit_minor:
        found.append(Exceeded("risk", place.code, place.risk_limit_minor, value, place.currency))
    return tuple(found)
