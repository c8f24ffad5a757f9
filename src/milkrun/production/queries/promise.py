"""By when a quantity of a part can be promised: from free stock, or made in what time the load leaves.

The load that exists is worked off first, the earliest due first, in the working time of each work centre; the new order
takes what is left, step after step. Components are not waited for: those that are short are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Sum

from milkrun.demand.models import Component
from milkrun.measure.wording import quantity
from milkrun.parts.queries import explode
from milkrun.parts.queries.routing import MadePart, WorkCentreView, routing, work_centres
from milkrun.production.queries.load import free_stock, items
from milkrun.stock.models import Balance
from milkrun.stock.states import REAL_LOCATION_KINDS

# As far as a promise looks ahead.
HORIZON_DAYS = 400


@dataclass(frozen=True, slots=True)
class PromisedStep:
    """A step of making it: where, how many minutes, on which days."""

    work_centre: str
    minutes: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Promise:
    """What can be promised; `day` is None where `why` says that it cannot be."""

    part: str
    qty: str
    from_stock: str
    to_make: str
    day: date | None
    steps: tuple[PromisedStep, ...]
    short: tuple[str, ...]
    why: str


def promise(site_id: int, zone: str, at: datetime, part: MadePart, qty: Decimal) -> Promise:
    """Find the earliest day on which a quantity of a part is there.

    Args:
        at: now; work begins today at the earliest.
        qty: base units, positive.
    """
    today = at.astimezone(ZoneInfo(zone)).date()
    covered = min(qty, _free_for_others(site_id, part.id))
    left = qty - covered
    if not left:
        return _answer(part, qty, left, today)
    plan = routing(site_id, [part.id]).get(part.id, [])
    short = _short(site_id, part.id, left)
    if not plan:
        return _answer(part, qty, left, None, short=short, why="no_routing")

    free = _free_time(site_id, zone, today, {step.work_centre_id for step in plan})
    made: list[PromisedStep] = []
    day = today
    for step in plan:
        minutes = step.setup_minutes + step.unit_minutes * left
        taken = _take(free[step.work_centre_id], minutes, day)
        if taken is None:
            return _answer(part, qty, left, None, made, short, "no_capacity")
        made.append(PromisedStep(step.work_centre, int(minutes.to_integral_value()), *taken))
        day = taken[1]
    return _answer(part, qty, left, day, made, short)


def _answer(
    part: MadePart,
    qty: Decimal,
    left: Decimal,
    day: date | None,
    steps: Sequence[PromisedStep] = (),
    short: tuple[str, ...] = (),
    why: str = "",
) -> Promise:
    asked, covered, to_make = (quantity(figure, part.base_unit) for figure in (qty, qty - left, left))
    return Promise(part.number, asked, covered, to_make, day, tuple(steps), short, why)


def _free_for_others(site_id: int, part_id: int) -> Decimal:
    """Return the free stock that no waiting call will claim."""
    claims = Component.objects.filter(site_id=site_id, group__state="created", part_id=part_id).aggregate(n=Sum("qty"))
    free = free_stock(site_id, [part_id]).get(part_id, Decimal(0)) - (claims["n"] or Decimal(0))
    return max(free, Decimal(0))


def _short(site_id: int, part_id: int, qty: Decimal) -> tuple[str, ...]:
    """Name the components of which less is free at the site than the quantity needs."""
    needs = explode(part_id, qty)
    rows = Balance.objects.filter(
        site_id=site_id, part_id__in=[n.component_id for n in needs], location__kind__in=REAL_LOCATION_KINDS, hu=None
    )
    sums = rows.order_by().values_list("part_id").annotate(there=Sum("on_hand"), kept=Sum("reserved"))
    free = {key: there - kept for key, there, kept in sums}
    return tuple(
        f"{need.number}: {need.qty:f} needed, {free.get(need.component_id, Decimal(0)):f} free"
        for need in needs
        if free.get(need.component_id, Decimal(0)) < need.qty
    )


def _free_time(site_id: int, zone: str, today: date, wanted: set[int]) -> dict[int, dict[date, Decimal]]:
    """Work the present load off, the earliest due first; what is left of each day is free."""
    centres = [centre for centre in work_centres(site_id) if centre.id in wanted]
    free = {centre.id: _days(centre, today) for centre in centres}
    for item in items(site_id, today + timedelta(days=HORIZON_DAYS), zone):
        if item.work_centre_id in free:
            _take(free[item.work_centre_id], item.minutes, today)
    return free


def _days(centre: WorkCentreView, today: date) -> dict[date, Decimal]:
    days = [today + timedelta(days=n) for n in range(HORIZON_DAYS)]
    return {day: Decimal(minutes) for day in days if (minutes := centre.minutes(day))}


def _take(free: dict[date, Decimal], minutes: Decimal, start: date) -> tuple[date, date] | None:
    """Take minutes from the earliest days from `start` on; (first, last) day, or None where they do not suffice."""
    used: list[date] = []
    left = minutes
    for day in sorted(day for day in free if day >= start):
        if left <= 0:
            break
        share = min(free[day], left)
        left -= share
        used.append(day)
        free[day] -= share
        if not free[day]:
            del free[day]
    if left > 0:
        return None
    return (used[0], used[-1]) if used else (start, start)
