"""Stock against demand: what stands here, what open calls need by when, and from when on it is not enough."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from milkrun.demand.models import Component
from milkrun.demand.queries import OPEN_STATES
from milkrun.parts.models import Part
from milkrun.planning.queries import on_order
from milkrun.stock.models import Balance
from milkrun.stock.states import REAL_LOCATION_KINDS

# Hours from now; the last one is everything that is called for at all.
HORIZONS: tuple[tuple[str, int | None], ...] = (
    ("overdue", 0), ("4 h", 4), ("24 h", 24), ("3 d", 72), ("7 d", 168), ("all", None),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AvailabilityRow:
    """A part with its stock and its open demand, in base units.

    Args:
        part: our number.
        part_public_id: for its page.
        unit: the base unit.
        on_hand: what stands here, packed goods among it.
        ordered: what is on order from suppliers.
        demand: what open calls need until each horizon, in all.
        left: stock less demand at each horizon; below zero is missing.
        short: the first horizon at which it is not enough, "" where it always is.
    """

    part: str
    part_public_id: str
    unit: str
    on_hand: Decimal
    ordered: Decimal
    demand: tuple[Decimal, ...]
    left: tuple[Decimal, ...]
    short: str


def stock_availability(site_id: int, at: datetime, text: str = "", only_short: bool = False) -> list[AvailabilityRow]:
    """Compare stock and demand by part, what is short first; four statements.

    Args:
        site_id: the site.
        at: now.
        text: in the part's number.
        only_short: leave out what is enough.
    """
    needed = _demand(site_id, at, text)
    parts = Part.objects.in_bulk(list(needed))
    there = on_hand(site_id, set(needed))
    ordered = on_order([site_id], needed)
    rows = [
        _row(parts[part], sums, there.get(part, Decimal(0)), ordered.get((site_id, part), Decimal(0)))
        for part, sums in needed.items()
    ]
    kept = [row for row in rows if row.short or not only_short]
    order = [name for name, _ in HORIZONS]
    return sorted(kept, key=lambda row: (order.index(row.short) if row.short else len(order), row.left[-1], row.part))


def _demand(site_id: int, at: datetime, text: str) -> dict[int, tuple[Decimal, ...]]:
    rows = Component.objects.filter(
        group__call__site=site_id, group__call__state__in=OPEN_STATES, group__state__in=OPEN_STATES, part__isnull=False
    )
    if text.strip():
        rows = rows.filter(part__number__icontains=text.strip())
    sums: dict[str, Any] = {
        f"h{n}": Sum("qty", filter=Q(group__call__required_at__lt=at + timedelta(hours=hours)))
        if hours is not None
        else Sum("qty")
        for n, (_, hours) in enumerate(HORIZONS)
    }
    grouped: Any = rows.values("part_id").annotate(**sums).order_by()
    return {row["part_id"]: tuple(row[f"h{n}"] or Decimal(0) for n in range(len(HORIZONS))) for row in grouped}


def on_hand(site_id: int, parts: set[int]) -> dict[int, Decimal]:
    """Add up what stands at a site of parts."""
    rows = Balance.objects.filter(site=site_id, part__in=parts, location__kind__in=REAL_LOCATION_KINDS)
    return dict(rows.values_list("part_id").annotate(sum=Sum("on_hand")).order_by())


def _row(part: Part, demand: tuple[Decimal, ...], there: Decimal, ordered: Decimal) -> AvailabilityRow:
    left = tuple(there - qty for qty in demand)
    short = next((name for (name, _), qty in zip(HORIZONS, left, strict=True) if qty < 0), "")
    return AvailabilityRow(part.number, part.public_id, part.base_unit, there, ordered, demand, left, short)
