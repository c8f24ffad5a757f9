"""Who may see and do what: every view declares it, and a view that declares nothing is refused.

A view is open to everybody (`public`), to everybody signed in (`signed_in`) or to those whose roles allow an action
(`permit("post_goods_issue")`). These are views for our own staff. A page of the portal (`portal("portal_calls")`) is
for people of a customer only; to them every other page, and whatever is not their company's, is an address that does
not exist. The mark stays on the function, where a test that walks all addresses finds it.
"""

import functools
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from milkrun.kernel.errors import Forbidden, Invalid, NotFound, Problem, Refusal
from milkrun.kernel.identity import Actor
from milkrun.partners import queries as partners
from milkrun.partners.queries import Access, SiteView, Visitor
from milkrun.partners.queries.rights import ACTIONS, PORTAL_ACTIONS
from milkrun.web import pages

View = Callable[..., HttpResponseBase]
MARK = "milkrun_permission"
PUBLIC = "public"
SIGNED_IN = "signed_in"


class PersonRequest(HttpRequest):
    """A request of somebody signed in, as views get it."""

    request_id: str
    actor: Actor


class StaffRequest(PersonRequest):
    """A request of a member of our staff."""

    access: Access
    site: SiteView  # type: ignore[assignment]  # the stubs mean the sites framework, which is not installed
    zone: str


class PortalRequest(PersonRequest):
    """A request of a person of a customer, in the portal."""

    visitor: Visitor


def public(view: View) -> View:
    """Declare a view open to everybody."""
    setattr(view, MARK, PUBLIC)
    return view


def signed_in(view: View) -> View:
    """Declare a view open to every member of staff."""
    return _guarded(view, SIGNED_IN)


def permit(action: str) -> Callable[[View], View]:
    """Declare the action that a view needs; somebody without it gets a 403 page that says so."""
    if action not in ACTIONS:
        raise ValueError(f"No role knows the action {action!r}.")
    return lambda view: _guarded(view, action)


def portal(action: str) -> Callable[[View], View]:
    """Declare a page of the portal; our own staff is refused, and what is not found does not exist."""
    if action not in PORTAL_ACTIONS:
        raise ValueError(f"No portal knows the action {action!r}.")

    def guarding(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            try:
                return view(_visiting(request, action), *args, **kwargs)
            except NotFound:
                return pages.not_found(request)
            except Refusal as refusal:
                return pages.refused(request, refusal)

        setattr(guarded, MARK, action)
        return guarded

    return guarding


def _visiting(request: HttpRequest, needed: str) -> PortalRequest:
    visiting = cast(PortalRequest, request)
    _refuse_unreadable(request)
    visitor = partners.visitor(request.user.pk)
    if visitor is None or needed not in visitor.actions:
        raise Forbidden(_("These pages are for the people of a customer. Yours are under Today."))
    visiting.visitor = visitor
    visiting.actor = Actor(visitor.email, "portal", visitor.user_id, visiting.request_id)
    return visiting


def is_staff(request: HttpRequest) -> bool:
    """Tell whether a signed-in person is one of ours."""
    return request.user.is_authenticated and cast(Any, request.user).realm == "staff"


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _guarded(view: View, needed: str) -> View:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not is_staff(request):
            return redirect("portal") if request.path == "/" else pages.not_found(request)
        try:
            staff = admitted(request, needed)
            return view(staff, *args, **kwargs)
        except Refusal as refusal:
            return pages.refused(request, refusal)

    setattr(guarded, MARK, needed)
    return guarded


def _refuse_unreadable(request: HttpRequest) -> None:
    """Refuse what no keyboard types and no database keeps: the NUL character and halves of characters."""
    values = [value for data in (request.GET, request.POST) for name in data for value in data.getlist(name)]
    if any("\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value) for value in values):
        raise Invalid([Problem("text", _("The text holds characters that cannot be read. Type it again."))])


def admitted(request: HttpRequest, needed: str) -> StaffRequest:
    """Put site, rights and actor on a request.

    Raises:
        Forbidden: no role here, or none that allows the action.
    """
    staff = cast(StaffRequest, request)
    _refuse_unreadable(request)
    user = cast(Any, request.user)
    access = partners.access(user.pk, request.session.get("site"))
    staff.access = access
    if access.site is None:
        raise Forbidden(_("You have no role at any site yet. Ask an administrator to give you one."))
    staff.site, staff.zone = access.site, access.site.zone
    staff.actor = Actor(name=user.email, via="web", user_id=user.pk, request_id=staff.request_id)
    if needed != SIGNED_IN and needed not in access.actions:
        raise Forbidden(
            _("Your roles (%(roles)s) do not allow this: %(action)s. Ask an administrator.")
            % {"roles": ", ".join(access.roles).replace("_", " "), "action": needed.replace("_", " ")},
            action=needed,
        )
    return staff
