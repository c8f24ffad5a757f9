"""What the floor's queue sends: one scan each, with an id made on the phone, so that a repeat has one effect.

A phone keeps every scan until the answer is here, and sends it again when the answer was lost. The id is the request
key of the command, so the second arrival gets the first answer. What the plant refuses is a conflict: the phone shows
it as a card until somebody decides. What is set aside there is kept here, as a task for a planner: nothing is dropped.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from milkrun.kernel.errors import Forbidden, Invalid, Problem, Refusal, RequestInFlight
from milkrun.kernel.identity import Request
from milkrun.kernel.once import was_done
from milkrun.partners import queries as partners
from milkrun.stock.commands.set_scan_aside import set_scan_aside
from milkrun.web.access import SIGNED_IN, StaffRequest, admitted, is_staff, public
from milkrun.web.floor.modes import MODES, Mode
from milkrun.web.floor.working import allow

LARGEST_BODY = 4000
LONGEST_TEXT = 80
_KEY = re.compile(r"[0-9a-f-]{32,40}", re.ASCII)
_NAMES = ("user", "subject", "scan", "qty", "scrap", "reason")
# Said by some modes only; left out of what a repeat is compared by where nothing is said.
_MORE = ("site", "slot", "from", "lot", "note")
# How long the scan has waited on the phone: another one with each sending.
_PASSING = ("age",)

Fields = Mapping[str, str]


@public
@require_POST
def action(request: HttpRequest) -> HttpResponse:
    """Take one scan from a phone's queue and say what became of it.

    The outcome is `done`, `conflict` (the phone shows a card), `later` (send it again; also while the person looks at
    another site than the scan was made at), `signin` (the queue waits until its person has signed in; scans of one
    person are never booked as another's) or `refused` (the person's account is switched off: nothing of the queue is
    booked, all of it stays on the phone).
    """
    stopped = stopped_at_the_door(request)
    if stopped is not None:
        return stopped
    try:
        staff = admitted(request, SIGNED_IN)
        key, mode, fields = _read(staff)
        if fields["user"] != staff.actor.name:
            return _of_another(fields["user"])
        if _is_elsewhere(staff, fields):
            return _of_elsewhere(fields["site"])
        return _perform(staff, key, mode, fields)
    except Forbidden as refusal:
        return _answer(403, "signin", refusal.message)
    except Refusal as refusal:
        return _answer(200, "conflict", refusal.message, refusal.code)


@public
@require_POST
def aside(request: HttpRequest) -> HttpResponse:
    """Keep a scan that was set aside on the phone; of a person whose account is switched off, whoever signs in next."""
    stopped = stopped_at_the_door(request)
    if stopped is not None:
        return stopped
    try:
        staff = admitted(request, SIGNED_IN)
        allow(staff, "set_scan_aside")
        key, mode, fields = _read(staff)
        if fields["user"] != staff.actor.name and not partners.switched_off(email=fields["user"]):
            return _of_another(fields["user"])
        if _is_elsewhere(staff, fields):
            return _of_elsewhere(fields["site"])
        if _was_booked(key, mode, fields):
            return _booked_before()
        _keep(staff, key, mode, fields)
    except Forbidden as refusal:
        return _answer(403, "signin", refusal.message)
    except RequestInFlight as refusal:
        return _answer(200, "later", refusal.message, refusal.code)
    except Refusal as refusal:
        return _answer(200, "conflict", refusal.message, refusal.code)
    return _answer(200, "aside", _("Handed over. A planner sees it until it is settled."))


def stopped_at_the_door(request: HttpRequest) -> JsonResponse | None:
    """Answer somebody who is not signed in, or not any more; None for everybody else."""
    if is_staff(request):
        return None
    known = str(request.session.get("_auth_user_id", ""))
    off = partners.switched_off(user_id=int(known)) if known.isdigit() else ""
    if off:
        return _answer(403, "refused", _switched_off(off))
    return _answer(401, "signin", _("Sign in again. What waits here is kept."))


def _switched_off(user: str) -> str:
    text = _(
        "The account of %(user)s is switched off: none of these scans is booked, and all of them stay on this phone."
    )
    return text % {"user": user}


def _of_another(user: str) -> JsonResponse:
    if partners.switched_off(email=user):
        return _answer(403, "refused", _switched_off(user), "hand_over")
    text = _("These scans are of %(user)s. They wait until %(user)s signs in.") % {"user": user}
    return _answer(403, "signin", text)


def _is_elsewhere(staff: StaffRequest, fields: Fields) -> bool:
    return fields["site"] not in ("", staff.site.code)


def _of_elsewhere(site: str) -> JsonResponse:
    text = _("These scans are of site %(site)s. Switch to it, and they are sent.") % {"site": site}
    return _answer(200, "later", text, "other_site")


def _perform(staff: StaffRequest, key: str, mode: Mode, fields: Fields) -> HttpResponse:
    if not mode.open_to(staff.access.actions):
        return _answer(200, "conflict", _("Your roles do not allow this. Ask an administrator."), "forbidden")
    once = _once(staff.actor.user_id, mode.actions[0], key, mode, fields)
    try:
        text = mode.perform(staff, fields, {"actor": staff.actor, "at": timezone.now(), "request": once})
    except RequestInFlight as refusal:
        return _answer(200, "later", refusal.message, refusal.code)
    except Refusal as refusal:
        # The answer was lost and the scan comes again: what it looked for was there the first time.
        if was_done(once):
            return _booked_before()
        return _answer(200, "conflict", refusal.message, refusal.code)
    return _answer(200, "done", text)


def _was_booked(key: str, mode: Mode, fields: Fields) -> bool:
    """Tell whether a scan took effect as its own person's, who never got the answer."""
    owner = partners.person_id(fields["user"])
    return owner is not None and was_done(_once(owner, mode.actions[0], key, mode, fields))


def _booked_before() -> JsonResponse:
    return _answer(200, "done", _("Booked before; the answer was lost on its way."))


def _keep(staff: StaffRequest, key: str, mode: Mode, fields: Fields) -> None:
    told = json.loads(staff.body)
    content = {name: text for name, text in fields.items() if text and name not in _PASSING}
    set_scan_aside(
        site_id=staff.site.id, mode=mode.name, subject=fields["subject"], scan=fields["scan"],
        scanned_by=fields["user"], content=content, code=_text(told, "code"),
        message=_text(told, "text", longest=400), actor=staff.actor, at=timezone.now(),
        request=_once(staff.actor.user_id, "set_scan_aside", key, mode, fields),
    )  # fmt: skip


def _once(user_id: int | None, action: str, key: str, mode: Mode, fields: Fields) -> Request:
    said = sorted((name, text) for name, text in fields.items() if _is_said(name, text))
    content = hashlib.sha256(json.dumps([mode.name, *said]).encode()).hexdigest()
    return Request(f"floor:{user_id}:{action}", key, content)


def _is_said(name: str, text: str) -> bool:
    return name not in _PASSING and (bool(text) or name in _NAMES)


def _read(request: StaffRequest) -> tuple[str, Mode, Fields]:
    """Read a scan.

    Raises:
        Invalid: it is no scan of this page.
    """
    try:
        body = json.loads(request.body) if len(request.body) <= LARGEST_BODY else None
    except ValueError:
        body = None
    fields = {name: _text(body, name) for name in (*_NAMES, *_MORE, *_PASSING)}
    key, mode = _text(body, "key"), MODES.get(_text(body, "mode"))
    if not _KEY.fullmatch(key) or mode is None or not fields["scan"]:
        raise Invalid([Problem("scan", _("This scan cannot be read. Scan it again."))])
    return key, mode, fields


def _text(body: Any, name: str, longest: int = LONGEST_TEXT) -> str:
    value = body.get(name, "") if isinstance(body, dict) else ""
    plain = isinstance(value, str) and len(value) <= longest and value.isprintable()
    return value.strip() if plain else ""


def _answer(status: int, outcome: str, text: str, code: str = "") -> JsonResponse:
    return JsonResponse({"outcome": outcome, "text": text, "code": code}, status=status)
