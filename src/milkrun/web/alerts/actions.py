"""What a person does about an alert: retry what failed, put it to sleep, give it to somebody."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.demand.commands.reprocess_call import reprocess_call
from milkrun.exchange.commands.send_again import send_again
from milkrun.gateway.process import try_again
from milkrun.insight import queries as insight
from milkrun.insight.commands.assign_alert import assign_alert
from milkrun.insight.commands.snooze_alert import snooze_alert
from milkrun.insight.queries import AlertView
from milkrun.kernel.errors import Forbidden, Invalid, Problem, Refusal
from milkrun.printing import queries as printing
from milkrun.printing.commands.redirect_print_job import redirect_print_job
from milkrun.production.commands.reprocess_postings import reprocess_postings
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing
from milkrun.web.alerts.views import RETRIES, alert_page


def _posting(request: StaffRequest, row: AlertView) -> tuple[bool, str]:
    (one,) = reprocess_postings(confirmation_ids=(row.subject_id,), **doing(request, "reprocess_postings")).answers
    posted = one.outcome == "posted"
    return posted, _("Posted. Stock is right again.") if posted else one.message


def _sending(request: StaffRequest, row: AlertView) -> tuple[bool, str]:
    send_again(outbox_id=row.subject_id, **doing(request, "send_again"))
    return True, _("It is sent again, byte for byte.")


def _message(request: StaffRequest, row: AlertView) -> tuple[bool, str]:
    taken = try_again(row.subject_id, actor=request.actor, at=timezone.now())
    return taken, _("The message is taken over now.") if taken else _("The file says why; remove the cause first.")


def _matching(request: StaffRequest, row: AlertView) -> tuple[bool, str]:
    left = reprocess_call(call_id=row.subject_id, **doing(request, "reprocess_call")).still_unmatched
    return not left, " ".join(left) or _("Everything is matched now. The call can be released.")


def _printing(request: StaffRequest, row: AlertView) -> tuple[bool, str]:
    job = printing.job(request.site.id, row.subject_public_id, request.zone)
    printer = printing.printer_id(request.site.id, job.printer)
    redirect_print_job(print_job_id=job.id, printer_id=printer, **doing(request, "redirect_print_job"))
    return True, _("On its way to %s.") % job.printer


AGAIN: dict[str, Callable[[StaffRequest, AlertView], tuple[bool, str]]] = {
    "reprocess_postings": _posting,
    "send_again": _sending,
    "receive_interchange": _message,
    "reprocess_call": _matching,
    "print_label": _printing,
}


@permit("view_alerts")
@require_POST
def retry(request: StaffRequest, public_id: str) -> HttpResponse:
    """Try again what failed; the alert closes by itself once the cause is gone."""
    try:
        row = insight.alert(request.site.id, public_id, request.zone)
        if row.action not in RETRIES or row.action not in request.access.actions:
            raise Forbidden(_("Your roles do not allow this. Give the alert to somebody who may."), action=row.action)
        done, text = AGAIN[row.action](request, row)
    except Refusal as refusal:
        return alert_page(request, public_id, refusal)
    if done:
        messages.success(request, text)
    else:
        messages.warning(request, _("Still not possible: %s") % text)
    return redirect(_back(request))


@permit("snooze_alert")
@require_POST
def snooze(request: StaffRequest, public_id: str) -> HttpResponse:
    """Let the alert sleep for some minutes."""
    try:
        row = insight.alert(request.site.id, public_id, request.zone)
        minutes = typed_minutes(request, "minutes")
        until = timezone.now() + timedelta(minutes=minutes)
        snooze_alert(alert_id=row.id, until=until, **doing(request, "snooze_alert"))
    except Refusal as refusal:
        return alert_page(request, public_id, refusal)
    text = ngettext("It sleeps for %(n)d minute.", "It sleeps for %(n)d minutes.", minutes)
    messages.success(request, text % {"n": minutes})
    return redirect(_back(request))


@permit("assign_alert")
@require_POST
def assign(request: StaffRequest, public_id: str) -> HttpResponse:
    """Give the alert to a role or a person."""
    try:
        row = insight.alert(request.site.id, public_id, request.zone)
        whom, _colon, key = request.POST.get("owner", "").partition(":")
        user_id = int(key) if whom == "user" and key.isascii() and key.isdigit() and len(key) < 19 else None
        role = key if whom == "role" else ""
        assign_alert(alert_id=row.id, role=role, user_id=user_id, **doing(request, "assign_alert"))
    except Refusal as refusal:
        return alert_page(request, public_id, refusal)
    messages.success(request, _("Given on."))
    return redirect("alert", public_id=public_id)


def typed_minutes(request: StaffRequest, field: str, empty: int | None = None) -> int:
    """Read whole minutes from a form.

    Raises:
        Invalid: no whole number, or more than 30 days.
    """
    text = request.POST.get(field, "").strip()
    if not text and empty is not None:
        return empty
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) <= 43_200):
        raise Invalid([Problem(field, _("Write the time in whole minutes, at most 43200 (30 days)."))])
    return int(text)


def _back(request: StaffRequest) -> str:
    back = request.POST.get("back", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/") else "alerts"
