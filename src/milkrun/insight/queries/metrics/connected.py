"""What can go wrong with other systems: their data come late, a webhook was switched off."""

import zlib
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from milkrun.connections.models import Webhook
from milkrun.connections.queries.overview import ConnectionState, late_connections
from milkrun.insight.models import AlertRule
from milkrun.insight.queries.metrics.metric import MOST, Finding, Metric, Standard, Wanted
from milkrun.partners.models import Site

LATE = "connection_late"
USUAL_LIMIT_MINUTES = 60


def lag_limit_minutes() -> int:
    """Return above how many minutes a connection counts as late: what the rule says, an hour where there is none."""
    rule = AlertRule.objects.filter(metric=LATE, active=True).order_by("threshold").first()
    return int(rule.threshold) if rule else USUAL_LIMIT_MINUTES


def _first_site() -> int:
    return Site.objects.order_by("id").values_list("id", flat=True).first() or 0


def _late(wanted: Wanted) -> Sequence[Finding]:
    otherwise = _first_site()
    found = [
        _finding(one, one.site_id or otherwise, wanted) for one in late_connections(wanted.at, int(wanted.threshold))
    ]
    return sorted((one for one in found if one.site_id in wanted.sites), key=lambda one: one.id)[:MOST]


def _finding(one: ConnectionState, site_id: int, wanted: Wanted) -> Finding:
    minutes = str((one.lag_seconds or 0) // 60)
    # A connection has no row of its own; its name stands for it.
    key = zlib.crc32(f"{one.kind} {one.key}".encode())
    facts = {"connection": one.name, "minutes": minutes}
    return Finding("connection", key, one.name, site_id, one.last_at or wanted.at, one.public_id, facts)


def _switched_off(wanted: Wanted) -> Sequence[Finding]:
    otherwise = _first_site()
    rows = Webhook.objects.filter(state="disabled").order_by("pk")[:MOST]
    return [
        Finding("connection", row.pk, row.name, row.site_id or otherwise, row.failing_since or row.due_at,
                ConnectionState("webhook", row.public_id, row.name).public_id, {"connection": row.name})
        for row in rows
        if (row.site_id or otherwise) in wanted.sites
    ]  # fmt: skip


CONNECTION_METRICS = (
    Metric(
        LATE, _("Data of a connection late"), "minutes", "above", _late,
        _("The newest data of %(connection)s were recorded %(minutes)s minutes after they happened."),
        _("What is shown here is older than it looks, and decisions are made on it."),
        _("Look"), standard=Standard(Decimal(USUAL_LIMIT_MINUTES), "material_planner", "watch"),
        meaning=_("Minutes between the event and its recording."),
    ),
    Metric(
        "webhook_disabled", _("Webhook switched off"), "count", "above", _switched_off,
        _("No event reached %(connection)s for days, so it was switched off."),
        _("The other system no longer knows what happens here."),
        _("Look"), standard=Standard(Decimal(0), "material_planner"), meaning=_("Webhooks that are switched off."),
    ),
)  # fmt: skip
