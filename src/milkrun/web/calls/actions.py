"""What a planner does with calls: one command for one form."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from milkrun.demand import queries as demand
from milkrun.demand.commands.reprocess_call import reprocess_call
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.shipping.commands.accept_cancel import accept_cancel
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.decline_cancel import decline_cancel
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.commands.reorder_component import reorder_component
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.calls.bulk import again, back, chosen
from milkrun.web.calls.views import call_page


@permit("release_for_packing")
@require_POST
def to_packing(request: StaffRequest) -> HttpResponse:
    """Release the chosen calls for packing."""
    try:
        done = release_for_packing(call_ids=chosen(request), **doing(request, "release_for_packing"))
    except Refusal as refusal:
        return again(request, refusal)
    titles = ", ".join(rack.title for rack in done.packing_groups)
    messages.success(request, _("Released for packing: %s.") % titles)
    for warning in done.warnings:
        messages.warning(request, warning)
    return redirect(back(request))


@permit("create_delivery")
@require_POST
def to_delivery(request: StaffRequest) -> HttpResponse:
    """Put the chosen calls on one delivery."""
    try:
        done = create_delivery(call_ids=chosen(request), **doing(request, "create_delivery"))
    except Refusal as refusal:
        return again(request, refusal)
    messages.success(request, _("Delivery %s was created.") % done.number)
    for warning in done.warnings:
        messages.warning(request, warning)
    if "view_deliveries" in request.access.actions:
        return redirect("delivery", public_id=done.public_id)
    return redirect(back(request))


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


@permit("reorder_component")
@require_POST
def reorder(request: StaffRequest, public_id: str) -> HttpResponse:
    """Order parts of a component group again."""
    try:
        (call_id,) = demand.call_ids(request.site.id, [public_id])
        lines = [int(text) for text in request.POST.getlist("line") if text.isascii() and text.isdigit()]
        if not lines:
            raise Invalid([Problem("line", _("Choose what is damaged or missing."))])
        done = reorder_component(
            call_id=call_id, group_code=request.POST.get("group", ""), line_nos=lines,
            reason=typed_text(request, "reason", _("Say what happened: the reason stands in the history.")),
            lost=request.POST.get("lost") == "1", **doing(request, "reorder_component"),
        )  # fmt: skip
    except Refusal as refusal:
        return call_page(request, public_id, refusal)
    text = _("Ordered again as call %s, outside the sequence.") if done.after_delivery else _("Ordered again: %s.")
    messages.success(request, text % done.external_no)
    return redirect("call", public_id=done.public_id)
