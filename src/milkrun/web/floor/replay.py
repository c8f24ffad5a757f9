"""What the floor's queue sends: one scan each, with an id made on the phone, so that a repeat has one effect.

A phone keeps every scan until the answer is here, and sends it again when the answer was lost. The id is the request
key of the command, so the second arrival gets the first answer. What the plant refuses is a conflict: the phone shows
it as a card until somebody decides, and nothing of it is dropped.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from milkrun.demand import queries as demand
from milkrun.kernel.errors import Forbidden, Invalid, NotFound, Problem, Refusal, RequestInFlight
from milkrun.kernel.identity import Request
from milkrun.measure.gs1 import read_sscc
from milkrun.measure.wording import quantity
from milkrun.production import queries as production
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.shipping import queries as shipping
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.stock import queries as stock
from milkrun.web.access import SIGNED_IN, StaffRequest, admitted, public
from milkrun.web.acting import typed_quantity

LARGEST_BODY = 4000
LONGEST_TEXT = 80
_KEY = re.compile(r"[0-9a-f-]{32,40}", re.ASCII)

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of working on the floor page.

    Args:
        name: as the phone sends it.
        action: the command, and the right it needs.
        word: what the button says.
        subject: what is scanned first, and stays until another is scanned; "" where there is none.
        item: what is scanned then.
        perform: takes the request, the fields and `actor`, `at`, `request`; returns the sentence that is shown.
        counts: the person may say a quantity beside the scan.
    """

    name: str
    action: str
    word: Promise
    subject: Promise | str
    item: Promise
    perform: Callable[[StaffRequest, Fields, dict[str, Any]], str]
    counts: bool = False


def _pack(request: StaffRequest, fields: Fields, who: dict[str, Any]) -> str:
    rack = demand.rack(request.site.id, _one(_racks(request.site.id, fields["subject"]), "rack"), request.zone)
    done = confirm_packing(packing_group_id=rack.id, scan=fields["scan"], **who)
    facts = {"slot": done.slot, "part": done.part_number, "qty": quantity(done.qty)}
    return _("%(qty)s × %(part)s in slot %(slot)d.") % facts


def _racks(site_id: int, text: str) -> list[Any]:
    units = [hit.public_id for hit in stock.find(site_id, text) if hit.exact]
    return list(demand.find_racks(site_id, stock.handling_unit_ids(site_id, units)))


def _make(request: StaffRequest, fields: Fields, who: dict[str, Any]) -> str:
    found = production.find(request.site.id, fields["scan"])
    job = production.job(request.site.id, _one([hit for hit in found if hit.exact], "job"), request.zone)
    line = next((line for line in job.lines if not line.done), None)
    position = line.position if line else 1
    good = typed_quantity(fields["qty"] or "1", "qty")
    scrap = typed_quantity(fields["scrap"] or "0", "scrap")
    report = JobReport(position=position, good=good, scrap=scrap, scrap_reason=fields["reason"])
    done = confirm_job(job_id=job.row.id, reports=(report,), **who)
    failed = next((made.failure for made in done.confirmations if not made.posted), "")
    facts = {"job": fields["scan"], "good": quantity(good), "scrap": quantity(scrap), "why": failed}
    if failed:
        return _("Job %(job)s: %(good)s good kept; the stock posting failed and waits: %(why)s") % facts
    return _("Job %(job)s: %(good)s good, %(scrap)s scrap.") % facts


def _pick(request: StaffRequest, fields: Fields, who: dict[str, Any]) -> str:
    found = shipping.find(request.site.id, fields["subject"])
    delivery = shipping.delivery(request.site.id, _one([h for h in found if h.exact], "delivery"), request.zone)
    done = pick_delivery(delivery_id=delivery.row.id, sscc=read_sscc(fields["scan"]), **who)
    return _("%(sscc)s is at the dock, %(left)d left.") % {"sscc": fields["scan"], "left": len(done.open)}


_UNKNOWN = {
    "rack": gettext_lazy("No rack has this number. Scan the label on the rack."),
    "job": gettext_lazy("No job has this number. Scan the job card."),
    "delivery": gettext_lazy("No delivery has this number. Scan the delivery note."),
}


def _one(hits: list[Any], noun: str) -> str:
    if not hits:
        raise NotFound(str(_UNKNOWN[noun]))
    return str(hits[0].public_id)


MODES = {
    mode.name: mode
    for mode in (
        Mode("pack", "confirm_packing", gettext_lazy("Pack"), gettext_lazy("Scan the rack"),
             gettext_lazy("Scan the part"), _pack),
        Mode("make", "confirm_job", gettext_lazy("Make"), "", gettext_lazy("Scan the job"), _make, True),
        Mode("pick", "pick_delivery", gettext_lazy("Pick"), gettext_lazy("Scan the delivery"),
             gettext_lazy("Scan the handling unit"), _pick),
    )
}  # fmt: skip


@public
@require_POST
def action(request: HttpRequest) -> HttpResponse:
    """Take one scan from a phone's queue and say what became of it.

    The outcome is `done`, `conflict` (the phone shows a card), `later` (send it again) or `signin` (the queue waits
    until its person has signed in; scans of one person are never booked as another's).
    """
    if not request.user.is_authenticated:
        return _answer(401, "signin", _("Sign in again. What waits here is kept."))
    try:
        staff = admitted(request, SIGNED_IN)
        key, mode, fields = _read(staff)
        if fields["user"] != staff.actor.name:
            text = _("These scans are of %(user)s. They wait until %(user)s signs in.") % {"user": fields["user"]}
            return _answer(403, "signin", text)
        return _perform(staff, key, mode, fields)
    except Forbidden as refusal:
        return _answer(403, "signin", refusal.message)
    except Refusal as refusal:
        return _answer(200, "conflict", refusal.message, refusal.code)


def _perform(staff: StaffRequest, key: str, mode: Mode, fields: Fields) -> HttpResponse:
    if mode.action not in staff.access.actions:
        return _answer(200, "conflict", _("Your roles do not allow this. Ask an administrator."), "forbidden")
    content = json.dumps([mode.name, *sorted(fields.items())])
    once = Request(f"floor:{staff.actor.user_id}:{mode.action}", key, hashlib.sha256(content.encode()).hexdigest())
    try:
        text = mode.perform(staff, fields, {"actor": staff.actor, "at": timezone.now(), "request": once})
    except RequestInFlight as refusal:
        return _answer(200, "later", refusal.message, refusal.code)
    return _answer(200, "done", text)


def _read(request: StaffRequest) -> tuple[str, Mode, Fields]:
    """Read a scan.

    Raises:
        Invalid: it is no scan of this page.
    """
    try:
        body = json.loads(request.body) if len(request.body) <= LARGEST_BODY else None
    except ValueError:
        body = None
    names = ("user", "subject", "scan", "qty", "scrap", "reason")
    fields = {name: _text(body, name) for name in names}
    key, mode = _text(body, "key"), MODES.get(_text(body, "mode"))
    if not _KEY.fullmatch(key) or mode is None or not fields["scan"]:
        raise Invalid([Problem("scan", _("This scan cannot be read. Scan it again."))])
    return key, mode, fields


def _text(body: Any, name: str) -> str:
    value = body.get(name, "") if isinstance(body, dict) else ""
    plain = isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable()
    return value.strip() if plain else ""


def _answer(status: int, outcome: str, text: str, code: str = "") -> JsonResponse:
    return JsonResponse({"outcome": outcome, "text": text, "code": code}, status=status)
