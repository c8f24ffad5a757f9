"""Scenes of what comes in and is kept: lots, receipts, counts, verdicts, write-offs."""

from datetime import date
from decimal import Decimal
from typing import Any

from milkrun.partners.commands.create_partner import create_partner
from milkrun.parts.commands.create_part import create_part
from milkrun.purchasing.commands.place_order import OrderedGoods
from milkrun.purchasing.commands.place_order import place_order as order
from milkrun.purchasing.commands.receive_order import receive_order as take_in
from milkrun.stock.commands.approve_count import approve_count as approve
from milkrun.stock.commands.block_lot import block_lot as block
from milkrun.stock.commands.change_location import LocationFacts
from milkrun.stock.commands.create_count import create_count as count_list
from milkrun.stock.commands.create_locations import Place
from milkrun.stock.commands.create_locations import create_locations as found
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.commands.record_count import record_count as counts
from milkrun.stock.models import CountLine, Lot
from milkrun.stock.steps import LotFacts
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


@scene
def set_standard_cost(world: World) -> dict[str, Any]:
    return {"part_id": world.parts["FOAM"], "cost_minor": 125, "basis": 10}


@scene
def set_life_cycle(world: World) -> dict[str, Any]:
    part = create_part(number=f"OLD{next(numbers)}", **who(world)).part_id
    return {
        "part_id": part, "stage": "ending", "obsolete_on": date(2027, 1, 1), "successor_id": world.parts["FOAM"]
    }  # fmt: skip


@scene
def set_storage_rule(world: World) -> dict[str, Any]:
    return {
        "site_id": world.site_id, "part_id": world.parts["FOAM"], "fixed_location_id": world.places["FG"],
        "per_place": Decimal(50),
    }  # fmt: skip


@scene
def change_location(world: World) -> dict[str, Any]:
    facts = LocationFacts("dock", zone=f"Z{next(numbers)}", pallet_places=9)
    return {"location_id": world.places["DOCK1"], "facts": facts}


def ordered(world: World) -> Any:
    """Place an order of one line."""
    supplier = create_partner(code=f"SUP{next(numbers)}", name="Steel", is_supplier=True, **who(world)).partner_id
    goods = (OrderedGoods(world.parts["FOAM"], Decimal(100)),)
    return order(site_id=world.site_id, supplier_id=supplier, goods=goods, expected_on=date(2026, 12, 1), **who(world))


@scene
def place_order(world: World) -> dict[str, Any]:
    supplier = create_partner(code=f"SUP{next(numbers)}", name="Steel", is_supplier=True, **who(world)).partner_id
    goods = (OrderedGoods(world.parts["FOAM"], Decimal(100)), OrderedGoods(world.parts["FRAME"], Decimal(5)))
    return {"site_id": world.site_id, "supplier_id": supplier, "goods": goods, "expected_on": date(2026, 12, 1)}


@scene
def receive_order(world: World) -> dict[str, Any]:
    facts = LotFacts(supplier_lot="S1", heat="H1")
    return {"line_id": ordered(world).line_ids[0], "qty": Decimal(100), "lot_no": f"L{next(numbers)}", "facts": facts}


def received(world: World) -> int:
    """Take a lot in on an order; returns the receipt."""
    return take_in(line_id=ordered(world).line_ids[0], qty=Decimal(100), lot_no="L1", **who(world)).receipt_id


@scene
def reverse_receipt(world: World) -> dict[str, Any]:
    return {"receipt_id": received(world), "reason": "x"}


@scene
def close_order(world: World) -> dict[str, Any]:
    return {"order_id": ordered(world).order_id, "reason": "x"}


def kept(world: World, kind: str) -> dict[str, Any]:
    """Stand a lot of a part of its own at a new place; returns what commands about it take."""
    code = f"{kind[:4].upper()}{next(numbers)}"
    place = found(site_id=world.site_id, places=(Place(code, kind),), **who(world)).by_code[code]
    part = create_part(number=f"KEPT{next(numbers)}", lot_tracked=True, **who(world)).part_id
    done = receive_stock(
        site_id=world.site_id, part_id=part, location_id=place, qty=Decimal(5), lot_no="L1", **who(world)
    )
    return {"site_id": world.site_id, "part_id": part, "location_id": place, "lot_id": done.lot_id}


@scene
def put_away(world: World) -> dict[str, Any]:
    given = kept(world, "staging")
    return {"from_location_id": given.pop("location_id"), "bin_code": "FG", "qty": Decimal(5), **given}


@scene
def inspect_stock(world: World) -> dict[str, Any]:
    return {**kept(world, "quarantine"), "qty": Decimal(5), "verdict": "release", "reason": "x"}


@scene
def write_off(world: World) -> dict[str, Any]:
    return {**kept(world, "storage"), "qty": Decimal(5), "cause": "damaged"}


@scene
def create_count(world: World) -> dict[str, Any]:
    spot = kept(world, "storage")
    return {"site_id": world.site_id, "part_ids": (spot["part_id"], world.parts["FOAM"])}


def counted(world: World, qty: int = 4) -> dict[str, Any]:
    """Count five as another number; returns list and place."""
    spot = kept(world, "storage")
    spot.pop("site_id")
    made = count_list(site_id=world.site_id, part_ids=(spot["part_id"],), **who(world))
    counts(count_id=made.count_id, qty=Decimal(qty), **spot, **who(world))
    return {"count_id": made.count_id, "line_ids": (CountLine.objects.get(count_id=made.count_id).pk,)}


@scene
def record_count(world: World) -> dict[str, Any]:
    spot = kept(world, "storage")
    made = count_list(site_id=spot.pop("site_id"), part_ids=(world.parts["FOAM"],), **who(world))
    return {"count_id": made.count_id, "qty": Decimal(4), **spot}


@scene
def recount(world: World) -> dict[str, Any]:
    return counted(world)


@scene
def approve_count(world: World) -> dict[str, Any]:
    return {**counted(world), "reason": "x"}


@scene
def reverse_count(world: World) -> dict[str, Any]:
    done = counted(world)
    approve(**done, reason="x", **who(world))
    return {"count_id": done["count_id"], "line_id": done["line_ids"][0], "reason": "x"}


@scene
def close_count(world: World) -> dict[str, Any]:
    return {"count_id": counted(world)["count_id"]}
