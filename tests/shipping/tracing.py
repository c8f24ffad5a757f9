"""A heat of steel that becomes frames, then seats, then a delivery: for tests of the trace."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from milkrun.demand.commands.agree_supply import agree_supply
from milkrun.parts.commands.add_customer_part import add_customer_part
from milkrun.parts.commands.create_part import Ingredient, create_part
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.create_job import create_job
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.models import Delivery
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.models import Lot
from milkrun.stock.steps import LotFacts
from tests.shipping.picking import who
from tests.world import ORDER, World

SEAT_T, HEAT = "7N0 100 201 T", "H77"


@dataclass
class Chain:
    """What was made of the heat: the frames' job and lot, the seats' job, the delivery and its unit."""

    frames_job: str
    frames_lot: str
    seats_job: str
    delivery: str
    sscc: str


def steel_to_seats(world: World, leave: bool = True) -> Chain:
    """Play the chain once: ten frames of a heat of steel, four seats of them for a call, delivered."""
    part = {"STEEL": create_part(number="STEEL", lot_tracked=True, supply_location="LINE1", **who(world)).part_id}
    for number, tracked, below in (("FRAME-W", True, "STEEL"), ("SEAT-T", False, "FRAME-W")):
        part[number] = create_part(
            number=number, made_here=True, lot_tracked=tracked, supply_location="LINE1",
            bom=(Ingredient(below, Decimal(2)),), **who(world),
        ).part_id  # fmt: skip
    add_customer_part(partner_id=world.partner_id, number=SEAT_T, part_id=part["SEAT-T"], **who(world))
    agree_supply(
        partner_id=world.partner_id, order_no=ORDER, customer_part_no=SEAT_T, price_minor=900, currency="EUR",
        valid_from=date(2026, 1, 1), **who(world),
    )  # fmt: skip
    for lot, heat in (("S-1", HEAT), ("S-2", "H78")):
        receive_stock(
            site_id=world.site_id, part_id=part["STEEL"], location_id=world.places["LINE1"], qty=Decimal(20),
            lot_no=lot, facts=LotFacts(supplier_lot=f"SL-{lot}", heat=heat), **who(world),
        )  # fmt: skip
    frames = create_job(
        site_id=world.site_id, part_id=part["FRAME-W"], qty=Decimal(10), signal="stock", signal_text="week 47",
        due_at=world.now + timedelta(days=1), **who(world),
    )  # fmt: skip
    confirm_job(job_id=frames.job_id, reports=(JobReport(1, Decimal(10)),), **who(world))
    lot = Lot.objects.get(part_id=part["FRAME-W"])
    move_stock(
        site_id=world.site_id, part_id=part["FRAME-W"], from_location_id=world.places["FG"],
        to_location_id=world.places["LINE1"], qty=Decimal(10), lot_id=lot.pk, **who(world),
    )  # fmt: skip
    call = world.call(world.summarized("DON77", (SEAT_T,), "4"))
    (seats,) = world.release(call).jobs
    confirm_job(job_id=seats.job_id, reports=(JobReport(1, Decimal(4)),), **who(world))
    if not leave:
        return Chain(frames.number, lot.number, seats.number, "", "")
    world.pack(call)
    made = world.deliver(call)
    pick_delivery(delivery_id=made.delivery_id, **who(world))
    post_goods_issue(delivery_id=made.delivery_id, **who(world))
    delivery = Delivery.objects.get(pk=made.delivery_id)
    return Chain(frames.number, lot.number, seats.number, delivery.number, made.handling_units[0])
