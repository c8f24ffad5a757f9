"""A call for many pieces fills one box after the other; each has its label, its line on the delivery and in the ASN."""

from decimal import Decimal

import pytest

from milkrun.demand.commands.specify_rack import specify_rack
from milkrun.demand.models import JitCall, PackingGroup, RackFrame
from milkrun.edi import DespatchAdvice, read
from milkrun.exchange.models import OutboxMessage
from milkrun.insight.queries import verify
from milkrun.kernel.errors import NotFound
from milkrun.measure.identifiers import sscc
from milkrun.printing.commands.print_label import print_label
from milkrun.printing.models import PrintJob
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.commands.split_delivery import split_delivery
from milkrun.shipping.commands.start_load_unit import start_load_unit
from milkrun.shipping.errors import NothingToPack, OneUnitRack, UnitStillEmpty, WrongHandlingUnit
from milkrun.shipping.models import DeliveryLine
from milkrun.stock.commands.create_handling_unit import create_handling_unit
from milkrun.stock.commands.register_handling_unit import register_handling_unit
from milkrun.stock.models import HandlingUnit
from tests.refusals import refused
from tests.shipping.picking import ready, take, walk, warehouse, wave_of, who
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


def load_of(call: int) -> PackingGroup:
    return PackingGroup.objects.get(slots__group__call_id=call)


def five_boxes(world: World) -> tuple[int, list[str]]:
    """Pick 500 pieces of a call into five boxes of a hundred; returns the call and the boxes."""
    warehouse(world, A1="300", B1="400")
    call = ready(world, "DON500", "500")
    wave = wave_of(world, call).wave_id
    boxes: list[str] = []
    while tasks := walk(wave):
        done = take(world, tasks[0], "100")
        boxes.append(done.sscc)
        if not done.purpose_done:
            start_load_unit(packing_group_id=load_of(call).pk, **who(world))
    return call, boxes


def test_five_hundred_pieces_leave_in_five_boxes_each_told_to_the_customer_and_come_back_as_they_left(
    world: World,
) -> None:
    call, boxes = five_boxes(world)
    assert len(set(boxes)) == 5

    made = world.deliver(call)
    assert sorted(made.handling_units) == sorted(boxes)
    lines = DeliveryLine.objects.filter(delivery_id=made.delivery_id)
    assert [(line.hu.sscc, str(line.qty)) for line in lines.order_by("line_no")] == [(box, "100") for box in boxes]
    post_goods_issue(delivery_id=made.delivery_id, **who(world))

    assert JitCall.objects.get(pk=call).state == "issued"
    assert set(HandlingUnit.objects.filter(sscc__in=boxes).values_list("state", flat=True)) == {"issued"}
    payload = bytes(OutboxMessage.objects.get(document_type="DESADV").payload)
    body = read(payload).interchanges[0].messages[0].body
    assert isinstance(body, DespatchAdvice)
    assert [unit.sscc for unit in body.units] == boxes
    assert [(line.sscc, line.quantity) for line in body.lines] == [(box, Decimal(100)) for box in boxes]
    assert verify().ok

    reverse_goods_issue(delivery_id=made.delivery_id, reason="truck broke down", **who(world))
    cancel_delivery(delivery_id=made.delivery_id, reason="truck broke down", **who(world))
    again = world.deliver(call)
    assert sorted(again.handling_units) == sorted(boxes)
    assert verify().ok


def test_each_box_gets_a_label_with_what_is_in_it_and_the_call_before_any_delivery_is_made(world: World) -> None:
    _call, boxes = five_boxes(world)

    units = list(HandlingUnit.objects.filter(sscc__in=boxes).values_list("pk", flat=True))
    print_label(site_id=world.site_id, hu_ids=units, printer_id=None, template="tag", **who(world))

    said = [job.data for job in PrintJob.objects.order_by("id")]
    assert {data["sscc"] for data in said} == set(boxes)
    assert {(data["quantity"], data["part.customer_number"], data["release.number"]) for data in said} == {
        ("100", SEAT, "DON500")
    }


def test_a_box_is_chosen_by_scan_and_an_earlier_one_can_be_filled_up(world: World) -> None:
    warehouse(world, A1="9")
    call = ready(world, "DON1", "6")
    wave = wave_of(world, call).wave_id
    theirs = sscc(1, "7612345", 5)
    register_handling_unit(site_id=world.site_id, location_id=world.places["DOCK1"], sscc=theirs, **who(world))

    ours = take(world, walk(wave)[0], "2").sscc
    assert take(world, walk(wave)[0], "2", sscc=theirs).sscc == theirs
    assert take(world, walk(wave)[0], "1").sscc == theirs
    assert take(world, walk(wave)[0], "1", sscc=ours).sscc == ours

    made = world.deliver(call)
    lines = DeliveryLine.objects.filter(delivery_id=made.delivery_id).order_by("line_no")
    assert {line.hu.sscc: str(line.qty) for line in lines} == {ours: "3", theirs: "3"}
    with refused(WrongHandlingUnit):
        split_delivery(delivery_id=made.delivery_id, handling_units=[ours], **who(world))


def test_a_unit_of_another_call_or_with_other_goods_is_no_box_for_this_one(world: World) -> None:
    warehouse(world, A1="9")
    first, second = ready(world, "DON1", "2"), ready(world, "DON2", "3")
    one, two = wave_of(world, first).wave_id, wave_of(world, second).wave_id
    other = take(world, walk(one)[0]).sscc
    task = walk(two)[0]

    with refused(WrongHandlingUnit) as caught:
        take(world, task, sscc=other)
    assert caught.value.facts["scanned"] == other
    with refused(WrongHandlingUnit):
        start_load_unit(packing_group_id=load_of(second).pk, sscc=other, **who(world))


def test_a_frame_a_pallet_with_boxes_and_a_box_on_a_pallet_are_no_empty_boxes(world: World) -> None:
    specify_rack(partner_id=world.partner_id, family="SV", slots=2, racks=2, **who(world))
    world.packed(world.sequenced(1, parts=(SEAT,)))
    world.receive("SEAT-105A", "9", "FG")
    place = {"site_id": world.site_id, "location_id": world.places["DOCK1"]}
    pallet = create_handling_unit(**place, kind="pallet", **who(world))
    box = create_handling_unit(**place, kind="box", into_id=pallet.hu_id, **who(world))
    call = ready(world, "DON1", "3")
    rack = release_for_packing(call_ids=[call], **who(world)).packing_groups[0].packing_group_id

    for code in (RackFrame.objects.get().hu.sscc, pallet.sscc, box.sscc):
        with refused(WrongHandlingUnit):
            start_load_unit(packing_group_id=rack, sscc=code, **who(world))


def test_a_box_that_stayed_empty_is_left_behind_and_no_second_empty_one_is_begun(world: World) -> None:
    warehouse(world, A1="9")
    call = ready(world, "DON1", "3")
    wave = wave_of(world, call).wave_id
    load = load_of(call).pk
    with refused(UnitStillEmpty):
        start_load_unit(packing_group_id=load, **who(world))
    filled = take(world, walk(wave)[0], "2").sscc
    empty = start_load_unit(packing_group_id=load, **who(world)).sscc
    assert take(world, walk(wave)[0], sscc=filled).sscc == filled
    with refused(NothingToPack):
        start_load_unit(packing_group_id=load, **who(world))

    made = world.deliver(call)

    assert made.handling_units == (filled,)
    assert HandlingUnit.objects.get(sscc=empty).state == "open"
    assert verify().ok


def test_boxes_are_filled_at_the_packing_station_too_and_each_is_picked_by_scan(world: World) -> None:
    world.receive("SEAT-105A", "5", "FG")
    call = ready(world, "DON1", "5")
    rack = release_for_packing(call_ids=[call], **who(world)).packing_groups[0].packing_group_id
    confirm_packing(packing_group_id=rack, scan=SEAT, qty=Decimal(3), **who(world))
    box = start_load_unit(packing_group_id=rack, **who(world))
    confirm_packing(packing_group_id=rack, scan=SEAT, **who(world))
    made = world.deliver(call)

    half = pick_delivery(delivery_id=made.delivery_id, sscc=box.before, **who(world))
    whole = pick_delivery(delivery_id=made.delivery_id, sscc=box.sscc, **who(world))

    assert (half.open, half.state, whole.open, whole.state) == ((box.sscc,), "open", (), "picked")


def test_a_rack_of_a_sequence_stays_one_unit(world: World) -> None:
    call = world.call(world.sequenced(1))
    world.finish([call])
    rack = release_for_packing(call_ids=[call], **who(world)).packing_groups[0].packing_group_id

    with refused(OneUnitRack):
        start_load_unit(packing_group_id=rack, **who(world))
    with refused(NotFound):
        start_load_unit(packing_group_id=0, **who(world))
