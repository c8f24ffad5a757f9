"""Places as rows, and what stands at them as levels, for exports; levels have the columns of the table of stock."""

from collections.abc import Iterator

from django.db.models import Sum

from milkrun.stock.models import Balance, Location
from milkrun.stock.states import REAL_LOCATION_KINDS


def place_rows() -> Iterator[dict[str, object]]:
    """Give every place that goods can stand at, by site and code."""
    rows = Location.objects.filter(kind__in=REAL_LOCATION_KINDS).select_related("site").order_by("site__code", "code")
    for row in rows.iterator(chunk_size=2000):
        yield {
            "site": row.site.code, "location": row.code, "name": row.name, "kind": row.kind, "zone": row.zone,
            "pick_sequence": row.pick_sequence, "pallet_places": row.pallet_places, "area_m2": row.area_m2,
            "cost_minor": row.cost_minor, "risk_limit_minor": row.risk_limit_minor, "currency": row.currency,
        }  # fmt: skip


def level_rows() -> Iterator[dict[str, object]]:
    """Give the loose stock of our own by part, place and lot, in base units."""
    rows = Balance.objects.filter(location__kind__in=REAL_LOCATION_KINDS, on_hand__gt=0, hu=None, owner=None)
    sums = rows.values_list("site__code", "part__number", "location__code", "part__base_unit", "lot__number").annotate(
        there=Sum("on_hand")
    )
    for site, part, location, unit, lot, there in sums.order_by(
        "site__code", "part__number", "location__code", "lot__number"
    ):
        yield {"site": site, "part": part, "location": location, "qty": there, "unit": unit, "lot": lot or ""}
