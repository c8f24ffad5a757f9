"""How demand changes: what is called for each week against the weeks before, and how calls were changed afterwards."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from milkrun.demand.models import Component
from milkrun.kernel.models import JournalEntry
from milkrun.measure.quantity import NotAQuantity, from_micro, to_micro
from milkrun.measure.wording import zone_of
from milkrun.parts.models import CustomerPart

BEFORE, AHEAD = 4, 4
MOST_CHANGES = 20_000
Key = tuple[int, int]  # customer, part


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """A part a customer calls for, week by week; quantities in the part's base unit.

    Args:
        customer: the customer's code.
        part: our number.
        part_public_id: for its page.
        unit: the base unit.
        weeks: what is called for in each of the four weeks before, this week and the four after.
        usual: the average of the four weeks before.
        deviation: this week above or below the usual.
        percent: the same in whole percent of the usual; None where nothing was usual.
        changes: how often calls of these weeks were changed after they had come.
        changed: by how much those changes raised or lowered them, in all.
    """

    customer: str
    part: str
    part_public_id: str
    unit: str
    weeks: tuple[Decimal, ...]
    usual: Decimal
    deviation: Decimal
    percent: int | None
    changes: int
    changed: Decimal


def week_days(at: datetime, zone: str) -> list[date]:
    """Name the Mondays of the nine weeks that are looked at."""
    today = at.astimezone(zone_of(zone)).date()
    monday = today - timedelta(days=today.weekday())
    return [monday + timedelta(weeks=n) for n in range(-BEFORE, AHEAD + 1)]


def demand_deviation(site_id: int, at: datetime, zone: str, customer: str = "", text: str = "") -> list[DeviationRow]:
    """Compare what is called for with what was usual, the largest deviation first; three statements.

    Args:
        site_id: the site.
        at: now; its week is the one that is judged.
        zone: whose weeks.
        customer: a customer's code, "" for all.
        text: in the part's number.
    """
    mondays = week_days(at, zone)
    edges = [datetime.combine(day, time(), zone_of(zone)) for day in [*mondays, mondays[-1] + timedelta(weeks=1)]]
    rows = Component.objects.filter(
        group__call__site=site_id, group__call__required_at__gte=edges[0], group__call__required_at__lt=edges[-1],
        part__isnull=False,
    ).exclude(group__state="cancelled")  # fmt: skip
    if customer:
        rows = rows.filter(group__call__partner__code=customer)
    if text.strip():
        rows = rows.filter(part__number__icontains=text.strip())
    sums: dict[str, Any] = {
        f"week_{n}": Sum("qty", filter=Q(group__call__required_at__gte=edge, group__call__required_at__lt=edges[n + 1]))
        for n, edge in enumerate(edges[:-1])
    }
    grouped: Any = rows.values(
        "group__call__partner_id", "group__call__partner__code", "part_id", "part__number", "part__public_id",
        "part__base_unit",
    ).annotate(**sums)  # fmt: skip
    changes = _changes(site_id, edges[0])
    found = [
        _row(row, changes.get((row["group__call__partner_id"], row["part_id"]), (0, Decimal(0)))) for row in grouped
    ]
    return sorted(found, key=lambda row: (-abs(row.deviation), row.customer, row.part))


def _row(row: dict[str, Any], changed: tuple[int, Decimal]) -> DeviationRow:
    weeks = tuple(row[f"week_{n}"] or Decimal(0) for n in range(BEFORE + 1 + AHEAD))
    usual = from_micro(sum(to_micro(qty) for qty in weeks[:BEFORE]) // BEFORE)
    deviation = weeks[BEFORE] - usual
    percent = int((deviation * 100 / usual).to_integral_value()) if usual else None
    return DeviationRow(
        row["group__call__partner__code"], row["part__number"], row["part__public_id"], row["part__base_unit"], weeks,
        usual, deviation, percent, *changed,
    )  # fmt: skip


def _changes(site_id: int, since: datetime) -> dict[Key, tuple[int, Decimal]]:
    """Add up what the journal tells of calls that were changed, by customer and part."""
    numbers = {(partner, key): part for partner, key, part in CustomerPart.objects.values_list(
        "partner_id", "number_key", "part_id")}  # fmt: skip
    entries = JournalEntry.objects.filter(site_id=site_id, action="update_call", at__gte=since).order_by("-id")
    told = list(entries.values_list("subject_id", "facts")[:MOST_CHANGES])
    partners = dict(
        Component.objects.filter(group__call__in={call for call, _ in told}).values_list(
            "group__call_id", "group__call__partner_id"
        )
    )
    found: dict[Key, tuple[int, Decimal]] = {}
    for call, facts in told:
        partner = partners.get(call, 0)
        for number, by in _differences(facts.get("changed", {})).items():
            part = numbers.get((partner, number))
            if part is not None:
                count, sum_ = found.get((partner, part), (0, Decimal(0)))
                found[partner, part] = (count + 1, sum_ + by)
    return found


def _differences(changed: Any) -> dict[str, Decimal]:
    """Read by how much each customer's number was raised or lowered: {"SV/1": ["5N0 x 48 PCE", "5N0 x 60 PCE"]}."""
    found: dict[str, Decimal] = {}
    lines = changed.items() if isinstance(changed, dict) else ()
    for name, pair in lines:
        if name == "required_at" or not isinstance(pair, list) or len(pair) != 2:
            continue
        for text, sign in ((pair[0], -1), (pair[1], 1)):
            # Behind the quantity stand its unit and the order, where they are known.
            number, _, rest = str(text or "").rpartition(" x ")
            try:
                by = from_micro(to_micro(rest.partition(" ")[0])) * sign
            except NotAQuantity:
                continue
            key = "".join(number.split()).upper()
            found[key] = found.get(key, Decimal(0)) + by
    return found
