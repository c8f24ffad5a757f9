"""What can go wrong with the flow of calls: a gap or a jump in the sequence, a customer who has fallen silent."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, Min, Q, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext_lazy as _

from milkrun.demand.models import JitCall, SkippedNumber
from milkrun.demand.queries import OPEN_STATES
from milkrun.demand.steps.streams import JUMP
from milkrun.insight.models import CallPulse
from milkrun.insight.queries.metrics.metric import MOST, Finding, Metric, Standard, Wanted
from milkrun.insight.queries.rhythm import MILLION
from milkrun.insight.queries.silence import silences
from milkrun.kernel.tasks import reports

# More streams than this are looked at in the next turns only where they are among the first.
STREAMS = 200


def _gaps(wanted: Wanted) -> Sequence[Finding]:
    """Find open calls whose predecessor in the stream is missing.

    A cancelled car holds its place, and a number that was skipped is not waited for: neither is a gap.
    """
    rows = JitCall.objects.filter(stream__isnull=False, **wanted.narrow(site="site_id", partner="partner_id"))
    if wanted.place:
        rows = rows.filter(stream__code=wanted.place)
    begun = rows.filter(state__in=OPEN_STATES, position__isnull=False).values("stream").annotate(first=Min("position"))
    ranges = Q(pk=None)
    for row in begun.order_by("stream")[:STREAMS]:
        # One rack before the first open call, so that a number that is missing right before it is seen as well.
        ranges |= Q(stream=row["stream"], position__gte=row["first"] - 50)
    stream, place = [F("stream")], F("position").asc()
    steps = rows.filter(ranges).annotate(
        before=Window(Lag("position"), partition_by=stream, order_by=place),
        before_text=Window(Lag("sequence_text"), partition_by=stream, order_by=place),
    )
    found = steps.filter(before__lt=F("position") - 1).select_related("partner", "ship_to", "stream")
    gaps = [call for call in found[: 4 * MOST] if call.state in OPEN_STATES]
    missing = _missing(gaps)
    gaps = [call for call in gaps if missing[call.pk] > wanted.threshold]
    return [_gap(call, missing[call.pk]) for call in sorted(gaps, key=lambda call: (call.required_at, call.pk))[:MOST]]


def _missing(gaps: Sequence[JitCall]) -> dict[int, int]:
    """Count, by call, the numbers before it that neither came nor were skipped."""
    skipped: dict[int, list[int]] = {}
    rows = SkippedNumber.objects.filter(stream__in={call.stream_id for call in gaps}).order_by("stream", "position")
    for stream, position in rows.values_list("stream_id", "position"):
        skipped.setdefault(stream, []).append(position)
    found = {}
    for call in gaps:
        place, before = call.position or 0, call.before  # type: ignore[attr-defined]
        known = skipped.get(call.stream_id or 0, [])
        found[call.pk] = place - before - 1 - (bisect_left(known, place) - bisect_right(known, before))
    return found


def _gap(call: JitCall, missing: int) -> Finding:
    text = call.before_text  # type: ignore[attr-defined]
    plant = call.ship_to.code if call.ship_to else call.ship_to_code
    facts = {"customer": call.partner.code, "plant": plant, "stream": call.stream_code or plant, "before": text,
             "after": call.sequence_text, "missing": str(missing), "zone": call.zone}  # fmt: skip
    return Finding(
        "call", call.pk, call.external_no, call.site_id, call.received_at, call.public_id, facts, call.required_at,
        call.partner_id, mark="jump" if missing > JUMP else "",
    )  # fmt: skip


def _silent(wanted: Wanted) -> Sequence[Finding]:
    pulses = list(
        CallPulse.objects.filter(**wanted.narrow(site="site_id", partner="partner_id"))
        .select_related("partner")
        .order_by("partner_id")
    )
    missing = silences(pulses, wanted.at, working=wanted.working)
    return [
        Finding(
            "customer", row.partner_id, row.partner.code, row.site_id, row.last_at,
            facts={"customer": row.partner.code, "last_at": row.last_at.isoformat(), "zone": row.zone,
                   "takts": str(missing[row.pk] // MILLION)},
            partner_id=row.partner_id,
        )
        for row in pulses
        if Decimal(missing[row.pk]) > wanted.threshold * MILLION
    ][:MOST]  # fmt: skip


CUMULATIVE = "I-07"


def _broken_invariants(wanted: Wanted, only: str = "") -> Sequence[Finding]:
    """Take what the hourly verification found; the figures themselves are too large to recompute at every look."""
    report = reports().get("verify")
    if report is None or report.done_at is None or not wanted.sites:
        return []
    found = []
    for broken in report.result.get("broken", ()):
        if (broken["id"] == CUMULATIVE) != bool(only):
            continue
        facts = {"id": broken["id"], "title": broken["title"], "count": str(broken["violations"]),
                 "first": ", ".join(broken["first"][:3])}  # fmt: skip
        number = int("".join(filter(str.isdigit, broken["id"])) or 0)
        found.append(Finding("invariant", number, broken["id"], wanted.sites[0], report.done_at, facts=facts))
    return sorted(found, key=lambda one: one.id)


def _cumulative(wanted: Wanted) -> Sequence[Finding]:
    return _broken_invariants(wanted, CUMULATIVE)


FLOW_METRICS = (
    Metric(
        "sequence_gap", _("Gap or jump in the sequence"), "count", "above", _gaps,
        _("%(customer)s, stream %(stream)s: between %(before)s and %(after)s the calls are missing (%(missing)s)."),
        _("Racks of later numbers wait for them; a late number fills its slot."),
        _("Look"), "", ("partner", "place"), Standard(Decimal(0), "material_planner", "act", 0, 60, "supervisor"),
        _("Missing numbers that are still tolerated."),
    ),
    Metric(
        "silence", _("Customer silent"), "takts", "above", _silent,
        _("No call of %(customer)s since %(last_at)s; by the rhythm of the last weeks %(takts)s should have come."),
        _("Either the customer stands still or the line to them is broken, and every minute is lost."),
        _("Call the customer"), "", ("partner",), Standard(Decimal(4), "material_planner", "act", 60, 30, "supervisor"),
        _("Transmissions that should have come by the customer's own rhythm and did not."),
    ),
    Metric(
        "cumulative_mismatch", _("Cumulative quantity does not match"), "count", "above", _cumulative,
        _("What was shipped does not add up to the cumulative quantity: %(first)s (places in all: %(count)s)."),
        _("Customer and supplier would count differently from now on."),
        _("Look"), "", (), Standard(Decimal(0), "material_planner"), _("Mismatches that the verification found."),
    ),
    Metric(
        "verify_failed", _("The books do not add up"), "count", "above", _broken_invariants,
        _("%(title)s (%(id)s): this does not hold at %(first)s (places in all: %(count)s)."),
        _("Figures on the screens may be wrong."),
        _("Look"), "", (), Standard(Decimal(0), "admin"), _("Violations that the verification found."),
    ),
)  # fmt: skip
