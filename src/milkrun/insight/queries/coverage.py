"""Cover: for how many days stock lasts, and what open calls need of material through the bills of material.

Use of a day is read from the day's summaries: what left for customers of parts that are made here, what production took
of the others. The requirement nets every level: a sub-assembly that stands here needs no material.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Min, Q, Sum

from milkrun.demand.models import Component
from milkrun.insight.queries.availability import on_hand
from milkrun.insight.queries.shortage import WAITING, free_stock
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.measure.wording import moment, zone_of
from milkrun.parts.models import BomLine, Part
from milkrun.planning.queries import on_order
from milkrun.stock.models import DaySummary

DAYS = 28
LEVELS = 10
MILLION = 1_000_000
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A part's cover, in base units.

    Args:
        part: our number.
        part_public_id: for its page.
        unit: the base unit.
        material: whether it is bought, and so needed through bills of material.
        there: on hand.
        a_day: average use of a calendar day in the last four weeks.
        cover_days: for how many days stock lasts at that rate; None where nothing was used.
        required: what open calls still need of it.
        ordered: on order from suppliers.
        missing: required, less what is free.
        needed: when the first call needs it, "" where none does.
    """

    part: str
    part_public_id: str
    unit: str
    material: bool
    there: Decimal
    a_day: Decimal
    cover_days: int | None
    required: Decimal
    ordered: Decimal
    missing: Decimal
    needed: str


def coverage(site_id: int, at: datetime, zone: str, text: str = "", only_missing: bool = False) -> list[CoverageRow]:
    """List parts by what is missing and then by how long they last; a fixed number of statements and one a level.

    Args:
        site_id: the site.
        at: now.
        zone: ours; also for the instants.
        text: in the part's number.
        only_missing: leave out what is enough.
    """
    today = at.astimezone(zone_of(zone)).date()
    used = _used(site_id, today)
    required, needed = requirements(site_id)
    wanted = Part.objects.filter(pk__in={*used, *required})
    parts = wanted.filter(number__icontains=text.strip()) if text.strip() else wanted
    rows = {part.pk: part for part in parts}
    there = on_hand(site_id, set(rows))
    free = free_stock([site_id], set(rows))
    ordered = on_order([site_id], rows)
    found = [
        _row(
            part, there.get(key, NONE), used.get(key, NONE), required.get(key, NONE),
            free.get((site_id, key), NONE), ordered.get((site_id, key), NONE), moment(needed.get(key), zone),
        )
        for key, part in rows.items()
    ]  # fmt: skip
    kept = [row for row in found if row.missing > 0 or not only_missing]
    return sorted(kept, key=lambda row: (-row.missing, _endless(row.cover_days), row.part))


def _endless(days: int | None) -> int:
    return MILLION if days is None else days


def _row(
    part: Part, there: Decimal, used: Decimal, required: Decimal, free: Decimal, ordered: Decimal, needed: str
) -> CoverageRow:
    a_day = from_micro(to_micro(used) // DAYS).quantize(Decimal("0.01"))
    cover = int(there * DAYS / used) if used > 0 else None
    missing = max(required - free, NONE)
    return CoverageRow(
        part.number, part.public_id, part.base_unit, not part.made_here, there, a_day, cover, required, ordered,
        missing, needed if required else "",
    )  # fmt: skip


def _used(site_id: int, today: date) -> dict[int, Decimal]:
    """Add up what was used of each part in the last four weeks, today left out; taken back is not used."""
    rows = DaySummary.objects.filter(site=site_id, day__gte=today - timedelta(days=DAYS), day__lt=today)
    mine = Q(part__made_here=True, kind="goods_issue") | Q(part__made_here=False, kind="production")
    back = Q(part__made_here=True, kind="goods_issue_reversal") | Q(part__made_here=False, kind="production_reversal")
    grouped = rows.filter(mine | back).values("part_id").order_by()
    sums = grouped.annotate(out=Sum("qty", filter=mine), back=Sum("qty", filter=back))
    return {row["part_id"]: (row["out"] or NONE) - (row["back"] or NONE) for row in sums}


def requirements(site_id: int) -> tuple[dict[int, Decimal], dict[int, datetime]]:
    """Tell what open calls whose goods are not there yet need of every part, through all levels, and when first.

    Returns:
        Required quantity and earliest need, by part; what stands free of a level is taken off before the next one.
    """
    rows = Component.objects.filter(
        group__call__site=site_id, group__call__state__in=WAITING, group__state__in=WAITING, part__isnull=False
    )
    grouped = rows.values("part_id").order_by().annotate(sum=Sum("qty"), first=Min("group__call__required_at"))
    level: dict[int, tuple[Decimal, datetime]] = {row["part_id"]: (row["sum"], row["first"]) for row in grouped}
    required: dict[int, Decimal] = {}
    needed: dict[int, datetime] = {}
    left: dict[int, Decimal] = {}
    for _ in range(LEVELS):
        if not level:
            break
        left.update({part: qty for (_, part), qty in free_stock([site_id], set(level) - set(left)).items()})
        level = _next_level(level, required, needed, left)
    return required, needed


def _next_level(
    level: Mapping[int, tuple[Decimal, datetime]],
    required: dict[int, Decimal],
    needed: dict[int, datetime],
    left: dict[int, Decimal],
) -> dict[int, tuple[Decimal, datetime]]:
    to_make: dict[int, tuple[Decimal, datetime]] = {}
    for part, (qty, first) in level.items():
        required[part] = required.get(part, NONE) + qty
        needed[part] = min(needed.get(part, first), first)
        taken = min(max(left.get(part, NONE), NONE), qty)
        left[part] = left.get(part, NONE) - taken
        if qty > taken:
            to_make[part] = (qty - taken, first)
    below: dict[int, tuple[Decimal, datetime]] = {}
    for line in BomLine.objects.filter(part__in=to_make, part__made_here=True):
        qty, first = to_make[line.part_id]
        before, earliest = below.get(line.component_id, (NONE, first))
        below[line.component_id] = (before + _times(qty, line.qty), min(earliest, first))
    return below


def _times(qty: Decimal, each: Decimal) -> Decimal:
    """Multiply two quantities of six decimals, rounded up: a little too much material is no shortage."""
    return from_micro(-(-to_micro(qty) * to_micro(each) // MILLION))
