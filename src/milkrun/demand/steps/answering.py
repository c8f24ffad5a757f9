"""Tell whom a change of calls affects: the customer whose calls they are, and the people who work on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.demand.steps.inputs import CallOutcome
from milkrun.exchange.steps import notify
from milkrun.kernel.identity import Actor
from milkrun.measure.wording import moment

# Longer lists end with how many more there are: a message is read, not searched.
NAMED = 50


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is told of an action: the kind and words for the customer ("" for nobody), and the roles."""

    kind: str
    words: str
    roles: tuple[str, ...] = ()
    customer: bool = True


TOLD = {
    "cancel_call": _Telling("call_cancelled", "cancelled", ("production_planner",)),
    "cancel_delivery": _Telling("delivery_changed", "taken off its delivery", ("material_planner",), customer=False),
    "remove_from_delivery": _Telling(
        "delivery_changed", "taken off its delivery", ("material_planner",), customer=False
    ),
}


def tell_advanced(groups: Sequence[ComponentGroup], *, action: str, reason: str, actor: Actor, at: datetime) -> None:
    """Tell of an action on groups, where anybody is told of it; one message for each customer's calls."""
    told = TOLD.get(action)
    if told is None or not groups:
        return
    for partner_id, calls in _by_customer({group.call_id: group.call for group in groups}.values()).items():
        subject = _subject(calls, told.words)
        body = "\n".join(
            [f"{line} {told.words}." for line in _named(calls)] + ([f"Reason: {reason}"] if reason else [])
        )
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
    for word, kind, words, role in (
        ("created", "call_received", "received", "production_planner"),
        ("updated", "call_changed", "changed as you asked", "production_planner"),
        ("refused", "call_refused", "refused", "material_planner"),
    ):
        rows = found.get(word)
        if not rows:
            continue
        lines = [f"Call {row.external_no} {words}{': ' + row.message if row.message else ''}" for row in rows[:NAMED]]
        if len(rows) > NAMED:
            lines.append(f"and {len(rows) - NAMED} more")
        subject = f"Call {rows[0].external_no} {words}" if len(rows) == 1 else f"{len(rows)} calls {words}"
        key = rows[0].call_id if len(rows) == 1 else None
        about: dict[str, Any] = {"kind": kind, "subject": subject, "body": "\n".join(lines), "site_id": site_id}
        readers: tuple[dict[str, Any], ...] = ({"partner_id": partner_id}, {"role": role})
        for reader in readers:
            notify(actor=actor, at=at, document_kind="call" if key else "", document_id=key, **about, **reader)


def _by_customer(calls: Iterable[JitCall]) -> dict[int, list[JitCall]]:
    found: dict[int, list[JitCall]] = {}
    for call in sorted(calls, key=lambda call: call.pk):
        found.setdefault(call.partner_id, []).append(call)
    return found


def _subject(calls: Sequence[JitCall], words: str) -> str:
    return f"Call {calls[0]} {words}" if len(calls) == 1 else f"{len(calls)} calls {words}"


def _named(calls: Sequence[JitCall]) -> list[str]:
    return [f"Call {call}, required {moment(call.required_at, call.zone)}," for call in calls[:NAMED]]
