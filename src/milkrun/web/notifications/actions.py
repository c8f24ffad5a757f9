"""Marking all notifications as read; adding and removing partners' addresses."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.exchange.commands.add_contact import add_contact
from milkrun.exchange.commands.read_notifications import read_notifications
from milkrun.exchange.commands.release_held import release_held
from milkrun.exchange.commands.remove_contact import remove_contact
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.partners.commands.set_partner_language import set_partner_language
from milkrun.web.access import StaffRequest, permit, signed_in
from milkrun.web.acting import doing, typed_text
from milkrun.web.notifications.views import contacts_page


@signed_in
@require_POST
def all_read(request: StaffRequest) -> HttpResponse:
    """Mark everything that waits as read."""
    done = read_notifications(
        user_id=request.actor.user_id or 0,
        site_id=request.site.id,
        roles=request.access.roles,
        **doing(request, "read_notifications"),
    )
    text = ngettext("%d notification marked as read.", "%d notifications marked as read.", done.count)
    messages.success(request, text % done.count)
    return redirect("notifications")


@permit("add_contact")
@require_POST
def add(request: StaffRequest) -> HttpResponse:
    """Add an address of a partner."""
    try:
        partner = partners.partner_by_code(request.POST.get("partner", ""))
        if partner is None:
            raise Invalid([Problem("partner", _("Choose the partner."))])
        add_contact(
            partner_id=partner.id,
            email=typed_text(request, "email", _("Give the e-mail address."), 254),
            kind=request.POST.get("kind", ""),
            name=typed_text(request, "name", longest=80),
            **doing(request, "add_contact"),
        )
    except Refusal as refusal:
        return contacts_page(request, refusal)
    messages.success(request, _("The address was added. It gets what happens from now on."))
    return redirect("contacts")


@permit("set_partner_language")
@require_POST
def language(request: StaffRequest) -> HttpResponse:
    """Set the language that a partner is written to."""
    try:
        partner = partners.partner_by_code(request.POST.get("partner", ""))
        if partner is None:
            raise Invalid([Problem("partner", _("Choose the partner."))])
        set_partner_language(
            partner_id=partner.id, language=request.POST.get("written", "")[:8],
            **doing(request, "set_partner_language"),
        )  # fmt: skip
    except Refusal as refusal:
        return contacts_page(request, refusal)
    messages.success(request, _("Saved. What is sent from now on is in this language."))
    return redirect("contacts")


@permit("remove_contact")
@require_POST
def remove(request: StaffRequest) -> HttpResponse:
    """Remove an address of a partner."""
    try:
        key = request.POST.get("contact", "")
        contact_id = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0
        done = remove_contact(contact_id=contact_id, **doing(request, "remove_contact"))
    except Refusal as refusal:
        return contacts_page(request, refusal)
    messages.success(request, _("Nothing is sent to %s for this any more.") % done.email)
    return redirect("contacts")


@permit("release_held")
@require_POST
def release(request: StaffRequest) -> HttpResponse:
    """Let all held e-mails go."""
    done = release_held(**doing(request, "release_held"))
    text = ngettext("%d e-mail waits to be sent again.", "%d e-mails wait to be sent again.", done.count)
    messages.success(request, text % done.count)
    return redirect("told")
