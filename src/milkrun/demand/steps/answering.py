"""Tell whom a change of calls affects: the customer whose calls they are, and the people who work on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.demand.steps.changing import worded
from milkrun.demand.steps.inputs import CallOutcome
from milkrun.exchange.steps import notify
from milkrun.kernel.identity import Actor
from milkrun.measure.wording import moment

# Longer lists end with how many more there are: a message is read, not searched.
NAMED = 50


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is told of an action: the kind, the subject for one call and for many, the line for each, and the roles."""

    kind: str
    subject: tuple[str, str]
    line: str
    roles: tuple[str, ...] = ()
    customer: bool = True


_TAKEN_OFF = _Telling(
    "delivery_changed", (N_("Call {call} taken off its delivery"), N_("{n} calls taken off their delivery")),
    N_("Call {call}, required {required_at}, taken off its delivery."), ("material_planner",), customer=False,
)  # fmt: skip
TOLD = {
    "cancel_call": _Telling(
        "call_cancelled",
        (N_("Call {call} cancelled"), N_("{n} calls cancelled")),
        N_("Call {call}, required {required_at}, cancelled."),
        ("production_planner",),
    ),
    "cancel_delivery": _TAKEN_OFF,
    "remove_from_delivery": _TAKEN_OFF,
}


def tell_advanced(groups: Sequence[ComponentGroup], *, action: str, reason: str, actor: Actor, at: datetime) -> None:
    """Tell of an action on groups, where anybody is told of it; one message for each customer's calls."""
    told = TOLD.get(action)
    if told is None or not groups:
        return
    for partner_id, calls in _by_customer({group.call_id: group.call for group in groups}.values()).items():
        subject = told.subject[len(calls) > 1].format(call=calls[0], n=len(calls))
        lines = [told.line.format(call=call, required_at=moment(call.required_at, call.zone)) for call in calls[:NAMED]]
        body = "\n".join(lines + ([_("Reason: {reason}").format(reason=reason)] if reason else []))
        about: dict[str, Any] = {"kind": told.kind, "subject": subject, "body": body, "site_id": calls[0].site_id}
        where: dict[str, Any] = {"document_kind": "call", "document_id": calls[0].pk} if len(calls) == 1 else {}
        if told.customer:
            notify(partner_id=partner_id, actor=actor, at=at, **about, **where)
        for role in told.roles:
            notify(role=role, actor=actor, at=at, **about, **where)


def tell_received(
    outcomes: Iterable[CallOutcome], *, partner_id: int, site_id: int, actor: Actor, at: datetime
) -> None:
    """Answer a customer's calls: received, changed, refused with the reason; the planners hear of it too."""
    found: dict[str, list[CallOutcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.outcome, []).append(outcome)
    for word, kind, one, many, role in (
        ("created", "call_received", _("Call {call} received"), _("{n} calls received"), "production_planner"),
        ("updated", "call_changed", _("Call {call} changed as you asked"), _("{n} calls changed as you asked"),
         "production_planner"),
        ("refused", "call_refused", _("Call {call} refused"), _("{n} calls refused"), "material_planner"),
    ):  # fmt: skip
        rows = found.get(word)
        if not rows:
            continue
        lines = [_line(one.format(call=row.external_no), row.message) for row in rows[:NAMED]]
        if len(rows) > NAMED:
            lines.append(_("and {n} more").format(n=len(rows) - NAMED))
        subject = (one if len(rows) == 1 else many).format(call=rows[0].external_no, n=len(rows))
        key = rows[0].call_id if len(rows) == 1 else None
        about: dict[str, Any] = {"kind": kind, "subject": subject, "body": "\n".join(lines), "site_id": site_id}
        readers: tuple[dict[str, Any], ...] = ({"partner_id": partner_id}, {"role": role})
        for reader in readers:
            notify(actor=actor, at=at, document_kind="call" if key else "", document_id=key, **about, **reader)


PLANNERS = ("material_planner", "production_planner", "shipping")
# Whether a planner is asked: the subject for one call and for many.
CHANGED = {
    False: (N_("Call {call} changed"), N_("{n} calls changed")),
    True: (
        N_("Call {call} is to be changed: please decide"), N_("{n} calls are to be changed: please decide")
    ),
}  # fmt: skip


def tell_changes(
    changes: Sequence[tuple[JitCall, Mapping[str, Sequence[Any]]]],
    *,
    asked: bool,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Tell of changed calls with what differs; what a planner is still to decide is told to planners only."""
    by_customer: dict[int, list[tuple[JitCall, Mapping[str, Sequence[Any]]]]] = {}
    for call, changed in changes:
        by_customer.setdefault(call.partner_id, []).append((call, changed))
    for partner_id, rows in by_customer.items():
        calls = [call for call, _changed in rows]
        lines = [
            _("Call {call}:").format(call=call) + " " + _said(changed, call.zone) for call, changed in rows[:NAMED]
        ]
        if len(rows) > NAMED:
            lines.append(_("and {n} more").format(n=len(rows) - NAMED))
        about: dict[str, Any] = {
            "kind": "change_asked" if asked else "call_changed",
            "subject": CHANGED[asked][len(calls) > 1].format(call=calls[0], n=len(calls)),
            "body": "\n".join([*lines, *([_("Reason: {reason}").format(reason=reason)] if reason else [])]),
            "site_id": calls[0].site_id,
        }
        if len(calls) == 1:
            about |= {"document_kind": "call", "document_id": calls[0].pk}
        readers: list[dict[str, Any]] = [{"role": role} for role in (PLANNERS[:1] if asked else PLANNERS)]
        for reader in readers if asked else [*readers, {"partner_id": partner_id}]:
            notify(actor=actor, at=at, **about, **reader)


def _said(changed: Mapping[str, Sequence[Any]], zone: str) -> str:
    return "; ".join(f"{name} {old or '-'} -> {new or '-'}" for name, old, new in worded(changed, zone))


def _by_customer(calls: Iterable[JitCall]) -> dict[int, list[JitCall]]:
    found: dict[int, list[JitCall]] = {}
    for call in sorted(calls, key=lambda call: call.pk):
        found.setdefault(call.partner_id, []).append(call)
    return found


def _line(said: str, message: str) -> str:
    return _("{said}: {message}").format(said=said, message=message) if message else said
