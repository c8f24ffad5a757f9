"""Scenes of what comes in and is kept: lots, receipts, counts, verdicts, write-offs."""

from decimal import Decimal
from typing import Any

from milkrun.parts.commands.create_part import create_part
from milkrun.stock.commands.block_lot import block_lot as block
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.models import Lot
from tests.faults.scenes import numbers, scene, who
from tests.world import World


def lot_of(world: World, qty: int = 5) -> int:
    """Take a lot of a part of its own in; returns the lot."""
    part = create_part(number=f"KEPT{next(numbers)}", lot_tracked=True, **who(world)).part_id
    receive_stock(
        site_id=world.site_id, part_id=part, location_id=world.places["FG"], qty=Decimal(qty), lot_no="L1", **who(world)
    )
    return Lot.objects.get(part_id=part).pk


@scene
def block_lot(world: World) -> dict[str, Any]:
    return {"lot_id": lot_of(world), "reason": "x"}


@scene
def release_lot(world: World) -> dict[str, Any]:
    lot = lot_of(world)
    block(lot_id=lot, reason="x", **who(world))
    return {"lot_id": lot, "reason": "x"}
