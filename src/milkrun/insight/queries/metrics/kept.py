"""What can go wrong with goods that are kept: lots that expire."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from milkrun.insight.queries.metrics.metric import MOST, Finding, Metric, Standard, Wanted
from milkrun.measure.wording import amount, day, quantity, zone_of
from milkrun.partners.models import Site
from milkrun.stock.queries.lots import expiring_lots


def _expiring(wanted: Wanted) -> Sequence[Finding]:
    """Find lots with goods whose days left are fewer than the threshold, by the calendar of their site."""
    found: list[Finding] = []
    for site in Site.objects.filter(pk__in=wanted.sites).order_by("pk"):
        today = wanted.at.astimezone(zone_of(site.zone)).date()
        parts = None if wanted.part_id is None else [wanted.part_id]
        before = today + timedelta(days=int(wanted.threshold))
        for lot in expiring_lots(site.pk, today, before, parts)[: MOST - len(found)]:
            worth = "" if lot.value_minor is None else f" ({amount(lot.value_minor, lot.currency)})"
            due = datetime.combine(lot.expires_on, time(), tzinfo=zone_of(site.zone)).astimezone(UTC)
            found.append(
                Finding(
                    "lot", lot.lot_id, f"{lot.part_number} {lot.lot}", site.pk, wanted.at, lot.part_public_id,
                    {"part": lot.part_number, "lot": lot.lot, "there": quantity(lot.qty, lot.unit), "worth": worth,
                     "expires": day(lot.expires_on)},
                    due_at=due, part_id=lot.part_id, mark="expired" if lot.days_left < 0 else "",
                )
            )  # fmt: skip
    return found


KEPT_METRICS = (
    Metric(
        "lot_expiring", _("Lot expires soon"), "days", "below", _expiring,
        _("Lot %(lot)s of %(part)s expires on %(expires)s with %(there)s on hand%(worth)s."),
        _("What is not used by then is waste."),
        _("Look"), "", ("part",), Standard(Decimal(14), "material_planner", "watch"),
        _("Days before the expiry at which it counts."),
    ),
)  # fmt: skip
