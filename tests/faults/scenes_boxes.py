"""Scenes of loads in several handling units."""

from typing import Any

from milkrun.demand.models import PackingGroup
from tests.faults.scenes import numbers, scene
from tests.shipping.picking import ready, take, walk, warehouse, wave_of, who
from tests.world import World


@scene
def start_load_unit(world: World) -> dict[str, Any]:
    from milkrun.shipping.commands.set_picking_rule import set_picking_rule

    number = next(numbers)
    warehouse(world, **{f"X{number}": "5"})
    call = ready(world, f"BOX{number}", "5")
    task = walk(wave_of(world, call).wave_id)[0]
    take(world, task, "2")
    set_picking_rule(site_id=world.site_id, mode="station", **who(world))
    return {"packing_group_id": PackingGroup.objects.get(slots__group__call_id=call).pk}


@scene
def recall_goods(world: World) -> dict[str, Any]:
    from milkrun.shipping.queries.suspect import Suspicion
    from milkrun.stock.models import Posting

    world.receive("SEAT-105A", "2", "FG")
    receipt = Posting.objects.latest("pk").public_id
    return {"site_id": world.site_id, "suspicion": Suspicion(receipt=receipt), "reason": "sharp edge"}


@scene
def set_shifts(world: World) -> dict[str, Any]:
    from datetime import time

    from milkrun.planning.queries.shifts import ShiftInput

    return {"site_id": world.site_id, "shifts": (ShiftInput(f"Shift {next(numbers)}", "12345", time(6), time(14)),)}
