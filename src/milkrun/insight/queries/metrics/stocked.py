"""What can go wrong with stock: below the reorder point, due demand that nothing meets, too little or too much."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from milkrun.insight.queries.metrics.metric import MOST, Finding, Metric, Standard, Wanted
from milkrun.insight.queries.shortage import shortages
from milkrun.kernel.fields import QuantityField
from milkrun.measure.wording import quantity
from milkrun.planning.models import ItemPolicy
from milkrun.planning.queries import on_order
from milkrun.stock.models import Balance
from milkrun.stock.states import REAL_LOCATION_KINDS


def _there() -> QuerySet[Balance]:
    return Balance.objects.filter(location__kind__in=REAL_LOCATION_KINDS)


def _quantity(value: Decimal) -> Value:
    return Value(value, output_field=QuantityField())


def _below_reorder_point(wanted: Wanted) -> Sequence[Finding]:
    """Compare every policy with the stock of its part, in one statement; a second one asks what is on order."""
    stock = _there().filter(site=OuterRef("site"), part=OuterRef("part")).order_by().values("part")
    there = Subquery(stock.annotate(sum=Sum("on_hand")).values("sum"), output_field=QuantityField())
    kept = Subquery(stock.annotate(sum=Sum("reserved")).values("sum"), output_field=QuantityField())
    zero = _quantity(Decimal(0))
    rows = ItemPolicy.objects.filter(
        reorder_point__isnull=False, **wanted.narrow(site="site_id", part="part_id")
    ).annotate(
        there=Coalesce(there, zero), kept=Coalesce(kept, zero), bound=F("reorder_point") + _quantity(wanted.threshold)
    )
    found = list(rows.filter(there__lt=F("bound")).select_related("part").order_by("part_id")[:MOST])
    ordered = on_order(wanted.sites, [row.part_id for row in found])
    return [
        Finding(
            "part", row.part_id, row.part.number, row.site_id, wanted.at, row.part.public_id,
            {"part": row.part.number, "there": quantity(row.there, row.part.base_unit),
             "kept": quantity(row.kept, row.part.base_unit),
             "reorder_point": quantity(row.reorder_point, row.part.base_unit),
             "on_order": quantity(ordered.get((row.site_id, row.part_id), Decimal(0)), row.part.base_unit)},
            part_id=row.part_id, mark="" if row.there else "zero",
        )
        for row in found
    ]  # fmt: skip


def _stockouts(wanted: Wanted) -> Sequence[Finding]:
    found = [short for short in shortages(wanted.sites, wanted.at, wanted.part_id) if short.unmet > wanted.threshold]
    found.sort(key=lambda short: (short.since, short.part_id))
    return [
        Finding(
            "part", short.part_id, short.number, short.site_id, short.since, short.public_id,
            facts={"part": short.number, "unmet": quantity(short.unmet, short.unit), "calls": str(len(short.calls)),
                   "call": next(iter(short.calls)), "since_at": short.since.isoformat()},
            due_at=short.since, part_id=short.part_id,
        )
        for short in found[:MOST]
    ]  # fmt: skip


def _on_hand(wanted: Wanted) -> Sequence[Finding]:
    rows = _there().filter(**wanted.narrow(site="site_id", part="part_id", place="location__code"))
    sums = rows.values("site_id", "part_id", "part__number", "part__public_id", "part__base_unit")
    side = {"sum__lt" if wanted.comparison == "below" else "sum__gt": wanted.threshold}
    return [
        Finding(
            "part", row["part_id"], row["part__number"], row["site_id"], wanted.at, row["part__public_id"],
            {"part": row["part__number"], "there": quantity(row["sum"], row["part__base_unit"]),
             "place": wanted.place},
            part_id=row["part_id"], mark="" if row["sum"] else "zero",
        )
        for row in sums.annotate(sum=Sum("on_hand")).filter(**side).order_by("part_id")[:MOST]
    ]  # fmt: skip


STOCK_METRICS = (
    Metric(
        "below_reorder_point", _("Below the reorder point"), "quantity", "below", _below_reorder_point,
        _("%(part)s has %(there)s on hand (%(kept)s of it reserved), below its reorder point of %(reorder_point)s."
          " On order: %(on_order)s."),
        _("It runs out if nothing is ordered or made."),
        _("Look"), "", ("part",), Standard(Decimal(0), "material_planner", "watch"),
        _("Units above the reorder point at which it counts already; 0 for the point itself."),
    ),
    Metric(
        "stockout", _("Stockout: due demand not met"), "quantity", "above", _stockouts,
        _("%(unmet)s of %(part)s are missing since %(since_at)s for call %(call)s (calls concerned: %(calls)s)."),
        _("The customer waits for it now."),
        _("Look"), "", ("part",), Standard(Decimal(0), "material_planner", "act", 60, 30, "supervisor"),
        _("Units of unmet due demand."),
    ),
    Metric(
        "on_hand", _("Stock on hand"), "quantity", "below", _on_hand,
        _("%(part)s has %(there)s on hand %(place)s."), _("It is out of the range that was set for it."),
        _("Look"), "", ("part", "place"), None, _("Units on hand."), True,
    ),
)  # fmt: skip
