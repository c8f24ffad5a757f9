"""Goods that somebody waits for go straight from the dock to the call or the job, and are never put away."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from milkrun.demand.commands.introduce_part import introduce_part
from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.insight.queries import verify
from milkrun.kernel.errors import Invalid, NotFound
from milkrun.production.models import Job
from milkrun.shipping.commands.cross_dock_receipt import Arrival, cross_dock_receipt
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.errors import NothingWaits
from milkrun.shipping.queries.waiting import scanned_unit, waiting_for
from milkrun.stock.commands.block_lot import block_lot
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.errors import LotHeld, ShortStock
from milkrun.stock.models import Balance, Lot, Posting
from tests.refusals import refused
from tests.shipping.picking import walk, wave_of, who
from tests.world import ORDER, World

pytestmark = pytest.mark.django_db
BOUGHT = "8V0 999 001 B"


def bought(world: World, number: str = BOUGHT) -> int:
    """Agree on a part that is bought and sold on; returns its key."""
    part = introduce_part(
        partner_id=world.partner_id, customer_number=number, number=number.replace(" ", ""), order_no=ORDER,
        price_minor=500, price_basis=1, currency="EUR", valid_from=date(2026, 1, 1), **who(world),
    ).part_id  # fmt: skip
    staging = create_locations(site_id=world.site_id, places=(Place("GATE", "staging"),), **who(world))
    world.places |= staging.by_code
    world.parts[number] = part
    return part


def called(world: World, number: str, qty: str, *parts: str) -> Component:
    """Receive a call that waits for bought parts; returns its first component."""
    call = world.call(world.summarized(number, parts or (BOUGHT,), qty))
    return Component.objects.filter(group__call_id=call).order_by("line_no")[0]


def send(world: World, part: int, qty: str, **to: Any) -> Any:
    arrival = Arrival(
        part_id=part, location_id=world.places["GATE"], qty=Decimal(qty), lot_no=to.pop("lot", ""),
        known=to.pop("known", False),
    )  # fmt: skip
    return cross_dock_receipt(site_id=world.site_id, arrival=arrival, **to, **who(world))


def test_goods_for_a_waiting_call_come_in_and_go_out_in_one_step_and_leave(world: World) -> None:
    part = bought(world)
    component = called(world, "DON1", "30")
    (waiting,) = waiting_for(world.site_id, part, "UTC")
    assert (waiting.kind, waiting.number, waiting.plain, waiting.target) == ("call", "DON1", "30", "DOCK1")

    done = send(world, part, "30", component_id=component.pk)

    group = ComponentGroup.objects.get()
    assert (done.whole, done.target, group.state, group.picking) == (True, "DOCK1", "packed", "picked")
    assert list(Posting.objects.order_by("-pk").values_list("kind", flat=True)[:2]) == ["cross_dock", "dock_receipt"]
    assert [(b.location.code, b.hu.sscc) for b in Balance.objects.filter(part_id=part, on_hand__gt=0)] == [
        ("DOCK1", done.sscc)
    ]
    assert waiting_for(world.site_id, part, "UTC") == []
    made = world.deliver(JitCall.objects.get().pk)
    post_goods_issue(delivery_id=made.delivery_id, **who(world))
    assert verify().ok


def test_a_part_of_what_a_call_waits_for_leaves_it_short_until_the_next_goods_come(world: World) -> None:
    part = bought(world)
    component = called(world, "DON1", "30")

    first = send(world, part, "10", component_id=component.pk)
    with refused(NothingWaits) as caught:
        send(world, part, "21", component_id=component.pk)
    second = send(world, part, "20", component_id=component.pk)

    assert (first.whole, second.whole, first.sscc == second.sscc) == (False, True, True)
    assert caught.value.facts == {"wanted": "20", "sent": "21"}
    assert verify().ok


def test_what_is_in_stock_completes_a_cross_docked_call_by_a_wave(world: World) -> None:
    part = bought(world)
    component = called(world, "DON1", "30")
    send(world, part, "10", component_id=component.pk)
    world.parts["B"] = part
    world.receive("B", "20", "FG")

    (task,) = walk(wave_of(world, JitCall.objects.get().pk).wave_id)

    assert (str(task.qty), task.from_location.code) == ("20", "FG")
    assert verify().ok


def test_goods_for_a_job_go_to_its_line(world: World) -> None:
    call = world.call(world.summarized("DON1", qty="1200"))
    job = Job.objects.get(pk=world.release(call).jobs[0].job_id)
    world.places |= create_locations(site_id=world.site_id, places=(Place("GATE", "staging"),), **who(world)).by_code
    (waiting,) = waiting_for(world.site_id, world.parts["FRAME"], "UTC")
    assert (waiting.kind, waiting.number, waiting.plain, waiting.target) == ("job", job.number, "200", "LINE1")

    done = send(world, world.parts["FRAME"], "200", job_id=job.pk)

    assert (done.target, done.whole) == ("LINE1", True)
    assert Balance.objects.get(part_id=world.parts["FRAME"], location__code="LINE1").on_hand == 1200
    assert waiting_for(world.site_id, world.parts["FRAME"], "UTC") == []
    assert verify().ok


def test_goods_that_were_taken_in_already_are_sent_from_where_they_stand(world: World) -> None:
    part = bought(world)
    component = called(world, "DON1", "30")
    world.parts["B"] = part
    receive_stock(site_id=world.site_id, part_id=part, location_id=world.places["GATE"], qty=Decimal(12), lot_no="L7",
                  **who(world))  # fmt: skip
    assert scanned_unit(world.site_id, "L7").lot == "L7"

    with refused(ShortStock):
        send(world, part, "13", lot="L7", known=True, component_id=component.pk)
    done = send(world, part, "12", lot="L7", known=True, component_id=component.pk)

    assert Balance.objects.get(hu__sscc=done.sscc).lot.number == "L7"
    block_lot(lot_id=Lot.objects.get().pk, reason="doubtful", **who(world))
    receive_stock(site_id=world.site_id, part_id=part, location_id=world.places["GATE"], qty=Decimal(5), lot_no="L7",
                  **who(world))  # fmt: skip
    with refused(LotHeld):
        send(world, part, "5", lot="L7", known=True, component_id=component.pk)


def test_a_destination_is_named_exactly_and_waits_for_the_part(world: World) -> None:
    part = bought(world)
    component = called(world, "DON1", "30")

    with refused(Invalid):
        send(world, part, "1")
    with refused(Invalid):
        send(world, part, "0", component_id=component.pk)
    with refused(NotFound):
        send(world, part, "1", component_id=0)
    with refused(NotFound):
        send(world, part, "1", job_id=0)
    with refused(NothingWaits):
        send(world, world.parts["FOAM"], "1", component_id=component.pk)
