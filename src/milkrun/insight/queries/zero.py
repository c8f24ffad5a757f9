"""Days on which an item stood at zero at the end of the day: a figure beside stockouts, not the same."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Case, F, Sum, Value, When

from milkrun.kernel.fields import QuantityField
from milkrun.measure.wording import zone_of
from milkrun.stock.models import Balance, Movement
from milkrun.stock.states import REAL_LOCATION_KINDS


def days_at_zero(site_id: int, parts: Sequence[int], at: datetime, zone: str, days: int) -> dict[int, int]:
    """Count, for each part, the last days whose end (for today: now) found nothing on hand; two statements.

    Args:
        site_id: the site.
        parts: the parts.
        at: now.
        zone: whose days.
        days: how many days back, today among them.
    """
    here = zone_of(zone)
    today = at.astimezone(here).date()
    first = datetime.combine(today - timedelta(days=days - 1), time(), here)
    rows = Balance.objects.filter(site=site_id, part__in=parts, location__kind__in=REAL_LOCATION_KINDS)
    now = {row["part_id"]: row["sum"] for row in rows.values("part_id").annotate(sum=Sum("on_hand"))}
    changes = _changes(site_id, parts, first)
    found: dict[int, int] = {}
    for part in set(parts):
        level = now.get(part, Decimal(0))
        by_day: dict[date, Decimal] = {}
        for when, qty in changes.get(part, []):
            day = when.astimezone(here).date()
            by_day[day] = by_day.get(day, Decimal(0)) + qty
        for back in range(days):
            found[part] = found.get(part, 0) + (level <= 0)
            level -= by_day.get(today - timedelta(days=back), Decimal(0))
    return found


def _changes(site_id: int, parts: Sequence[int], since: datetime) -> dict[int, list[tuple[datetime, Decimal]]]:
    """Read by how much each posting changed what is on hand."""
    real = list(REAL_LOCATION_KINDS)
    nothing = Value(0, output_field=QuantityField())
    moved = Case(When(to_location__kind__in=real, then=F("qty")), default=nothing) - Case(
        When(from_location__kind__in=real, then=F("qty")), default=nothing
    )
    rows = Movement.objects.filter(site=site_id, part__in=parts, posting__at__gte=since).values(
        "part_id", "posting__at"
    )
    found: dict[int, list[tuple[datetime, Decimal]]] = {}
    for row in rows.annotate(net=Sum(moved, output_field=QuantityField())).order_by("part_id"):
        found.setdefault(row["part_id"], []).append((row["posting__at"], row["net"]))
    return found
