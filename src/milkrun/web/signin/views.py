"""Signing in and out, and the choice of the site that is looked at.

An unknown address, a wrong password and a person who has no pages here get the same sentence after the same work.
People of a customer come into the portal, wherever they wanted to go.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from milkrun.kernel.identity import Actor
from milkrun.partners import queries as partners
from milkrun.partners.commands.choose_language import choose_language as choose_language_of
from milkrun.web.access import StaffRequest, public, signed_in

LONGEST = 254
BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password, or sign in with them."""
    if request.method == "POST":
        return _try(request)
    if request.user.is_authenticated:
        return redirect(_next(request, request.user.pk))
    return _form(request)


@public
@require_POST
def look_around(request: HttpRequest) -> HttpResponse:
    """Let a visitor into the demo without a password, to look only; everywhere else there is no such door."""
    user_id = partners.demo_visitor() if settings.MILKRUN_DEMO_VISITORS else None
    if user_id is None:
        return _form(request, _("There is no demo to look around in here. Sign in with your own account."), 404)
    login(request, get_user_model().objects.get(pk=user_id), backend=BACKEND)
    return redirect("today")


def _try(request: HttpRequest) -> HttpResponse:
    email = request.POST.get("email", "").strip().lower()[:LONGEST]
    password = request.POST.get("password", "")[:LONGEST]
    user: Any = authenticate(request, username=email, password=password)
    if user is None or (user.realm != "staff" and partners.visitor(user.pk) is None):
        return _form(request, _("E-mail and password do not match. Check both and try again."), 422)
    login(request, user)
    answer = redirect(_next(request, user.pk))
    if user.language:
        _speak(answer, user.language)
    return answer


def _form(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    people = partners.demo_users() if settings.MILKRUN_DEMO else ()
    return render(
        request,
        "signin/sign_in.html",
        {
            "problem": problem,
            "email": request.POST.get("email", ""),
            "next": request.POST.get("next", request.GET.get("next", "")),
            "people": people,
            "demo_password": settings.MILKRUN_DEMO_PASSWORD if people else "",
            "visitors": settings.MILKRUN_DEMO_VISITORS and partners.demo_visitor() is not None,
        },
        status=status,
    )


def _next(request: HttpRequest, user_id: int) -> str:
    """Return where to go after signing in; only addresses of our own count, and the portal for whoever uses it."""
    wanted = _ours(request, request.POST.get("next") or request.GET.get("next") or "")
    home = reverse("portal")
    return wanted if wanted.startswith(home) or partners.visitor(user_id) is None else home


def _ours(request: HttpRequest, wanted: str) -> str:
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Answer after too many failed attempts for one account from one address."""
    return _form(request, _("Too many failed attempts from here. Wait 15 minutes and try again."), 429)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign_in")


@signed_in
@require_POST
def choose_site(request: StaffRequest) -> HttpResponse:
    """Look at another site from now on; one the person has no role at is not chosen."""
    wanted = request.POST.get("site", "")
    site = next((site for site in request.access.sites if site.code == wanted), None)
    if site:
        request.session["site"] = site.id
    return redirect("today")


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak another language on this device from now on, and on others when the person signs in there.

    The demo's visitors share one person: what one of them chooses is his device's alone.
    """
    answer = redirect(_ours(request, request.POST.get("back", "")))
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        _speak(answer, wanted)
        if request.user.is_authenticated and not _is_shared(request.user.pk):
            actor = Actor(request.user.email, "web", request.user.pk, getattr(request, "request_id", ""))
            choose_language_of(user_id=request.user.pk, language=wanted, actor=actor, at=timezone.now())
    return answer


def _is_shared(user_id: int) -> bool:
    return bool(settings.MILKRUN_DEMO_VISITORS) and user_id == partners.demo_visitor()


def _speak(answer: HttpResponse, language: str) -> None:
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
