"""Reads of planning: an item's policy, and what is on order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from milkrun.measure.wording import moment, quantity
from milkrun.planning.models import METHODS, ClosedDay, ItemPolicy
from milkrun.purchasing import queries as purchasing

__all__ = ["METHODS", "ClosedDayRow", "PolicyView", "closed_days", "days_without_work", "on_order", "policy"]


@dataclass(frozen=True, slots=True)
class PolicyView:
    """How an item is kept, as people read it; quantities also plain, for the form."""

    id: int
    method: str
    reorder_point: str
    target: str
    reorder_plain: str
    target_plain: str
    set_at: str


def policy(site_id: int, part_id: int, zone: str) -> PolicyView | None:
    """Read an item's policy; None where nobody has set one."""
    row = ItemPolicy.objects.select_related("part").filter(site_id=site_id, part_id=part_id).first()
    if row is None:
        return None
    unit = row.part.base_unit
    return PolicyView(
        row.pk, row.method, quantity(row.reorder_point, unit), quantity(row.target_qty, unit),
        _plain(row.reorder_point), _plain(row.target_qty), moment(row.set_at, zone),
    )  # fmt: skip


def _plain(qty: Decimal | None) -> str:
    return "" if qty is None else f"{qty:f}"


def on_order(site_ids: Iterable[int], part_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """Tell what is ordered from suppliers and has not come yet, by (site, part); one statement a site."""
    parts = list(part_ids)
    sums = {site: purchasing.on_order(site, parts) for site in site_ids} if parts else {}
    return {(site, part): qty for site, ordered in sums.items() for part, qty in ordered.items()}


@dataclass(frozen=True, slots=True)
class ClosedDayRow:
    """A day on which nobody works; `customer` is "" where it is everybody's."""

    on: date
    customer: str
    why: str


def closed_days(site_id: int, since: date) -> list[ClosedDayRow]:
    """List the days without work from a day on."""
    rows = ClosedDay.objects.filter(site_id=site_id, on__gte=since).select_related("partner").order_by("on", "id")
    return [ClosedDayRow(row.on, row.partner.code if row.partner else "", row.why) for row in rows[:400]]


def days_without_work(site_ids: Iterable[int], since: date) -> dict[tuple[int, int | None], set[date]]:
    """Tell the days without work from a day on, by (site, customer); None as customer is everybody."""
    found: dict[tuple[int, int | None], set[date]] = {}
    rows = ClosedDay.objects.filter(site__in=list(site_ids), on__gte=since)
    for site, partner, on in rows.values_list("site_id", "partner_id", "on"):
        found.setdefault((site, partner), set()).add(on)
    return found
