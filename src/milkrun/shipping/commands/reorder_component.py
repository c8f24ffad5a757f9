"""Supply a damaged or missing component again, before its goods have left or after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.shipping.errors import DeliveryHeld, SlotChanged
from milkrun.shipping.steps import Held, retire

GONE = ("issued", "billed", "completed")


@dataclass(frozen=True, slots=True)
class ComponentReordered:
    """The new group stands on `call_id`: the same call before delivery, a call of its own after it."""

    call_id: int
    public_id: str
    external_no: str
    group_id: int
    after_delivery: bool


@command
def reorder_component(
    *,
    call_id: int,
    group_code: str,
    line_nos: Sequence[int],
    reason: str,
    actor: Actor,
    at: datetime,
    lost: bool = True,
    seen_group_id: int | None = None,
    request: Request | None = None,
) -> ComponentReordered:
    """Make a successor for parts of a group, marked urgent; the first group keeps its history.

    Before delivery the old group leaves its slot to the new one, which keeps the number in the sequence; what was not
    damaged is free and taken again. After delivery the old one stays delivered and billed, and a call of its own
    leaves outside the sequence, on a notice that names its predecessor.

    Args:
        line_nos: the components that are damaged or missing.
        lost: goods of these lines go to scrap; False where nothing had been made yet.
        seen_group_id: the group the person looked at; two who order the same damaged part order it once.

    Raises:
        Invalid: no reason is given.
        NotFound: the call has no such live group, or the group no such lines.
        DeliveryHeld: the call's cancelling is not decided.
        SlotChanged: another group stands there than the person saw.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say what happened: the reason stands in the history."), "reason_missing")])
    held = Held([call_id])
    _refuse_changed(held.groups, seen_group_id)
    old = _group(held.groups, group_code)
    rows = {row.line_no: row for row in Component.objects.filter(group=old)}
    if not line_nos or set(line_nos) - rows.keys():
        raise NotFound(_("This group has no such line."), lines=sorted(set(line_nos) - rows.keys()))

    after = old.state in GONE
    if after:
        new = demand_steps.supply_again(old, line_nos, reason=reason, actor=actor, at=at)
    else:
        new = demand_steps.replace_group(old)
        ruined = [rows[number].pk for number in line_nos] if lost else []
        retire(held, [old], reason=reason, actor=actor, at=at, lost=ruined)
        demand_steps.advance(
            [old], "replace", action="replace_group", actor=actor, at=at, reason=reason,
            packing="none", picking="none", delivery="none",
        )  # fmt: skip
        demand_steps.take_seat(new)
        JitCall.objects.filter(pk=call_id, priority=0).update(priority=1)

    lines = [f"{rows[number].customer_part_no} x {rows[number].entered_qty}" for number in sorted(set(line_nos))]
    facts = {"lines": lines, "successor": new.call.external_no, "after_delivery": after}
    entry = journal.Entry("reorder_component", "group", old.pk, site_id=old.site_id, reason=reason, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return ComponentReordered(new.call_id, new.call.public_id, new.call.external_no, new.pk, after)


def _refuse_changed(groups: Sequence[ComponentGroup], seen_group_id: int | None) -> None:
    if seen_group_id is None or any(row.pk == seen_group_id and row.state != "cancelled" for row in groups):
        return
    lines = journal.history([("group", seen_group_id)], limit=20)
    first = next((line for line in lines if line.action == "reorder_component"), None)
    by, when = (first.actor, f"{first.at:%H:%M:%S} UTC") if first else ("", "")
    text = (
        _("{by} ordered this again at {when}. The new part stands in its place.")
        if first
        else _("Something else stands there now. Look at the slot again.")
    )
    raise SlotChanged(text.format(by=by, when=when), by=by, at=when)


def _group(groups: Sequence[ComponentGroup], code: str) -> ComponentGroup:
    found = [group for group in groups if group.code == code and group.state != "cancelled"]
    if not found:
        raise NotFound(_("This call has no such component group any more."), group=code)
    if found[-1].state == "cancel_requested":
        raise DeliveryHeld(
            _("The customer wants call {call} cancelled. Decide that first.").format(call=found[-1].call), calls=[]
        )
    return found[-1]
