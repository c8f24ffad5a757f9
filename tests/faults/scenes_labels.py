"""Scenes of handling units and of what is printed for them."""

from decimal import Decimal
from typing import Any

from milkrun.demand.models import PackingSlot
from milkrun.labels import plain, shipped
from milkrun.printing.commands.claim_print_jobs import claim_print_jobs as claim_jobs
from milkrun.printing.models import PrintJob
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.stock.commands.create_handling_unit import create_handling_unit as make_unit
from milkrun.stock.commands.pack_handling_unit import pack_handling_unit as pack_unit
from milkrun.stock.commands.reject_handling_unit import reject_handling_unit as reject_unit
from milkrun.stock.commands.split_handling_unit import Share
from tests.faults.scenes import numbers, scene, who
from tests.printing import plant as printing
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


def waiting(world: World) -> PrintJob:
    """Let a label wait for a printer of its own."""
    zebra = printing.printer(world, code=f"Z{next(numbers)}")
    return printing.job(printing.label(world, unit(world, "1"), zebra))


def leased_label(world: World) -> dict[str, Any]:
    """Let a label be on its way."""
    job = waiting(world)
    (lease,) = [one.lease for one in claim_jobs(at=world.later()).parcels if one.print_job_id == job.pk]
    return {"print_job_id": job.pk, "lease": lease}


@scene
def save_printer(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "code": f"Z{next(numbers)}", "host": "10.0.7.21"}


@scene
def save_label_template(world: World) -> dict[str, Any]:
    return {"name": f"own_{next(numbers)}", "layout": plain(shipped("tag")), "based_on": 0}


@scene
def print_label(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "hu_ids": (unit(world, "1"), unit(world)), "template": "tag", "printer_id": None}


@scene
def redirect_print_job(world: World) -> dict[str, Any]:
    return {"print_job_id": waiting(world).pk, "printer_id": None}


@scene
def claim_print_jobs(world: World) -> dict[str, Any]:
    waiting(world)
    return {}


@scene
def record_printed(world: World) -> dict[str, Any]:
    return leased_label(world)


@scene
def record_print_failure(world: World) -> dict[str, Any]:
    return {**leased_label(world), "error": "off", "unsure": False}


@scene
def report_missing(world: World) -> dict[str, Any]:
    call = world.call(world.sequenced(next(numbers) + 5000))
    world.finish([call])
    (rack,) = release_for_packing(call_ids=(call,), **who(world)).packing_groups
    return {
        "packing_group_id": rack.packing_group_id,
        "slot": PackingSlot.objects.get(packing_group=rack.packing_group_id, group__call=call).position,
    }
