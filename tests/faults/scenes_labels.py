"""Scenes of handling units and of what is printed for them."""

from decimal import Decimal
from typing import Any

from milkrun.stock.commands.create_handling_unit import create_handling_unit as make_unit
from milkrun.stock.commands.pack_handling_unit import pack_handling_unit as pack_unit
from milkrun.stock.commands.reject_handling_unit import reject_handling_unit as reject_unit
from milkrun.stock.commands.split_handling_unit import Share
from tests.faults.scenes import scene, who
from tests.world import World


def unit(world: World, qty: str = "") -> int:
    """Make a pallet, with some foam in it where a quantity is given."""
    made = make_unit(site_id=world.site_id, location_id=world.places["PACK"], **who(world)).hu_id
    if qty:
        pack_unit(**packing(world, made, qty), **who(world))
    return made


def packing(world: World, hu_id: int, qty: str) -> dict[str, Any]:
    """Say what is packed."""
    return {
        "site_id": world.site_id, "hu_id": hu_id, "part_id": world.parts["FOAM"], "qty": Decimal(qty),
        "location_id": world.places["LINE1"],
    }  # fmt: skip


@scene
def create_handling_unit(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "location_id": world.places["PACK"], "into_id": unit(world)}


@scene
def pack_handling_unit(world: World) -> dict[str, Any]:
    return packing(world, unit(world), "2")


@scene
def split_handling_unit(world: World) -> dict[str, Any]:
    shares = (Share(world.parts["FOAM"], Decimal(1)),)
    return {"site_id": world.site_id, "hu_id": unit(world, "2"), "shares": shares}


@scene
def merge_handling_units(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "into_id": unit(world), "hu_ids": (unit(world, "2"), unit(world, "1"))}


@scene
def move_handling_unit(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "hu_id": unit(world, "2"), "to_location_id": world.places["FG"]}


@scene
def reject_handling_unit(world: World) -> dict[str, Any]:
    return {
        "site_id": world.site_id, "hu_id": unit(world, "2"), "reason": "wet", "location_id": world.places["FG"],
    }  # fmt: skip


@scene
def accept_handling_unit(world: World) -> dict[str, Any]:
    hu_id = unit(world, "2")
    reject_unit(site_id=world.site_id, hu_id=hu_id, reason="wet", **who(world))
    return {"site_id": world.site_id, "hu_id": hu_id, "reason": "dry again"}
