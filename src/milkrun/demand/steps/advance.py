"""Move component groups along their states, with their calls and the action log following in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.demand.errors import CallHeld, MixedSites
from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.demand.states import GROUP_MOVES, GROUP_ORDER
from milkrun.demand.steps.answering import tell_advanced
from milkrun.kernel import journal, machine
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock


def lock_groups(groups: QuerySet[ComponentGroup]) -> list[ComponentGroup]:
    """Hold groups and, before them, their calls: the higher noun first, so that nobody waits in a ring.

    Raises:
        MixedSites: a transaction belongs to one site.
    """
    keys = list(groups.values_list("pk", "call_id"))
    calls = {row.pk: row for row in lock(JitCall.objects.filter(pk__in={call_id for __, call_id in keys}))}
    rows = lock(ComponentGroup.objects.filter(pk__in=[pk for pk, __ in keys]))
    for row in rows:
        row.call = calls[row.call_id]
    if len({row.site_id for row in rows}) > 1:
        raise MixedSites(_("The chosen calls belong to different sites. Choose those of one site."))
    return rows


def at_step(groups: Sequence[ComponentGroup], move: str) -> list[ComponentGroup]:
    """Leave out groups that are past a move where others of the same call still have it before them.

    A component that was ordered again makes its own way beside the others of its call.
    """
    starts = GROUP_MOVES[move]
    last = max(GROUP_ORDER.index(state) for state in starts)
    waiting = {group.call_id for group in groups if group.state in starts}
    return [
        group
        for group in groups
        if group.call_id not in waiting or group.state not in GROUP_ORDER or GROUP_ORDER.index(group.state) <= last
    ]


def refuse_held(groups: Iterable[ComponentGroup]) -> None:
    """Refuse to go on with calls that somebody put on hold.

    Raises:
        CallHeld: names them.
    """
    held = sorted({str(group.call) for group in groups if group.call.held})
    if held:
        raise CallHeld(_("Call {held} is on hold. Resume it first.").format(held=", ".join(held[:5])), calls=held)


def advance(
    groups: Sequence[ComponentGroup],
    move: str,
    *,
    action: str,
    actor: Actor,
    at: datetime,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    **indicators: str,
) -> None:
    """Make one move with groups that are held, set indicators, settle their calls and log each step.

    Raises:
        IllegalMove: a group's state does not allow the move; nothing is changed.
    """
    if not groups:
        return
    made = machine.move(groups, GROUP_MOVES, move, noun="Call", **indicators)
    entries = [
        journal.Entry(
            action,
            "group",
            group.pk,
            site_id=group.site_id,
            before=made[group.pk][0],
            after=made[group.pk][1],
            reason=reason,
            facts=facts or {},
        )
        for group in groups
    ]
    entries += settle_calls({group.call_id: group.call for group in groups}.values(), action=action, reason=reason)
    journal.write(entries, actor=actor, at=at)
    tell_advanced(groups, action=action, reason=reason, actor=actor, at=at)


def settle_calls(calls: Iterable[JitCall], *, action: str, reason: str = "") -> list[journal.Entry]:
    """Bring calls to the state of their least advanced live group; returns what to log."""
    calls = sorted(calls, key=lambda call: call.pk)
    states: dict[int, list[str]] = {}
    for call_id, state in ComponentGroup.objects.filter(call__in=calls).values_list("call_id", "state"):
        states.setdefault(call_id, []).append(state)
    wanted = [(call, call_state(states[call.pk])) for call in calls]
    moved = machine.settle(wanted, noun="Call")
    return [
        journal.Entry(action, "call", call.pk, site_id=call.site_id, before=before, after=after, reason=reason)
        for call, before, after in moved
    ]


def call_state(group_states: Iterable[str]) -> str:
    """Derive a call's state: that of its least advanced live group, "cancelled" when none is alive.

    Example:
        >>> call_state(["packed", "ready", "cancelled"])
        'ready'
    """
    live = [state for state in group_states if state != "cancelled"]
    if not live:
        return "cancelled"
    if "cancel_requested" in live:
        return "cancel_requested"
    return min(live, key=GROUP_ORDER.index)
