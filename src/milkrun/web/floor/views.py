"""The floor page, who is signed in there, and the two files that make it start without a network."""

from pathlib import Path

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun import __version__
from milkrun.kernel.errors import NotFound
from milkrun.parts.queries import number_key
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit, public, signed_in
from milkrun.web.floor.modes import MODES
from milkrun.web.floor.replay import stopped_at_the_door
from milkrun.web.floor.working import rack_of

WORKER = Path(__file__).parent / "js" / "worker.js"
CAMERA_POLICY = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


@csp_update({"script-src": ["'self'", "'wasm-unsafe-eval'"]})
@signed_in
@require_safe
def floor(request: StaffRequest) -> HttpResponse:
    """Show the scanning page with the ways of working that the person's roles allow."""
    modes = [mode for mode in MODES.values() if mode.open_to(request.access.actions)]
    answer = pages.page(request, "floor/floor.html", {"modes": modes})
    # The camera is allowed on this page only.
    answer["Permissions-Policy"] = CAMERA_POLICY
    return answer


@public
@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Say who is signed in and with which secret forms are sent; the queue asks before it replays.

    Somebody whose account was switched off is told so in one sentence, before any scan is sent.
    """
    stopped = stopped_at_the_door(request)
    if stopped is not None:
        return stopped
    return JsonResponse({"user": request.user.email, "csrf": get_token(request)})  # type: ignore[union-attr]


@permit("confirm_packing")
@require_safe
def rack(request: StaffRequest) -> JsonResponse:
    """Tell a phone the slots of a rack that are still to be packed, so that it knows the next one without a network."""
    try:
        found = rack_of(request, request.GET.get("scan", "")[:80])
    except NotFound as refusal:
        return JsonResponse({"title": "", "text": refusal.message, "slots": []}, status=404)
    slots = [
        {"slot": slot.position, "parts": [sorted({number_key(part.called), number_key(part.part_number)})
                                          for part in slot.parts if part.left]}
        for slot in found.slots if slot.state == "in_packing" and not slot.missing
    ]  # fmt: skip
    return JsonResponse({"title": found.title, "done": found.done, "open": found.open, "slots": slots})


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
