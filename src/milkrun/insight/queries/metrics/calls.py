"""What can go wrong with a call on its way: not released, packed, delivered or matched in time, cancelled late."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.insight.queries.metrics.metric import MOST, Finding, Metric, Standard, Wanted

_SCOPES = ("partner",)
_MEANING = _("Minutes before the goods are needed.")


def minutes(threshold: Decimal) -> timedelta:
    """Turn a threshold in minutes into a length of time."""
    return timedelta(microseconds=int(threshold * 60_000_000))


def _waiting(*states: str) -> Callable[[Wanted], Sequence[Finding]]:
    """Make a search for calls that stand in a state although they are needed soon."""

    def search(wanted: Wanted) -> Sequence[Finding]:
        ahead = minutes(wanted.threshold)
        rows = JitCall.objects.filter(
            state__in=states, required_at__lt=wanted.at + ahead, **wanted.narrow(site="site_id", partner="partner_id")
        )
        return [
            _finding(call, call.required_at - ahead)
            for call in rows.select_related("partner").order_by("required_at", "id")[:MOST]
        ]

    return search


def _finding(call: JitCall, since: datetime, **facts: str) -> Finding:
    known = {"call": call.external_no, "customer": call.partner.code, "needed_at": call.required_at.isoformat(),
             "zone": call.zone, **facts}  # fmt: skip
    return Finding(
        "call", call.pk, call.external_no, call.site_id, since, call.public_id, known,
        call.required_at, call.partner_id,
    )  # fmt: skip


def _unmatched(wanted: Wanted) -> Sequence[Finding]:
    groups = ComponentGroup.objects.filter(
        state="created", matching="unmatched", **wanted.narrow(site="site_id", partner="call__partner_id")
    )
    rows = (
        JitCall.objects.filter(pk__in=groups.values("call"))
        .select_related("partner")
        .order_by("required_at", "id")[:MOST]
    )
    calls = list(rows)
    why = dict(
        ComponentGroup.objects.filter(call__in=calls)
        .exclude(components__matching_reason="")
        .order_by("-id")
        .values_list("call_id", "components__matching_reason")
    )
    return [_finding(call, call.received_at, why=str(why.get(call.pk, ""))) for call in calls]


def _cancelled(wanted: Wanted) -> Sequence[Finding]:
    """Find what was made for nobody; a cancelled call is old news once its time has passed."""
    made = Exists(ComponentGroup.objects.filter(call=OuterRef("pk"), production="confirmed"))
    rows = JitCall.objects.filter(**wanted.narrow(site="site_id", partner="partner_id")).select_related("partner")
    late = rows.filter(made, state="cancel_requested")
    recent = rows.filter(made, state="cancelled", required_at__gt=wanted.at - minutes(wanted.threshold))
    both = (*late.order_by("required_at", "id")[:MOST], *recent.order_by("required_at", "id")[:MOST])
    found = sorted(both, key=lambda call: (call.required_at, call.pk))[:MOST]
    return [_finding(call, call.received_at) for call in found]


CALL_METRICS = (
    Metric(
        "call_not_released", _("Call not released in time"), "minutes", "below", _waiting("created"),
        _("Call %(call)s of %(customer)s is needed %(needed_at)s and is not released yet."),
        _("It cannot be made or packed in time; the customer's line may stop."),
        _("Release"), "release_calls", _SCOPES, Standard(Decimal(240), "material_planner", "act", 0, 60, "supervisor"),
        _MEANING,
    ),
    Metric(
        "produced_not_packed", _("Produced but not packed"), "minutes", "below", _waiting("ready", "in_packing"),
        _("The goods of call %(call)s for %(customer)s are ready, are needed %(needed_at)s and are not packed yet."),
        _("The truck leaves without them."),
        _("To packing"), "", _SCOPES, Standard(Decimal(120), "shipping", "watch", 0, 60, "supervisor"), _MEANING,
    ),
    Metric(
        "packed_not_delivered", _("Packed but on no delivery"), "minutes", "below", _waiting("packed"),
        _("Call %(call)s of %(customer)s is packed, is needed %(needed_at)s and stands on no delivery yet."),
        _("The truck leaves without it."),
        _("Create delivery"), "create_delivery", _SCOPES,
        Standard(Decimal(90), "shipping", "act", 0, 30, "supervisor"), _MEANING,
    ),
    Metric(
        "unknown_part", _("Call with something unknown"), "count", "above", _unmatched,
        _("Call %(call)s of %(customer)s cannot be released: %(why)s"),
        _("Nothing is made for it until it is matched."),
        _("See why"), "reprocess_call", _SCOPES, Standard(Decimal(0), "material_planner"),
        _("Unmatched components of a call."),
    ),
    Metric(
        "cancelled_after_production", _("Cancelled after production"), "minutes", "below", _cancelled,
        _("Call %(call)s of %(customer)s, needed %(needed_at)s, was cancelled after its goods were made."),
        _("Goods stand ready that nobody called for any more."),
        _("Decide"), "", _SCOPES, Standard(Decimal(1440), "material_planner", "watch"),
        _("Minutes after the time the goods were needed until this is forgotten."),
    ),
)  # fmt: skip
