"""The floor page, who is signed in there, and the two files that make it start without a network."""

from pathlib import Path

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun import __version__
from milkrun.web import pages
from milkrun.web.access import StaffRequest, public, signed_in
from milkrun.web.floor.replay import MODES

WORKER = Path(__file__).parent / "js" / "worker.js"
CAMERA_POLICY = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


@csp_update({"script-src": ["'self'", "'wasm-unsafe-eval'"]})
@signed_in
@require_safe
def floor(request: StaffRequest) -> HttpResponse:
    """Show the scanning page with the ways of working that the person's roles allow."""
    modes = [mode for mode in MODES.values() if mode.action in request.access.actions]
    answer = pages.page(request, "floor/floor.html", {"modes": modes})
    # The camera is allowed on this page only.
    answer["Permissions-Policy"] = CAMERA_POLICY
    return answer


@signed_in
@require_safe
def session(request: StaffRequest) -> JsonResponse:
    """Say who is signed in and with which secret forms are sent; the queue asks before it replays."""
    return JsonResponse({"user": request.actor.name, "site": request.site.code, "csrf": get_token(request)})


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker from the floor's own address, so that it may stand between page and network."""
    text = WORKER.read_text(encoding="utf-8").replace("VERSION", __version__)
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/floor"
    answer["Cache-Control"] = "no-cache"
    return answer


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the floor page to phones that put it on the home screen."""
    icon = {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    facts = {
        "name": _("Milkrun floor"), "short_name": "Milkrun", "start_url": "/floor", "scope": "/floor",
        "display": "standalone", "background_color": "#ffffff", "theme_color": "#0f2a3d", "icons": [icon],
    }  # fmt: skip
    return JsonResponse(facts, content_type="application/manifest+json")
