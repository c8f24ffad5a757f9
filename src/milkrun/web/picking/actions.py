"""What the office does about picking: make a wave, give one up, settle an issue, set where calls are picked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.demand import queries as demand
from milkrun.kernel.errors import NotFound, Refusal
from milkrun.partners import queries as partners
from milkrun.shipping import queries as shipping
from milkrun.shipping.commands.cancel_wave import cancel_wave
from milkrun.shipping.commands.create_wave import create_wave
from milkrun.shipping.commands.set_picking_rule import set_picking_rule
from milkrun.shipping.commands.settle_pick_issue import settle_pick_issue
from milkrun.shipping.queries import picking
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.picking.views import wave_page, waves_page


@permit("create_wave")
@require_POST
def create(request: StaffRequest) -> HttpResponse:
    """Put the chosen deliveries and calls on one walk."""
    site = request.site.id
    try:
        made = create_wave(
            site_id=site,
            delivery_ids=[shipping.delivery_id(site, key) for key in request.POST.getlist("delivery")],
            call_ids=demand.call_ids(site, request.POST.getlist("call")),
            **doing(request, "create_wave"),
        )
    except Refusal as refusal:
        return waves_page(request, refusal)
    text = ngettext("Wave %(number)s has %(n)d task.", "Wave %(number)s has %(n)d tasks.", made.tasks)
    messages.success(request, text % {"number": made.number, "n": made.tasks})
    if made.short:
        messages.warning(request, _("Not enough in stock for %s.") % ", ".join(made.short))
    return redirect("wave", public_id=made.public_id)


@permit("cancel_wave")
@require_POST
def cancel(request: StaffRequest, public_id: str) -> HttpResponse:
    """Give a wave up."""
    try:
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        key = picking.wave_id(request.site.id, public_id)
        cancel_wave(wave_id=key, reason=reason, **doing(request, "cancel_wave"))
    except Refusal as refusal:
        return wave_page(request, public_id, refusal)
    messages.success(request, _("The wave was given up. What was not picked can go on another one."))
    return redirect("wave", public_id=public_id)


@permit("settle_pick_issue")
@require_POST
def settle(request: StaffRequest, public_id: str) -> HttpResponse:
    """Close an issue with what was done."""
    try:
        note = typed_text(request, "note", _("Say what was found and done."))
        key = picking.issue_id(request.site.id, public_id)
        settle_pick_issue(issue_id=key, note=note, **doing(request, "settle_pick_issue"))
    except Refusal as refusal:
        return waves_page(request, refusal)
    messages.success(request, _("Settled."))
    return redirect("picking")


@permit("set_picking_rule")
@require_POST
def rule(request: StaffRequest) -> HttpResponse:
    """Set where summarised calls are picked, for the site or one customer."""
    try:
        set_picking_rule(
            site_id=request.site.id,
            mode=request.POST.get("mode", ""),
            partner_id=_customer(request.POST.get("customer", "")),
            **doing(request, "set_picking_rule"),
        )
    except Refusal as refusal:
        return waves_page(request, refusal)
    messages.success(request, _("The rule holds for calls that are not begun yet."))
    return redirect("picking")


def _customer(code: str) -> int | None:
    if not code:
        return None
    found = partners.partner_by_code(code)
    if found is None:
        raise NotFound(_("This customer does not exist."))
    return found.id
