"""Who waits for a part: calls whose goods are short, and jobs that lack it at their line; the earliest due first."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q, Sum

from milkrun.demand.models import Component
from milkrun.measure.gs1 import read_sscc
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.measure.wording import moment, quantity
from milkrun.parts.models import BomLine, Part
from milkrun.parts.queries import explode, find
from milkrun.parts.queries.recipe import DEEPEST
from milkrun.production.models import JobLine
from milkrun.production.states import LIVE_JOBS
from milkrun.stock.models import Balance, HandlingUnit, Location, Lot, Reservation
from milkrun.stock.queries import first_place
from milkrun.stock.queries.space import receiving_place

# Of a part many jobs may wait; more than these are not looked at for one scan.
MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job or a call that waits for so many base units of a part; `target` is the place or unit they would go to."""

    kind: str
    id: int
    key: str
    public_id: str
    number: str
    partner: str
    micro: int
    plain: str
    qty: str
    due: str
    required: str
    target: str


def waiting_for(site_id: int, part_id: int, zone: str) -> list[Waiting]:
    """List the calls and jobs of a site that wait for a part, the earliest due first."""
    unit = Part.objects.filter(pk=part_id).values_list("base_unit", flat=True).first() or ""
    found = [*_calls(site_id, part_id, unit, zone), *_jobs(site_id, part_id, unit, zone)]
    return sorted(found, key=lambda row: (row.due, row.kind, row.number))


def missing_of_component(component: Component) -> int:
    """Return what a component still lacks, in micro-units: neither packed nor reserved."""
    kept = Reservation.objects.filter(
        site_id=component.site_id, purpose_kind="component", purpose_id=component.pk, state="open", balance__hu=None
    ).aggregate(sum=Sum("qty"))["sum"]
    return to_micro(component.qty or 0) - to_micro(component.packed_qty) - to_micro(kept or 0)


def missing_of_jobs(site_id: int, part_id: int) -> list[tuple[JobLine, int, str]]:
    """List open job lines with what each lacks of a part and where; what stands at the line serves the earliest."""
    lines = (
        JobLine.objects.filter(
            site_id=site_id, part_id__in=_made_with(part_id), job__state__in=LIVE_JOBS, good_qty__lt=F("qty")
        )
        .select_related("job", "component__group__call__partner")
        .order_by("job__due_at", "job_id", "position")[:MOST]
    )
    at_line: dict[str, int] = {}
    found = []
    for line in lines:
        left = from_micro(to_micro(line.qty) - to_micro(line.good_qty) - to_micro(line.dropped_qty))
        for need in explode(line.part_id, left) if left > 0 else ():
            if need.component_id != part_id:
                continue
            where = need.supply_location or first_place(site_id, "line").code
            there = at_line.setdefault(where, _free_at(site_id, part_id, where))
            used = min(there, to_micro(need.qty))
            at_line[where] = there - used
            if to_micro(need.qty) > used:
                found.append((line, to_micro(need.qty) - used, where))
    return found


def _made_with(part_id: int) -> set[int]:
    """List the parts that use up a part, through phantoms upwards."""
    found: set[int] = set()
    level = {part_id}
    for _ in range(DEEPEST):
        rows = BomLine.objects.filter(component_id__in=level).values_list("part_id", "part__phantom")
        level = {parent for parent, phantom in rows if phantom and parent not in found}
        found |= {parent for parent, _ in rows}
        if not level:
            break
    return found


def _free_at(site_id: int, part_id: int, code: str) -> int:
    place = Location.objects.filter(site_id=site_id, code=code).first()
    rows = Balance.objects.filter(site_id=site_id, part_id=part_id, location=place, hu=None, owner=None)
    sums = rows.filter(Q(lot=None) | Q(lot__state="free")).aggregate(there=Sum("on_hand"), kept=Sum("reserved"))
    return to_micro(sums["there"] or 0) - to_micro(sums["kept"] or 0)


def waiting_components(site_id: int, part_id: int) -> list[Component]:
    """Load the components that goods can be sent to at once: of calls not begun, or found short at picking.

    A call that is not begun is left out where something else of it has to be made first.
    """
    rows = (
        Component.objects.filter(site_id=site_id, part_id=part_id, group__call__kind="summarized")
        .filter(
            Q(group__state="created", group__matching="matched") | Q(group__state="in_packing", group__picking="short")
        )
        .select_related("group__call__partner", "part")
        .order_by("group__call__required_at", "group_id", "line_no")[:MOST]
    )
    made = Component.objects.filter(group__in=[row.group_id for row in rows], part__made_here=True)
    others: dict[int, set[int]] = {}
    for group_id, key in made.values_list("group_id", "part_id"):
        others.setdefault(group_id, set()).add(key or 0)
    return [row for row in rows if row.group.state == "in_packing" or not others.get(row.group_id, set()) - {part_id}]


def _calls(site_id: int, part_id: int, unit: str, zone: str) -> list[Waiting]:
    found = []
    for row in waiting_components(site_id, part_id):
        call = row.group.call
        micro = missing_of_component(row)
        if micro > 0:
            found.append(
                _waiting("call", row.pk, call.public_id, call.external_no, call.partner.code, micro, unit,
                         call.required_at, call.zone or zone, first_place(site_id, "dock").code)
            )  # fmt: skip
    return found


def _jobs(site_id: int, part_id: int, unit: str, zone: str) -> list[Waiting]:
    sums: dict[int, tuple[JobLine, int, str]] = {}
    for line, micro, where in missing_of_jobs(site_id, part_id):
        before = sums.get(line.job_id)
        sums[line.job_id] = (line, micro + (before[1] if before else 0), where)
    return [
        _waiting("job", line.job_id, line.job.public_id, line.job.number,
                 line.component.group.call.partner.code if line.component else "", micro, unit, line.job.due_at, zone,
                 where)
        for line, micro, where in sums.values()
    ]  # fmt: skip


def _waiting(
    kind: str, key: int, public_id: str, number: str, partner: str, micro: int, unit: str, due: datetime, zone: str,
    target: str,
) -> Waiting:  # fmt: skip
    qty: Decimal = from_micro(micro)
    return Waiting(
        kind, key, f"{kind}:{key}", public_id, number, partner, micro, f"{qty:f}", quantity(qty, unit), due.isoformat(),
        moment(due, zone), target,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was scanned at the dock: a part, perhaps a lot of it, perhaps a handling unit that holds it."""

    part_id: int
    part_public_id: str
    part: str
    description: str
    unit: str
    lot_tracked: bool
    lot: str
    hu_public_id: str
    sscc: str
    qty: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Free goods of a part at a place, or in a handling unit there."""

    location: str
    lot: str
    qty: str
    staged: bool


def scanned_unit(site_id: int, text: str) -> Scanned | None:
    """Find what a scan at the dock means: a handling unit with one part in it, a lot, or a part by any number."""
    unit = Balance.objects.filter(site_id=site_id, hu__sscc=read_sscc(text), on_hand__gt=0)
    inside = list(unit.select_related("part", "lot", "hu")[:2])
    if len(inside) == 1:
        row = inside[0]
        return _scanned(row.part, str(row.lot or ""), row.hu, row.on_hand)
    lots = list(Lot.objects.filter(number=text.strip()).select_related("part")[:2])
    if len(lots) == 1:
        return _scanned(lots[0].part, lots[0].number)
    hit = next((hit for hit in find(text) if hit.exact), None)
    return _scanned(Part.objects.get(public_id=hit.public_id), "") if hit else None


def _scanned(part: Part, lot: str, unit: HandlingUnit | None = None, qty: Decimal | None = None) -> Scanned:
    return Scanned(
        part.pk, part.public_id, part.number, part.description, part.base_unit, part.lot_tracked, lot,
        unit.public_id if unit else "", unit.sscc if unit else "", f"{qty:f}" if qty else "",
    )  # fmt: skip


def standing(site_id: int, part_id: int) -> list[Standing]:
    """List where free goods of a part stand that were taken in and not put away: at staging, or where it comes in."""
    here = Q(location__kind="staging") | Q(location=receiving_place(site_id, part_id))
    rows = Balance.objects.filter(
        here, site_id=site_id, part_id=part_id, hu=None, owner=None, on_hand__gt=F("reserved")
    ).select_related("location", "lot", "part")
    return [
        Standing(
            row.location.code,
            row.lot.number if row.lot else "",
            quantity(row.on_hand - row.reserved, row.part.base_unit),
            row.location.kind == "staging",
        )
        for row in rows.order_by("location__code", "id")
    ]
