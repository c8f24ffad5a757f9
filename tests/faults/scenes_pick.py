"""Scenes of picking: waves, picks, short picks, and what is left to look at."""

from decimal import Decimal
from typing import Any

from milkrun.measure.identifiers import sscc
from milkrun.parts.commands.create_part import create_part
from milkrun.shipping.commands.cancel_wave import cancel_wave as give_up
from milkrun.shipping.commands.cross_dock_receipt import Arrival
from milkrun.shipping.commands.report_short_pick import report_short_pick as report
from milkrun.shipping.commands.set_picking_rule import set_picking_rule as set_rule
from milkrun.shipping.models import PickIssue, PickTask
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.models import Lot
from tests.faults.scenes import numbers, scene
from tests.shipping.picking import ready, walk, warehouse, wave_of, who
from tests.shipping.test_cross_dock_receipt import bought, called
from tests.world import SEAT, World


def task_of(world: World, qty: str = "5") -> PickTask:
    """Put a call on a wave whose goods stand in one bin of its own, with as many again in another one."""
    number = next(numbers)
    warehouse(world, **{f"A{number}": qty})
    call = ready(world, f"WAVE{number}", qty)
    warehouse(world, **{f"B{number}": qty})
    task = walk(wave_of(world, call).wave_id)[0]
    # The scenes after this one pack at the station.
    set_rule(site_id=world.site_id, mode="station", **who(world))
    return task


@scene
def set_picking_rule(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "mode": "station", "partner_id": None}


@scene
def create_wave(world: World) -> dict[str, Any]:
    made = world.deliver(*world.packed(world.summarized(f"CARRY{next(numbers)}", qty="3")))
    return {"site_id": world.site_id, "delivery_ids": (made.delivery_id,)}


@scene
def confirm_pick(world: World) -> dict[str, Any]:
    task = task_of(world)
    return {"task_id": task.pk, "location": task.from_location.code, "item": SEAT, "qty": Decimal(2)}


@scene
def report_short_pick(world: World) -> dict[str, Any]:
    task = task_of(world)
    return {"task_id": task.pk, "location": task.from_location.code, "found": Decimal(1)}


@scene
def cancel_wave(world: World) -> dict[str, Any]:
    return {"wave_id": task_of(world).wave_id, "reason": "x"}


@scene
def note_late_pick(world: World) -> dict[str, Any]:
    task = task_of(world)
    give_up(wave_id=task.wave_id, reason="x", **who(world))
    return {"task_id": task.pk, "qty": Decimal(1), "sscc": "", "why": "x"}


@scene
def settle_pick_issue(world: World) -> dict[str, Any]:
    task = task_of(world)
    report(task_id=task.pk, location=task.from_location.code, found=Decimal(0), **who(world))
    return {"issue_id": PickIssue.objects.latest("pk").pk, "note": "x"}


@scene
def register_handling_unit(world: World) -> dict[str, Any]:
    code = sscc(1, "7612345", next(numbers))
    return {"site_id": world.site_id, "sscc": code, "location_id": world.places["DOCK1"], "kind": "pallet"}


@scene
def cross_dock_receipt(world: World) -> dict[str, Any]:
    number = f"DOCK {next(numbers)}"
    part = bought(world, number)
    component = called(world, f"CROSS{next(numbers)}", "5", number)
    arrival = Arrival(part_id=part, location_id=world.places["GATE"], qty=Decimal(5))
    return {"site_id": world.site_id, "arrival": arrival, "component_id": component.pk}


@scene
def recall_lots(world: World) -> dict[str, Any]:
    # A lot of its own, without a job: the scene is played in one plant with all others.
    part = create_part(number=f"HEAT{next(numbers)}", lot_tracked=True, **who(world)).part_id
    place = world.places["FG"]
    receive_stock(
        site_id=world.site_id, part_id=part, location_id=place, qty=Decimal(5), lot_no="L1", **who(world)
    )  # fmt: skip
    return {"lot_ids": [Lot.objects.get(part_id=part).pk], "reason": "x"}
