"""What a planner does with calls: one command for one form."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.demand import queries as demand
from milkrun.demand.commands.cancel_call import cancel_call
from milkrun.demand.commands.reprocess_call import reprocess_call
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.kernel.identity import Request
from milkrun.production.commands.release_call import release_call
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
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


@permit("cancel_call")
@require_POST
def cancel(request: StaffRequest) -> HttpResponse:
    """Cancel the chosen calls, each on its own; the first refusal stops and says which."""
    try:
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        ids = _chosen(request)
        who = doing(request, "cancel_call")
        for call_id in ids:
            part = Request(who["request"].scope, f"{who['request'].key}:{call_id}", who["request"].body_hash)
            cancel_call(call_id=call_id, reason=reason, **{**who, "request": part})
    except Refusal as refusal:
        return _again(request, refusal)
    messages.success(request, ngettext("%d call was cancelled.", "%d calls were cancelled.", len(ids)) % len(ids))
    return redirect(_back(request))


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
