"""People and roles: who may sign in, and what each role may see and do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Refusal
from milkrun.partners import queries as partners
from milkrun.partners.commands.assign_roles import assign_roles
from milkrun.partners.commands.create_user import create_user
from milkrun.partners.commands.define_role import define_role
from milkrun.partners.queries.rights import ACTIONS
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.setup.deeds import grouped


def title_of(role: partners.RoleView) -> str:
    """Return what people read for a role."""
    return role.title or words.word("role", role.name)


@permit("view_setup")
@require_safe
def people(request: StaffRequest) -> HttpResponse:
    """List the staff with their roles."""
    return _people(request)


def _people(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    roles = [(role.name, title_of(role)) for role in partners.role_rights()]
    rows = [{"person": row, "held": {f"{role}@{site}" for role, site in row.roles}} for row in partners.people()]
    context = {
        "rows": rows, "roles": roles, "titles": dict(roles), "sites": partners.sites(),
        "customers": partners.customers(), "visitors": partners.customers_people(),
    }  # fmt: skip
    return pages.page(request, "setup/people.html", context, refusal=refusal)


@permit("create_user")
@require_POST
def add(request: StaffRequest) -> HttpResponse:
    """Let a person in."""
    try:
        done = create_user(
            email=typed_text(request, "email", _("Give the e-mail address."), 120),
            name=typed_text(request, "name", _("Give the name."), 80),
            password=request.POST.get("password", ""), roles=request.POST.getlist("roles"),
            customer=request.POST.get("customer", ""), **doing(request, "create_user"),
        )  # fmt: skip
    except Refusal as refusal:
        return _people(request, refusal)
    messages.success(request, _("%(email)s may sign in now.") % {"email": done.email})
    return redirect("people")


@permit("assign_roles")
@require_POST
def assign(request: StaffRequest) -> HttpResponse:
    """Replace a person's roles, or let the person sign in no more."""
    held = [tuple(held.split("@", 1)) for held in request.POST.getlist("roles") if "@" in held]
    try:
        done = assign_roles(
            email=request.POST.get("email", ""), roles=[(role, site) for role, site in held],
            active=request.POST.get("active") == "yes", **doing(request, "assign_roles"),
        )  # fmt: skip
    except Refusal as refusal:
        return _people(request, refusal)
    messages.success(request, _("Saved for %(email)s.") % {"email": done.email})
    return redirect("people")


@permit("view_setup")
@require_safe
def roles(request: StaffRequest) -> HttpResponse:
    """Show one role with everything it may do."""
    return _roles(request, request.GET.get("role", ""))


def _roles(request: StaffRequest, wanted: str, refusal: Refusal | None = None) -> HttpResponse:
    every = partners.role_rights()
    shown = next((role for role in every if role.name == wanted), every[0])
    views = sorted(action for action in ACTIONS if action.startswith("view_"))
    context = {
        "roles": [(role, title_of(role)) for role in every],
        "shown": shown,
        "title": title_of(shown),
        "views": [(view, words.word("view", view)) for view in views],
        "groups": grouped(ACTIONS - set(views)),
    }
    return pages.page(request, "setup/roles.html", context, refusal=refusal)


@permit("define_role")
@require_POST
def define(request: StaffRequest) -> HttpResponse:
    """Keep what a role may do, or make a role of the company's own."""
    name = request.POST.get("name", "").strip()
    try:
        done = define_role(
            name=name, title=typed_text(request, "title", longest=40), actions=request.POST.getlist("actions"),
            **doing(request, "define_role"),
        )  # fmt: skip
    except Refusal as refusal:
        return _roles(request, name, refusal)
    messages.success(request, _("Saved. It counts from the next page on."))
    return redirect(f"{reverse('roles')}?role={done.name}")
