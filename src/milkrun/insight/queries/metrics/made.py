"""What can go wrong on the floor: a stock posting that failed, a rack that is not full when it has to leave."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _

from milkrun.demand.models import PackingGroup
from milkrun.insight.queries.metrics.calls import minutes
from milkrun.insight.queries.metrics.metric import MOST, Finding, Metric, Standard, Wanted
from milkrun.production.models import Confirmation

_UNPACKED = ("created", "released", "ready", "in_packing", "cancel_requested")


def _failed_postings(wanted: Wanted) -> Sequence[Finding]:
    rows = Confirmation.objects.filter(state="failed", **wanted.narrow(site="site_id", part="line__part_id"))
    return [
        Finding(
            "confirmation", row.pk, row.line.job.number, row.site_id, row.at, row.public_id,
            {"job": row.line.job.number, "part": row.line.part.number, "why": row.failure, "tries": str(row.tries)},
            part_id=row.line.part_id,
        )
        for row in rows.select_related("line__job", "line__part").order_by("id")[:MOST]
    ]  # fmt: skip


def _incomplete_racks(wanted: Wanted) -> Sequence[Finding]:
    """Find racks that must leave soon and still have something to pack."""
    ahead = minutes(wanted.threshold)
    racks = PackingGroup.objects.filter(
        state__in=("planned", "packing"), slots__group__state__in=_UNPACKED,
        slots__group__call__required_at__lt=wanted.at + ahead, **wanted.narrow(site="site_id", partner="partner_id"),
    )  # fmt: skip
    found = racks.select_related("partner", "hu").annotate(
        needed=Min("slots__group__call__required_at"), missing=Count("slots"), zone=Min("slots__group__call__zone")
    )
    return [
        Finding(
            "rack", row.pk, str(row), row.site_id, row.needed - ahead, row.public_id,
            {"rack": str(row), "customer": row.partner.code, "missing": str(row.missing),
             "needed_at": row.needed.isoformat(), "zone": row.zone},
            row.needed, row.partner_id,
        )
        for row in found.order_by("needed", "id")[:MOST]
    ]  # fmt: skip


PRODUCTION_METRICS = (
    Metric(
        "stock_posting_failed", _("Stock posting failed"), "count", "above", _failed_postings,
        _("What job %(job)s reported for %(part)s could not be posted: %(why)s"),
        _("Stock is wrong until it is posted, and the next steps wait."),
        _("Retry"), "reprocess_postings", ("part",),
        Standard(Decimal(0), "supervisor", "act", 60, 120, "material_planner"), _("Failed postings."),
    ),
    Metric(
        "rack_incomplete", _("Rack incomplete at departure"), "minutes", "below", _incomplete_racks,
        _("Rack %(rack)s for %(customer)s must be complete %(needed_at)s; places still to pack: %(missing)s."),
        _("The customer's line gets a rack with holes in it."),
        _("Pack"), "confirm_packing", ("partner",), Standard(Decimal(60), "shipping", "act", 0, 30, "supervisor"),
        _("Minutes before the first part of the rack is needed."),
    ),
)  # fmt: skip
