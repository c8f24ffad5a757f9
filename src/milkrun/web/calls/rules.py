"""Rules for a customer's changes to calls under way, and what the customer's own status words mean."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.demand.commands.map_status import map_status
from milkrun.demand.commands.set_call_rule import set_call_rule
from milkrun.demand.queries.streams import change_rules_of, stream
from milkrun.kernel.errors import NotFound, Refusal
from milkrun.partners import queries as partners
from milkrun.partners.queries import PartnerView
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text


@permit("view_calls")
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    """Show the rules of one customer."""
    return _rules(request, request.GET.get("customer", ""))


def _rules(request: StaffRequest, code: str, refusal: Refusal | None = None) -> HttpResponse:
    customers = partners.customers()
    chosen = next((row for row in customers if row.code == code), customers[0] if customers else None)
    context = {
        "customers": customers,
        "chosen": chosen,
        "rules": change_rules_of(request.site.id, chosen.id, chosen.code) if chosen else None,
        "change_rules": words.CHANGE_RULES,
        "actions": words.STATUS_ACTIONS,
    }
    return pages.page(request, "calls/rules.html", context, refusal=refusal)


def _customer(request: StaffRequest) -> PartnerView:
    found = partners.partner_by_code(request.POST.get("customer", ""))
    if found is None or not found.is_customer:
        raise NotFound(_("This customer does not exist."))
    return found


@permit("set_call_rule")
@require_POST
def save_rule(request: StaffRequest) -> HttpResponse:
    """Set one rule: for the customer, for a state, or for a state in one sequence."""
    try:
        customer, post = _customer(request), request.POST
        stream_id = None
        if "line" in post:
            plant, line = post.get("plant", ""), post.get("line", "")
            stream_id = stream(request.site.id, partner=customer.code, plant=plant, code=line).id
        set_call_rule(
            partner_id=customer.id, change_after_release=post.get("rule", ""), state=post.get("state", ""),
            stream_id=stream_id, **doing(request, "set_call_rule"),
        )  # fmt: skip
    except Refusal as refusal:
        return _rules(request, request.POST.get("customer", ""), refusal)
    messages.success(request, _("The rule holds from now on."))
    return _back(customer)


@permit("map_status")
@require_POST
def save_status(request: StaffRequest) -> HttpResponse:
    """Say what a word means, or forget it."""
    try:
        customer = _customer(request)
        word = typed_text(request, "transmitted", _("Write the word as the customer sends it."), longest=35)
        map_status(
            partner_id=customer.id, transmitted=word, action=request.POST.get("action", ""),
            **doing(request, "map_status"),
        )  # fmt: skip
    except Refusal as refusal:
        return _rules(request, request.POST.get("customer", ""), refusal)
    messages.success(request, _("Messages that come from now on are read by it."))
    return _back(customer)


def _back(customer: PartnerView) -> HttpResponse:
    return redirect(f"{reverse('call_rules')}?customer={customer.code}")
