"""A plant with handling units and printers, for the tests of printing."""

from decimal import Decimal
from typing import Any

from milkrun.printing.commands.print_label import LabelQueued, print_label
from milkrun.printing.commands.save_printer import save_printer
from milkrun.printing.models import PrintJob
from milkrun.stock.commands.create_handling_unit import create_handling_unit
from milkrun.stock.commands.pack_handling_unit import pack_handling_unit
from tests.world import World


def who(world: World) -> dict[str, Any]:
    return {"actor": world.actor, "at": world.later()}


def unit(world: World, qty: str = "") -> int:
    """Make a pallet, with foam in it where a quantity is given."""
    made = create_handling_unit(site_id=world.site_id, location_id=world.places["PACK"], **who(world)).hu_id
    if qty:
        pack(world, made, qty)
    return made


def pack(world: World, hu_id: int, qty: str) -> None:
    """Put foam in."""
    pack_handling_unit(
        site_id=world.site_id, hu_id=hu_id, part_id=world.parts["FOAM"], qty=Decimal(qty),
        location_id=world.places["LINE1"], **who(world),
    )  # fmt: skip


def printer(world: World, port: int = 9100, code: str = "ZEBRA1", **more: Any) -> int:
    """Set a printer up."""
    return save_printer(site_id=world.site_id, code=code, host="127.0.0.1", port=port, **more, **who(world)).printer_id


def label(world: World, hu_id: int, printer_id: int | None = None, template: str = "tag", **more: Any) -> LabelQueued:
    """Print one label."""
    (made,) = print_label(
        site_id=world.site_id, hu_ids=(hu_id,), template=template, printer_id=printer_id, **more, **who(world)
    ).labels
    return made


def job(made: LabelQueued) -> PrintJob:
    """Return the row of a label."""
    return PrintJob.objects.get(public_id=made.public_id)
