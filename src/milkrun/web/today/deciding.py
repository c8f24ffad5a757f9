"""What the signed-in person should decide now, most urgent first: only from rows that exist, only what they may do."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from milkrun.demand import queries as demand
from milkrun.exchange import queries as exchange
from milkrun.insight import queries as insight
from milkrun.production import queries as production
from milkrun.shipping import queries as shipping
from milkrun.stock.queries import aside
from milkrun.web.access import StaffRequest

SHOWN = 6
TOLD = 20
# Ordinary work becomes an exception when so little time is left.
SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide: how urgent, what, for whom, by when, and the button that leads there."""

    tone: str
    word: str
    what: str
    detail: str
    due: str
    button: str
    url: str
    # The figure that watches this trouble, and which row it is about; the number of rows where it stands for several.
    metric: str = ""
    subject: int = 0
    several: int = 0


def exceptions(request: StaffRequest) -> list[Decision]:
    """List what needs this person's judgement: open alerts, what went wrong, what is about to be late."""
    alerts = list(_alerts(request))
    # A trouble that an alert tells of stands there once; where its rule is off or muted, it stands here by itself.
    told = {(alert.metric, alert.subject) for alert in alerts}
    counted = Counter(alert.metric for alert in alerts)
    urgent = [
        decision
        for decision in decisions(request)
        if (decision.tone in {"act", "watch"} or _late(decision))
        and (decision.metric, decision.subject) not in told
        and not 0 < decision.several <= counted[decision.metric]
    ]
    return [*alerts, *urgent][:30]


def _alerts(request: StaffRequest) -> Iterator[Decision]:
    if "view_alerts" not in request.access.actions:
        return
    mine = insight.AlertFilter(mine=request.access.roles, user_id=request.actor.user_id)
    for row in insight.alerts(request.site.id, mine, request.zone, limit=TOLD).rows:
        word = _("Act now") if row.tone == "act" else _("Watch")
        yield Decision(row.tone, word, row.cause, row.stake, "", _("Look"), reverse("alert", args=[row.public_id]),
                       metric=row.metric, subject=row.subject_id)  # fmt: skip


def _late(decision: Decision) -> bool:
    return bool(decision.due) and datetime.fromisoformat(decision.due) < timezone.now() + SOON


def decisions(request: StaffRequest) -> list[Decision]:
    """List what waits for this person: troubles first, then by the time it is due."""
    found = [
        decision
        for action, source in SOURCES
        if action in request.access.actions
        for decision in source(request.site.id, request.zone)
    ]
    urgency = {"act": 0, "watch": 1}
    return sorted(found, key=lambda d: (urgency.get(d.tone, 2), d.due or "9"))[:30]


def _failed_postings(site_id: int, zone: str) -> Iterator[Decision]:
    for row in production.failed_postings(site_id, zone, limit=SHOWN).rows:
        yield Decision("act", _("Failed"), _("Stock posting of job %s failed") % row.job_number, row.failure, "",
                       _("Look and retry"), reverse("failed_postings"), "stock_posting_failed", row.id)  # fmt: skip


def _unmatched(site_id: int, zone: str) -> Iterator[Decision]:
    wanted = demand.CallFilter(state="created", unmatched=True)
    for row in demand.calls(site_id, wanted, zone, limit=SHOWN).rows:
        yield Decision("act", _("Not matched"), _("Call %s cannot be released") % row.number,
                       f"{row.customer} · {', '.join(row.contents)}", row.due, _("See why"),
                       reverse("call", args=[row.public_id]), "unknown_part", row.id)  # fmt: skip


def _messages(site_id: int, zone: str) -> Iterator[Decision]:
    trouble = exchange.trouble()
    if n := trouble["out_stuck"]:
        text = ngettext("%d outgoing file is held or rejected", "%d outgoing files are held or rejected", n) % n
        yield Decision("act", _("Stuck"), text, "", "", _("Look"), reverse("outbox") + "?state=held",
                       "asn_failed", several=n)  # fmt: skip
    if n := trouble["in_quarantined"]:
        text = ngettext("%d received file is in quarantine", "%d received files are in quarantine", n) % n
        yield Decision("watch", _("Watch"), text, "", "", _("Look"), reverse("messages") + "?show=quarantined",
                       "file_refused", several=n)  # fmt: skip
    if n := trouble["in_failed"]:
        text = ngettext("%d received message was not taken over", "%d received messages were not taken over", n) % n
        yield Decision("act", _("Failed"), text, "", "", _("Look"), reverse("messages") + "?show=failed",
                       "message_failed", several=n)  # fmt: skip


def _scans(site_id: int, zone: str) -> Iterator[Decision]:
    for row in aside.aside(site_id, zone, limit=SHOWN).rows:
        what = _("A scan of %(user)s was set aside: %(scan)s") % {"user": row.scanned_by, "scan": row.scan}
        yield Decision("watch", _("Watch"), what, row.message, "", _("Look"), reverse("set_aside_scans"))


def _calls(state: str, button: str, text: str) -> Callable[[int, str], Iterator[Decision]]:
    def found(site_id: int, zone: str) -> Iterator[Decision]:
        for row in demand.calls(site_id, demand.CallFilter(state=state), zone, limit=SHOWN).rows:
            if not row.unmatched:
                where = f"{row.customer} {row.place} · {', '.join(row.contents)}"
                yield Decision("step", "", _(text) % row.number, where, row.due, _(button),
                               f"{reverse('calls')}?state={state}")  # fmt: skip

    return found


def _jobs(site_id: int, zone: str) -> Iterator[Decision]:
    for row in production.jobs(site_id, zone, limit=SHOWN).rows:
        lines = ngettext("%d line open", "%d lines open", row.open_lines) % row.open_lines
        yield Decision("step", "", _("Make job %s") % row.number, f"{row.title} · {lines}", row.due,
                       _("Confirm"), reverse("job", args=[row.public_id]))  # fmt: skip


def _racks(site_id: int, zone: str) -> Iterator[Decision]:
    for row in demand.racks(site_id, zone, limit=SHOWN):
        left = ngettext("%d place to pack", "%d places to pack", row.open) % row.open
        yield Decision("step", "", _("Pack %s") % row.title, f"{row.partner} · {left}", row.due, _("Pack"),
                       reverse("rack", args=[row.public_id]))  # fmt: skip


def _leaving(site_id: int, zone: str) -> Iterator[Decision]:
    for row in shipping.deliveries(site_id, zone, limit=SHOWN).rows:
        button = _("Pick") if row.state == "open" else _("Post goods issue")
        yield Decision("step", "", _("Send delivery %s") % row.number, f"{row.partner} {row.ship_to}", row.due, button,
                       reverse("delivery", args=[row.public_id]))  # fmt: skip


def _to_bill(site_id: int, zone: str) -> Iterator[Decision]:
    for row in shipping.deliveries(site_id, zone, state="issued", limit=SHOWN).rows:
        where = f"{row.partner} · {_('left')} {row.issued}"
        yield Decision("step", "", _("Bill delivery %s") % row.number, where, "", _("Bill"), reverse("billing"))


SOURCES: tuple[tuple[str, Callable[[int, str], Iterator[Decision]]], ...] = (
    ("reprocess_postings", _failed_postings),
    ("reprocess_call", _unmatched),
    ("send_again", _messages),
    ("settle_scan", _scans),
    ("release_calls", _calls("created", N_("Release"), N_("Release call %s"))),
    ("confirm_job", _jobs),
    ("release_for_packing", _calls("ready", N_("Release for packing"), N_("Release call %s for packing"))),
    ("confirm_packing", _racks),
    ("create_delivery", _calls("packed", N_("Create delivery"), N_("Put call %s on a delivery"))),
    ("post_goods_issue", _leaving),
    ("issue_invoice", _to_bill),
)
