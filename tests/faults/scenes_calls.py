"""Scenes of the life of a call: cancelling, reordering, changing, holding, hurrying, and its place in the sequence."""

from decimal import Decimal
from typing import Any

from milkrun.demand.commands.configure_stream import StreamRules
from milkrun.demand.commands.hold_calls import hold_calls as hold
from milkrun.demand.commands.request_cancel import request_cancel as ask
from milkrun.demand.commands.resequence_calls import Move
from milkrun.demand.commands.set_call_rule import set_call_rule as set_rule
from milkrun.shipping.commands.update_calls import CallChange, LineChange
from milkrun.shipping.commands.update_calls import update_calls as ask_change
from tests.faults.scenes import numbers, quantity, scene, who
from tests.world import World


def asked(world: World) -> int:
    """Bring a call onto a delivery and ask for its cancelling."""
    (call,) = world.packed(quantity(world, "1"))
    world.picked(call)
    ask(call_ids=(call,), reason="x", source="edi", **who(world))
    return call


@scene
def request_cancel(world: World) -> dict[str, Any]:
    call = world.call(quantity(world))
    world.release(call)
    free = world.call(world.sequenced(next(numbers)))
    return {"call_ids": (call, free, 0), "reason": "x", "source": "manual"}


@scene
def accept_cancel(world: World) -> dict[str, Any]:
    return {"call_id": asked(world), "note": "x"}


@scene
def decline_cancel(world: World) -> dict[str, Any]:
    return {"call_id": asked(world), "reason": "It is on the truck."}


@scene
def configure_stream(world: World) -> dict[str, Any]:
    rules = StreamRules(largest=999, packing_rule="warn", takt_minutes=2)
    return {
        "site_id": world.site_id, "partner_id": world.partner_id, "ship_to_code": "21", "code": f"L{next(numbers)}",
        "rules": rules,
    }  # fmt: skip


@scene
def skip_number(world: World) -> dict[str, Any]:
    world.call(world.sequenced(next(numbers)))
    return {
        "site_id": world.site_id, "partner_id": world.partner_id, "ship_to_code": "21", "stream_code": "03",
        "number": "9000", "reason": "blocked car", "source": "manual",
    }  # fmt: skip


@scene
def set_call_rule(world: World) -> dict[str, Any]:
    return {"partner_id": world.partner_id, "change_after_release": "ask"}


@scene
def map_status(world: World) -> dict[str, Any]:
    return {"partner_id": world.partner_id, "transmitted": "BLOCKED", "action": "skip"}


@scene
def hold_calls(world: World) -> dict[str, Any]:
    return {"call_ids": (world.call(quantity(world)), 0), "reason": "x"}


@scene
def resume_calls(world: World) -> dict[str, Any]:
    call = world.call(quantity(world))
    hold(call_ids=(call,), reason="x", **who(world))
    return {"call_ids": (call,), "reason": "x"}


@scene
def release_calls(world: World) -> dict[str, Any]:
    return {"call_ids": (world.call(quantity(world)), world.call(world.sequenced(next(numbers))), 0)}


@scene
def expedite_calls(world: World) -> dict[str, Any]:
    call = world.call(quantity(world))
    world.release(call)
    return {"call_ids": (call,), "priority": 2, "reason": "x"}


@scene
def reorder_component(world: World) -> dict[str, Any]:
    (call,) = world.packed(world.sequenced(next(numbers)))
    return {"call_id": call, "group_code": "SV", "line_nos": (1,), "reason": "scratched"}


@scene
def update_calls(world: World) -> dict[str, Any]:
    set_rule(partner_id=world.partner_id, change_after_release="allow", **who(world))
    free, made = world.call(quantity(world)), world.call(quantity(world))
    world.release(made)
    changes = tuple(CallChange(key, line_feed="LF-7", lines=(LineChange("", 1, Decimal(7)),)) for key in (free, made))
    return {"changes": changes, "reason": "x", "source": "manual"}


@scene
def decide_changes(world: World) -> dict[str, Any]:
    set_rule(partner_id=world.partner_id, change_after_release="ask", **who(world))
    call = world.call(quantity(world))
    world.release(call)
    ask_change(changes=(CallChange(call, line_feed="LF-8"),), reason="x", source="edi", **who(world))
    return {"call_ids": (call, 0), "accept": True, "note": "x"}


@scene
def resequence_calls(world: World) -> dict[str, Any]:
    first, second = next(numbers), next(numbers)
    calls = [world.call(world.sequenced(number)) for number in (first, second)]
    return {"moves": (Move(calls[0], str(second)), Move(calls[1], str(first))), "reason": "x"}
