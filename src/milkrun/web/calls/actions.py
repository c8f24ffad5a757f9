"""What a planner does with calls: one command for one form."""

from collections import Counter
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.demand import queries as demand
from milkrun.demand.commands.reprocess_call import reprocess_call
from milkrun.demand.commands.request_cancel import CallAnswer, request_cancel
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.production.commands.release_call import release_call
from milkrun.shipping.commands.accept_cancel import accept_cancel
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.decline_cancel import decline_cancel
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.web import words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.calls.answering import refused
from milkrun.web.calls.views import call_page, monitor_page


def _chosen(request: StaffRequest) -> tuple[int, ...]:
    public_ids = request.POST.getlist("call")
    if not public_ids:
        raise Invalid([Problem("call", _("Choose at least one call first."))])
    return demand.call_ids(request.site.id, public_ids)


def _again(request: StaffRequest, refusal: Refusal) -> HttpResponse:
    """Show the refusal on the page that the form stood on."""
    single = request.POST.get("from_call", "")
    return call_page(request, single, refusal) if single else monitor_page(request, refusal)


def _back(request: StaffRequest) -> str:
    single = request.POST.get("from_call", "")
    query = request.POST.get("query", "")
    return reverse("call", args=[single]) if single else f"{reverse('calls')}?{query}" if query else reverse("calls")


@permit("release_call")
@require_POST
def release(request: StaffRequest) -> HttpResponse:
    """Release the chosen calls to production."""
    try:
        done = release_call(call_ids=_chosen(request), **doing(request, "release_call"))
    except Refusal as refusal:
        return _again(request, refusal)
    if done.jobs:
        made = ", ".join(job.number for job in done.jobs)
        text = ngettext("Released. Job %(jobs)s was made.", "Released. Jobs %(jobs)s were made.", len(done.jobs))
        messages.success(request, text % {"jobs": made})
    else:
        messages.success(request, _("Released. Everything is in stock, nothing has to be made."))
    return redirect(_back(request))


@permit("release_for_packing")
@require_POST
def to_packing(request: StaffRequest) -> HttpResponse:
    """Release the chosen calls for packing."""
    try:
        done = release_for_packing(call_ids=_chosen(request), **doing(request, "release_for_packing"))
    except Refusal as refusal:
        return _again(request, refusal)
    titles = ", ".join(rack.title for rack in done.packing_groups)
    messages.success(request, _("Released for packing: %s.") % titles)
    return redirect(_back(request))


@permit("create_delivery")
@require_POST
def to_delivery(request: StaffRequest) -> HttpResponse:
    """Put the chosen calls on one delivery."""
    try:
        done = create_delivery(call_ids=_chosen(request), **doing(request, "create_delivery"))
    except Refusal as refusal:
        return _again(request, refusal)
    messages.success(request, _("Delivery %s was created.") % done.number)
    for warning in getattr(done, "warnings", ()):
        messages.warning(request, warning)
    if "view_deliveries" in request.access.actions:
        return redirect("delivery", public_id=done.public_id)
    return redirect(_back(request))


@permit("request_cancel")
@require_POST
def cancel(request: StaffRequest) -> HttpResponse:
    """Ask for the chosen calls to be cancelled; each gets its own answer."""
    try:
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        done = request_cancel(
            call_ids=_chosen(request), reason=reason, source="manual", **doing(request, "request_cancel")
        )
    except Refusal as refusal:
        return _again(request, refusal)
    return _answered(request, done.answers)


def _answered(request: StaffRequest, answers: Sequence[CallAnswer]) -> HttpResponse:
    """Tell what became of the only call, or show the list with one answer each."""
    if len(answers) == 1 and not answers[0].done:
        return _again(request, refused(answers[0]))
    for outcome, count in Counter(answer.outcome for answer in answers).items():
        say = messages.warning if outcome == "refused" else messages.success
        say(request, f"{words.word('outcome', outcome)}: {count}")
    for answer in answers:
        if not answer.done:
            messages.error(request, answer.message)
    return redirect(_back(request))


@permit("accept_cancel")
@require_POST
def accept_cancelling(request: StaffRequest, public_id: str) -> HttpResponse:
    """Accept that a call under way is cancelled."""
    try:
        (call_id,) = demand.call_ids(request.site.id, [public_id])
        note = request.POST.get("note", "").strip()
        accept_cancel(call_id=call_id, note=note, **doing(request, "accept_cancel"))
    except Refusal as refusal:
        return call_page(request, public_id, refusal)
    messages.success(request, _("The call is cancelled. Its goods are free for an equal call."))
    return redirect("call", public_id=public_id)


@permit("decline_cancel")
@require_POST
def decline_cancelling(request: StaffRequest, public_id: str) -> HttpResponse:
    """Decline it: the call goes on."""
    try:
        (call_id,) = demand.call_ids(request.site.id, [public_id])
        reason = typed_text(request, "reason", _("Say why: the customer is told so."))
        decline_cancel(call_id=call_id, reason=reason, **doing(request, "decline_cancel"))
    except Refusal as refusal:
        return call_page(request, public_id, refusal)
    messages.success(request, _("Declined. The call goes on."))
    return redirect("call", public_id=public_id)


@permit("reprocess_call")
@require_POST
def reprocess(request: StaffRequest, public_id: str) -> HttpResponse:
    """Match the components of a call again."""
    try:
        (call_id,) = demand.call_ids(request.site.id, [public_id])
        done = reprocess_call(call_id=call_id, **doing(request, "reprocess_call"))
    except Refusal as refusal:
        return call_page(request, public_id, refusal)
    if done.still_unmatched:
        messages.warning(request, _("Still not matched: %s") % " ".join(done.still_unmatched))
    else:
        messages.success(request, _("Everything is matched now. The call can be released."))
    return redirect("call", public_id=public_id)
