"""Racks on frames: both levels are packed, checked, labelled, delivered and announced, and leave together."""

from collections.abc import Callable
from typing import Any

import pytest

from milkrun import edi
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.commands.specify_rack import specify_rack
from milkrun.demand.errors import RackInUse
from milkrun.demand.models import PackingGroup, RackFrame
from milkrun.exchange.models import OutboxMessage
from milkrun.insight.queries import verify
from milkrun.kernel.errors import IllegalMove, Invalid, NotFound
from milkrun.partners.models import Partner
from milkrun.printing.queries.unit_labels import fitting_template, label_units, unit_data
from milkrun.shipping.commands.accept_cancel import accept_cancel
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.place_rack import RackOnFrame, place_rack
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.remove_from_delivery import remove_from_delivery
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.commands.split_delivery import split_delivery
from milkrun.shipping.errors import RackIncomplete, RackPlaced, WrongFrame, WrongHandlingUnit
from milkrun.stock.models import HandlingUnit
from tests.refusals import refused
from tests.web.conftest import door  # noqa: F401
from tests.web.door import Door, text_of
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(world: World) -> list[int]:
    """Four vehicles in racks of two, two racks on a frame: positions 1 to 4 fill frame 1."""
    specify_rack(partner_id=world.partner_id, family="SV", slots=2, racks=2, frame_type="CART", actor=world.actor,
                 at=world.later())  # fmt: skip
    return world.packed(*[world.sequenced(number, parts=(SEAT,)) for number in range(1, 5)])


def who(world: World) -> dict[str, Any]:
    return {"actor": world.actor, "at": world.later()}


def place(world: World, rack_no: int, scan: str = "") -> RackOnFrame:
    rack = PackingGroup.objects.get(rack_no=rack_no, stream__isnull=False)
    code = scan or (rack.frame.hu.sscc if rack.frame else "")
    return place_rack(packing_group_id=rack.pk, scan=code, actor=world.actor, at=world.later())


def sound() -> None:
    report = verify()
    assert report.ok, [(r.id, r.first) for r in report.invariants if r.violations]


def test_racks_of_a_frame_share_it_and_leave_whole_with_both_levels_in_delivery_and_notice(
    world: World,
    calls: list[int],
    door: Callable[[str], Door],  # noqa: F811
) -> None:
    frame = RackFrame.objects.get()
    with refused(RackIncomplete):
        world.deliver(*calls)
    first, second = place(world, 1), place(world, 2, f"]C100{frame.hu.sscc}")
    with refused(RackIncomplete):
        world.deliver(*calls[:2])

    delivery = world.picked(*calls)
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())

    frame.hu.refresh_from_db()
    racks = list(PackingGroup.objects.order_by("rack_no").values_list("hu__sscc", "hu__parent", "hu__state", "state"))
    assert (first.left, second.left, frame.racks_total, frame.hu.kind) == (1, 0, 2, "cart")
    assert [(parent, *rest) for _, parent, *rest in racks] == [(frame.hu_id, "issued", "issued")] * 2
    assert frame.hu.state == "issued"
    notice = edi.read(bytes(OutboxMessage.objects.get(document_type="DESADV").payload)).interchanges[0].messages[0].body
    assert [(unit.sscc, unit.parent_sscc) for unit in notice.units] == [
        (frame.hu.sscc, None), (racks[0][0], frame.hu.sscc), (racks[1][0], frame.hu.sscc)
    ]  # fmt: skip
    assert [line.sscc for line in notice.lines] == [racks[0][0]] * 2 + [racks[1][0]] * 2
    from milkrun.shipping.models import Delivery

    page = text_of(door("shipping").get(f"/deliveries/{Delivery.objects.get().public_id}"))
    assert page.count(f"on {frame.hu.sscc}") == 2
    sound()
    reverse_goods_issue(delivery_id=delivery, reason="wrong truck", actor=world.actor, at=world.later())
    frame.hu.refresh_from_db()
    assert frame.hu.state == "closed"
    sound()


def test_a_rack_is_put_on_its_own_frame_once_and_on_no_other(world: World, calls: list[int]) -> None:
    with refused(WrongFrame):
        place(world, 1, PackingGroup.objects.get(rack_no=1).hu.sscc)
    place(world, 1)
    with refused(RackPlaced):
        place(world, 1)
    with refused(NotFound):
        place_rack(packing_group_id=0, scan="1", actor=world.actor, at=world.later())
    with refused(Invalid):
        specify_rack(partner_id=world.partner_id, slots=2, racks=0, actor=world.actor, at=world.later())
    place(world, 2)
    world.deliver(*calls)
    with refused(IllegalMove):
        place(world, 1)


@pytest.mark.parametrize("family", ["SV", ""])
def test_a_frame_that_is_being_filled_keeps_how_many_racks_it_holds(world: World, family: str) -> None:
    spec = {"partner_id": world.partner_id, "family": family, "slots": 2}
    specify_rack(**spec, racks=2, **who(world))
    calls = world.packed(*[world.sequenced(number, parts=(SEAT,)) for number in range(1, 5)])
    for racks in (1, 3):
        with refused(RackInUse):
            specify_rack(**spec, racks=racks, **who(world))

    place(world, 1)
    place(world, 2)
    world.deliver(*calls)

    assert specify_rack(**spec, racks=3, **who(world)).rack_spec_id


def test_units_of_one_frame_are_not_torn_apart(world: World, calls: list[int]) -> None:
    place(world, 1)
    place(world, 2)
    made = world.deliver(*calls)

    with refused(WrongHandlingUnit):
        split_delivery(delivery_id=made.delivery_id, handling_units=made.handling_units[:1], **who(world))


@pytest.mark.parametrize("taken_off_by", ["cancel", "remove", "retire"])
def test_a_frame_goes_back_with_its_racks_and_is_picked_again(world: World, taken_off_by: str) -> None:
    Partner.objects.update(picks_sequenced_calls=True)
    specify_rack(partner_id=world.partner_id, family="SV", slots=1, racks=2, **who(world))
    calls = world.packed(*[world.sequenced(number, parts=(SEAT,)) for number in (1, 2, 3, 4)])
    for rack_no in (1, 2, 3, 4):
        place(world, rack_no)
    delivery = world.picked(*calls)
    units = list(PackingGroup.objects.order_by("rack_no").values_list("hu__sscc", flat=True))

    if taken_off_by == "cancel":
        cancel_delivery(delivery_id=delivery, reason="truck broke down", **who(world))
    elif taken_off_by == "remove":
        remove_from_delivery(delivery_id=delivery, handling_units=units[:2], reason="truck is full", **who(world))
    else:
        request_cancel(call_ids=calls[:1], reason="car is not built", source="edi", **who(world))
        accept_cancel(call_id=calls[0], **who(world))
        assert HandlingUnit.objects.get(rackframe__frame_no=1).state == "picked"
        request_cancel(call_ids=calls[1:2], reason="car is not built", source="edi", **who(world))
        accept_cancel(call_id=calls[1], **who(world))

    states = dict(RackFrame.objects.values_list("frame_no", "hu__state"))
    assert states == {1: "closed", 2: "closed" if taken_off_by == "cancel" else "picked"}
    if taken_off_by != "retire":
        again = world.deliver(*calls[:2]).delivery_id
        done = pick_delivery(delivery_id=again, sscc=units[0], **who(world))
        assert (len(done.picked), done.state) == (3, "picked")
        sound()


def test_a_rack_whose_calls_are_all_cancelled_stays_behind_when_its_frame_leaves(
    world: World, calls: list[int]
) -> None:
    place(world, 1)
    place(world, 2)
    delivery = world.picked(*calls)
    request_cancel(call_ids=calls[:2], reason="cars are not built", source="edi", **who(world))

    accept_cancel(call_id=calls[0], **who(world))
    assert PackingGroup.objects.get(rack_no=1).frame is not None
    accept_cancel(call_id=calls[1], **who(world))
    post_goods_issue(delivery_id=delivery, **who(world))

    racks = PackingGroup.objects.order_by("rack_no").values_list("state", "frame__frame_no", "hu__state")
    assert list(racks) == [("closed", None, "closed"), ("issued", 1, "issued")]
    assert PackingGroup.objects.get(rack_no=1).hu.parent_id is None
    sound()


def test_a_late_number_gets_the_next_load_of_its_rack_and_of_its_frame(world: World) -> None:
    specify_rack(partner_id=world.partner_id, family="SV", slots=2, racks=2, **who(world))
    calls = world.packed(*[world.sequenced(number, parts=(SEAT,)) for number in (1, 2, 3)])
    place(world, 1)
    place(world, 2)
    world.deliver(*calls)

    world.packed(world.sequenced(4, parts=(SEAT,)))

    assert list(RackFrame.objects.order_by("pk").values_list("frame_no", "load_no")) == [(1, 1), (1, 2)]
    assert PackingGroup.objects.get(rack_no=2, load_no=2).frame == RackFrame.objects.get(load_no=2)
    sound()


def test_each_level_has_its_label(world: World, calls: list[int]) -> None:
    frame = RackFrame.objects.get()
    place(world, 1)
    (unit,) = label_units(world.site_id, [frame.hu_id])
    (inner,) = label_units(world.site_id, [PackingGroup.objects.get(rack_no=1).hu_id or 0])

    said, below = unit_data(unit, world.now), unit_data(inner, world.now)

    assert (fitting_template(unit), fitting_template(inner)) == ("rack", "rack")
    assert (said["rack.title"], said["sequence.from"], said["sequence.to"]) == ("SV frame 1", "0001", "0004")
    assert said["slots"] == "SV 1  0001 - 0002\nSV 2  0003 - 0004"
    assert (below["sequence.to"], below["parent.sscc"]) == ("0002", frame.hu.sscc)


def test_the_verifier_finds_a_rack_that_left_without_its_frame(world: World, calls: list[int]) -> None:
    place(world, 1)
    place(world, 2)
    post_goods_issue(delivery_id=world.picked(*calls), actor=world.actor, at=world.later())
    HandlingUnit.objects.filter(rackframe__isnull=False).update(state="closed")

    broken = {result.id for result in verify().invariants if result.violations}

    assert broken == {"I-65"}


def test_the_rack_page_shows_its_frame_and_stops_at_a_wrong_one(
    world: World,
    door: Callable[[str], Door],  # noqa: F811
) -> None:
    shipping, packer = door("shipping"), door("packer")
    shipping.send("/packing/racks", partner="OEM01", family="SV", slots="2", racks="2", frame_type="CART")
    world.packed(*[world.sequenced(number, parts=(SEAT,)) for number in (1, 2)])
    at, frame = f"/packing/{PackingGroup.objects.get().public_id}", RackFrame.objects.get()

    shown = text_of(packer.get(at))
    wrong = packer.send(f"{at}/place", scan="FOAM")
    right = packer.send(f"{at}/place", scan=frame.hu.sscc)
    second = packer.send(f"{at}/place", scan=frame.hu.sscc)

    assert "CART" in text_of(shipping.get("/packing/racks"))
    assert "SV frame 1: this is rack 1 of 2" in shown
    assert "Not on its frame yet" in shown
    assert ("Wrong frame" in text_of(wrong), 'data-sound="wrong"' in wrong.content.decode()) == (True, True)
    assert "stands on SV frame 1" in text_of(right)
    assert "Placed by somebody else" in text_of(second)
