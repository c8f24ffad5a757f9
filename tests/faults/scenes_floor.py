"""Scenes of what the floor page sends beside packing, making and picking."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from milkrun.demand.commands.specify_rack import specify_rack
from milkrun.demand.models import PackingGroup
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.stock.commands.set_scan_aside import set_scan_aside as set_aside
from tests.faults.scenes import numbers, scene, who
from tests.world import World


def lost_scan(world: World) -> dict[str, Any]:
    """A part that did not belong into the rack."""
    return {
        "site_id": world.site_id, "mode": "pack", "subject": "340123450000000017", "scan": "FOAM",
        "scanned_by": "packer@plant.example", "code": "wrong_part", "message": "Stop", "content": {"slot": "1"},
    }  # fmt: skip


@scene
def set_scan_aside(world: World) -> dict[str, Any]:
    return lost_scan(world)


@scene
def settle_scan(world: World) -> dict[str, Any]:
    return {"scan_id": set_aside(**lost_scan(world), **who(world)).scan_id, "note": "put back into its bin"}


@scene
def count_place(world: World) -> dict[str, Any]:
    return {
        "site_id": world.site_id, "location_id": world.places["LINE1"], "part_id": world.parts["FOAM"],
        "qty": Decimal("998.5"),
    }  # fmt: skip


@scene
def place_rack(world: World) -> dict[str, Any]:
    specify_rack(partner_id=world.partner_id, family="DR", slots=1, racks=2, **who(world))
    told = world.sequenced(next(numbers) + 7000)
    call = world.call(replace(told, groups=(replace(told.groups[0], code="DR"),)))
    world.finish([call])
    rack = release_for_packing(call_ids=[call], **who(world)).packing_groups[0]
    frame = PackingGroup.objects.select_related("frame__hu").get(pk=rack.packing_group_id).frame
    return {"packing_group_id": rack.packing_group_id, "scan": frame.hu.sscc if frame else ""}
