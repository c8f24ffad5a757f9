"""What a planner changes in calls: time, place, parts and quantities, their number, and what the customer asks for."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from milkrun.demand import queries as demand
from milkrun.demand.commands.resequence_calls import Move, resequence_calls
from milkrun.demand.queries import CallView
from milkrun.kernel.errors import Invalid, Problem, Refusal, Refused
from milkrun.shipping.commands.decide_changes import decide_changes
from milkrun.shipping.commands.update_calls import CallAnswer, CallChange, LineChange, update_calls
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_moment, typed_quantity, typed_text
from milkrun.web.calls.bulk import again, answered_page, chosen
from milkrun.web.calls.views import call_page, seen


def _why(request: StaffRequest) -> str:
    return typed_text(request, "reason", _("Say why: the reason stands in the history."))


def _settle(request: StaffRequest, public_id: str, answer: CallAnswer, done: str) -> HttpResponse:
    if not answer.done:
        return call_page(request, public_id, Refused(answer.message, code=answer.code))
    messages.success(request, _("Nothing differs from what the call says.") if answer.outcome == "unchanged" else done)
    return redirect("call", public_id=public_id)


@permit("update_calls")
@require_POST
def update(request: StaffRequest, public_id: str) -> HttpResponse:
    """Change one call: what stands in the form as it was stays; a form of a call that changed meanwhile is refused."""
    try:
        found = demand.call(request.site.id, public_id, request.zone)
        if request.POST.get("seen", seen(found)) != seen(found):
            text = _("Call %(call)s changed after you opened it. Here it stands as it is now: enter your change again.")
            raise Refused(text % {"call": found.number})
        change = CallChange(
            found.id,
            required_at=typed_moment(request.POST.get("required_at", ""), "required_at", found.zone)
            if request.POST.get("required_at") != found.required_local
            else None,
            unloading_point=typed_text(request, "unloading_point", longest=35),
            line_feed=typed_text(request, "line_feed", longest=35),
            lines=_lines(request, found),
        )
        done = update_calls(changes=(change,), reason=_why(request), source="manual", **doing(request, "update_calls"))
    except Refusal as refusal:
        return call_page(request, public_id, refusal)
    return _settle(request, public_id, done.answers[0], _("Changed. Everybody whom it affects is told."))


def _lines(request: StaffRequest, found: CallView) -> tuple[LineChange, ...]:
    lines = []
    for group in found.groups:
        for part in group.components if group.state != "cancelled" else ():
            name = f"qty-{group.code}-{part.line_no}"
            typed = request.POST.get(name, "").strip()
            if typed and (qty := typed_quantity(typed, name)) != Decimal(part.qty):
                lines.append(LineChange(group.code, part.line_no, qty))
    return tuple(lines)


@permit("update_calls")
@require_POST
def change_time(request: StaffRequest) -> HttpResponse:
    """Give the chosen calls another time, meant in the zone of each call's own plant."""
    try:
        keys = chosen(request)
        text = request.POST.get("required_at", "")
        if not text:
            raise Invalid([Problem("required_at", _("Say when they are required."))])
        zones = demand.zones_of(keys)
        changes = [CallChange(key, required_at=typed_moment(text, "required_at", zones[key])) for key in keys]
        done = update_calls(changes=changes, reason=_why(request), source="manual", **doing(request, "update_calls"))
    except Refusal as refusal:
        return again(request, refusal)
    return answered_page(request, done.answers)


@permit("resequence_calls")
@require_POST
def move(request: StaffRequest, public_id: str) -> HttpResponse:
    """Give a call another number in its sequence, or let two calls change places."""
    try:
        found = demand.call(request.site.id, public_id, request.zone)
        moves = [Move(found.id, typed_text(request, "number", _("Say which number."), longest=20))]
        other = typed_text(request, "other", longest=80)
        if other:
            (key,) = demand.call_ids_by_number(request.site.id, [other])
            moves.append(Move(key, found.sequence))
        done = resequence_calls(moves=moves, reason=_why(request), **doing(request, "resequence_calls"))
    except Refusal as refusal:
        return call_page(request, public_id, refusal)
    refused = next((answer for answer in done.answers if not answer.done), done.answers[0])
    return _settle(request, public_id, refused, _("Moved. The place it left stays in the history."))


@permit("decide_changes")
@require_POST
def decide(request: StaffRequest, public_id: str) -> HttpResponse:
    """Accept or decline what the customer wants changed."""
    try:
        found = demand.call(request.site.id, public_id, request.zone)
        accept = request.POST.get("accept") == "1"
        note = typed_text(request, "note", "" if accept else _("Say why: the customer is told so."))
        done = decide_changes(call_ids=(found.id,), accept=accept, note=note, **doing(request, "decide_changes"))
    except Refusal as refusal:
        return call_page(request, public_id, refusal)
    said = _("Changed as the customer asked.") if accept else _("Declined. The call goes on as it was.")
    return _settle(request, public_id, done.answers[0], said)
