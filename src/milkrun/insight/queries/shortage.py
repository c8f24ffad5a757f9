"""Due demand that nothing can meet: the one definition that alerts, stockouts and the analysis stand on.

Due is what an open call needed by now and is neither made nor packed; goods that are ready are kept for their call and
count on neither side. What is free in stock meets the earliest demand first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Sum

from milkrun.demand.models import Component
from milkrun.stock.models import Balance
from milkrun.stock.states import REAL_LOCATION_KINDS

# States in which a call's goods are not there yet.
WAITING = ("created", "released")


@dataclass(slots=True)
class Shortage:
    """What is missing of a part at a site.

    Args:
        site_id: where.
        part_id: what.
        number: the part's number.
        public_id: the part's, for its page.
        unit: its base unit.
        since: when the first demand that is not met was due.
        unmet: how much is missing, in base units.
        calls: call number -> (customer, missing quantity).
    """

    site_id: int
    part_id: int
    number: str
    public_id: str
    unit: str
    since: datetime
    unmet: Decimal = Decimal(0)
    calls: dict[str, tuple[str, Decimal]] = field(default_factory=dict)


def shortages(sites: Sequence[int], at: datetime, part_id: int | None = None) -> list[Shortage]:
    """Find the due demand that is not met, by site and part; two statements.

    Args:
        sites: our sites.
        at: demand until then is due.
        part_id: one part, None for all.
    """
    rows = (
        Component.objects.filter(
            group__state__in=WAITING, group__call__site__in=sites, group__call__state__in=WAITING,
            group__call__required_at__lte=at, part__isnull=False, **({"part_id": part_id} if part_id else {}),
        )
        .annotate(needed=F("group__call__required_at"), call=F("group__call__external_no"))
        .order_by("needed", "id")
        .values_list("site_id", "part_id", "part__number", "part__public_id", "part__base_unit", "needed", "call",
                     "group__call__partner__code", "qty")
    )  # fmt: skip
    demands = list(rows)
    free = free_stock(sites, {row[1] for row in demands})
    found: dict[tuple[int, int], Shortage] = {}
    for site, part, number, public_id, unit, needed, call, customer, qty in demands:
        left, qty = free.get((site, part), Decimal(0)), qty or Decimal(0)
        free[site, part] = max(left - qty, Decimal(0))
        missing = max(qty - left, Decimal(0))
        if missing:
            short = found.setdefault((site, part), Shortage(site, part, number, public_id, unit, needed))
            short.unmet += missing
            short.calls[call] = (customer, short.calls.get(call, ("", Decimal(0)))[1] + missing)
    return [found[key] for key in sorted(found)]


def free_stock(sites: Sequence[int], parts: set[int]) -> dict[tuple[int, int], Decimal]:
    """Add up what is free of parts, by (site, part)."""
    rows = Balance.objects.filter(site__in=sites, part__in=parts, location__kind__in=REAL_LOCATION_KINDS)
    sums = rows.values("site_id", "part_id").annotate(there=Sum("on_hand"), kept=Sum("reserved"))
    return {(row["site_id"], row["part_id"]): row["there"] - row["kept"] for row in sums}
