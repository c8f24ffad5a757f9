"""Parts that end: how far the stock reaches, what is left beyond the end in money, and what comes after them.

Use is what left the places of the site for customers, production and scrap in the last 90 days, per day. What is on
order counts as stock to come. What is left beyond the end is value at risk.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q, Sum

from milkrun.measure.money import line_amount
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.parts.models import Part
from milkrun.purchasing.queries import on_order
from milkrun.stock.models import Balance, Movement
from milkrun.stock.states import REAL_LOCATION_KINDS

LOOK_BACK_DAYS = 90
USED = ("customer", "production")


@dataclass(frozen=True, slots=True)
class RunOut:
    """A part that ends, with what is there and to come, and what will be left.

    Args:
        per_day: use a day, in base units, rounded to a thousandth.
        lasts_until: the day on which stock and orders are used up; None where nothing is used.
        left_qty: what remains on the last day.
        risk_minor: its value at standard cost; None where the part has none.
        successor: the part that is used instead, with its own stock; empty where there is none.
    """

    part_id: int
    public_id: str
    number: str
    description: str
    unit: str
    stage: str
    obsolete_on: date | None
    on_hand: Decimal
    on_order: Decimal
    per_day: Decimal
    lasts_until: date | None
    left_qty: Decimal
    risk_minor: int | None
    currency: str
    successor: str
    successor_public_id: str
    successor_on_hand: Decimal
    successor_on_order: Decimal


def run_outs(site_id: int, now: datetime, today: date, part_ids: Iterable[int] | None = None) -> list[RunOut]:
    """List parts that end or have ended, with goods or orders or not, the largest risk first."""
    rows = Part.objects.filter(Q(obsolete_on__isnull=False) | Q(stage__in=("ending", "obsolete")))
    if part_ids is not None:
        rows = rows.filter(pk__in=list(part_ids))
    parts = list(rows.select_related("successor").order_by("number"))
    keys = {part.pk for part in parts} | {part.successor_id for part in parts if part.successor_id}
    held, coming, used = _on_hand(site_id, keys), on_order(site_id, keys), use(site_id, keys, now)
    found = [_run_out(part, held, coming, used, today) for part in parts]
    return sorted(found, key=lambda one: (-(one.risk_minor or 0), one.number))


def use(site_id: int, part_ids: Iterable[int], now: datetime, days: int = LOOK_BACK_DAYS) -> dict[int, Fraction]:
    """Return the use of parts a day over the last days, in micro-units; parts without any are left out."""
    rows = Movement.objects.filter(
        site_id=site_id, part_id__in=list(part_ids), posting__at__gt=now - timedelta(days=days),
        posting__at__lte=now, from_location__kind__in=REAL_LOCATION_KINDS, to_location__kind__in=USED,
        posting__reversed_by=None, posting__reverses=None,
    )  # fmt: skip
    summed = rows.values_list("part_id").annotate(q=Sum("qty")).order_by()
    return {part_id: Fraction(to_micro(qty), days) for part_id, qty in summed}


def _on_hand(site_id: int, part_ids: Iterable[int]) -> dict[int, Decimal]:
    rows = Balance.objects.filter(site_id=site_id, part_id__in=part_ids, location__kind__in=REAL_LOCATION_KINDS)
    return dict(rows.values_list("part_id").annotate(q=Sum("on_hand")).order_by())


def _run_out(
    part: Part, held: dict[int, Decimal], coming: dict[int, Decimal], used: dict[int, Fraction], today: date
) -> RunOut:
    there, ordered = held.get(part.pk, Decimal(0)), coming.get(part.pk, Decimal(0))
    per_day, whole = used.get(part.pk, Fraction(0)), to_micro(there + ordered)
    days = max((part.obsolete_on - today).days, 0) if part.obsolete_on else 0
    left = max(whole - int(per_day * days), 0)
    reach = int(whole / per_day) if per_day else None
    worth = None if part.cost_minor is None else line_amount(left, part.cost_minor, part.cost_basis)
    next_one = part.successor
    return RunOut(
        part.pk, part.public_id, part.number, part.description, part.base_unit, part.stage, part.obsolete_on, there,
        ordered, from_micro(round(per_day / 1000) * 1000),
        today + timedelta(days=reach) if reach is not None and reach < 36_500 else None,
        from_micro(left), worth, part.cost_currency if worth is not None else "",
        next_one.number if next_one else "", next_one.public_id if next_one else "",
        held.get(next_one.pk, Decimal(0)) if next_one else Decimal(0),
        coming.get(next_one.pk, Decimal(0)) if next_one else Decimal(0),
    )  # fmt: skip
