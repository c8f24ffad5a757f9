"""Handling units are made, filled, split, merged, carried and set apart; what is kept for a call stays untouched."""

from decimal import Decimal
from typing import Any

import pytest

from milkrun.insight.queries import verify
from milkrun.kernel.errors import IllegalMove, Invalid, NotFound
from milkrun.stock.commands.accept_handling_unit import accept_handling_unit
from milkrun.stock.commands.create_handling_unit import create_handling_unit
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.commands.merge_handling_units import merge_handling_units
from milkrun.stock.commands.move_handling_unit import move_handling_unit
from milkrun.stock.commands.nest_handling_unit import nest_handling_unit
from milkrun.stock.commands.pack_handling_unit import pack_handling_unit
from milkrun.stock.commands.reject_handling_unit import reject_handling_unit
from milkrun.stock.commands.split_handling_unit import Share, split_handling_unit
from milkrun.stock.errors import (
    HandlingUnitFrozen,
    HandlingUnitInUse,
    NestingTooDeep,
    NothingInside,
    ShortStock,
    UnknownLocation,
)
from milkrun.stock.models import Balance, HandlingUnit, Reservation
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def who(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "actor": world.actor, "at": world.later()}


def make(world: World, *packed: str, kind: str = "pallet", place: str = "PACK", **more: Any) -> int:
    unit = create_handling_unit(location_id=world.places[place], kind=kind, **more, **who(world)).hu_id
    for qty in packed:
        pack(world, unit, qty)
    return unit


def pack(world: World, unit: int, qty: str, part: str = "FOAM", place: str = "LINE1", **more: Any):
    return pack_handling_unit(
        hu_id=unit, part_id=world.parts[part], qty=Decimal(qty), location_id=world.places[place], **more, **who(world)
    )


def content(unit: int) -> dict[str, Decimal]:
    return {row.part.number: row.on_hand for row in Balance.objects.filter(hu_id=unit, on_hand__gt=0)}


def state(unit: int) -> tuple[str, str]:
    row = HandlingUnit.objects.get(pk=unit)
    return row.state, row.location.code


def test_a_unit_is_made_filled_and_emptied_again_and_the_ledger_agrees(world: World) -> None:
    unit = make(world, "12.5", "7.5")

    pack(world, unit, "5", place="FG", take_out=True)

    assert content(unit) == {"FOAM": Decimal(15)}
    assert Balance.objects.get(location__code="FG", part__number="FOAM", hu=None).on_hand == 5
    assert verify().ok


def test_a_new_unit_stands_in_another_one_where_that_is(world: World) -> None:
    outer = make(world, place="FG")

    inner = make(world, kind="box", into_id=outer)

    assert state(inner) == ("open", "FG")
    assert HandlingUnit.objects.get(pk=inner).parent_id == outer


@pytest.mark.parametrize(("change", "kind"), [
    ({"kind": "spaceship"}, Invalid), ({"location_id": 0}, UnknownLocation), ({"into_id": 999_999}, NotFound),
])  # fmt: skip
def test_an_impossible_unit_is_refused(world: World, change: dict, kind: type) -> None:
    with refused(kind):
        create_handling_unit(**{"location_id": world.places["PACK"], **change}, **who(world))


@pytest.mark.parametrize("qty", ["0", "-1", "NaN"])
def test_an_impossible_quantity_is_not_packed(world: World, qty: str) -> None:
    unit = make(world)

    with refused(Invalid):
        pack(world, unit, qty)


def test_more_than_is_free_is_neither_packed_nor_taken_out(world: World) -> None:
    unit = make(world, "3")

    with refused(ShortStock):
        pack(world, unit, "1000")
    with refused(ShortStock):
        pack(world, unit, "4", take_out=True)


def test_a_split_takes_exactly_the_shares_into_a_new_code(world: World) -> None:
    unit = make(world, "10")

    done = split_handling_unit(hu_id=unit, shares=(Share(world.parts["FOAM"], Decimal("2.5")),), **who(world))

    assert (content(unit), content(done.hu_id)) == ({"FOAM": Decimal("7.5")}, {"FOAM": Decimal("2.5")})
    assert HandlingUnit.objects.get(pk=done.hu_id).sscc == done.sscc != HandlingUnit.objects.get(pk=unit).sscc


def test_a_split_of_nothing_twice_or_too_much_is_refused(world: World) -> None:
    unit, foam, frame = make(world, "10"), world.parts["FOAM"], world.parts["FRAME"]

    for shares, kind in (
        ((), Invalid),
        ((Share(foam, Decimal(1)), Share(foam, Decimal(1))), Invalid),
        ((Share(foam, Decimal(0)),), Invalid),
        ((Share(foam, Decimal(11)),), ShortStock),
        ((Share(frame, Decimal(1)),), ShortStock),
    ):
        with refused(kind):
            split_handling_unit(hu_id=unit, shares=shares, **who(world))


def test_a_merge_moves_goods_and_inner_units_and_retires_the_empty_ones(world: World) -> None:
    target, full, nesting = make(world, "1", place="FG"), make(world, "2"), make(world)
    inner = make(world, "4", kind="box", into_id=nesting)

    done = merge_handling_units(into_id=target, hu_ids=(full, nesting), **who(world))

    assert content(target) == {"FOAM": Decimal(3)}
    assert HandlingUnit.objects.get(pk=inner).parent_id == target
    assert [state(unit)[0] for unit in (target, full, nesting, inner)] == ["open", "emptied", "emptied", "open"]
    assert state(inner)[1] == "FG"
    assert len(done.emptied) == 2
    assert verify().ok


def test_a_merge_of_nothing_of_itself_or_of_an_empty_unit_is_refused(world: World) -> None:
    unit, empty = make(world, "1"), make(world)

    for units, kind in (((), Invalid), ((unit,), Invalid), ((empty,), NothingInside), ((999_999,), NotFound)):
        with refused(kind):
            merge_handling_units(into_id=unit, hu_ids=units, **who(world))


def test_a_merge_does_not_nest_deeper_than_five(world: World) -> None:
    chain = [make(world)]
    for _ in range(4):
        chain.append(make(world, kind="box", into_id=chain[-1]))
    lone = make(world)
    make(world, "1", kind="box", into_id=lone)

    with refused(NestingTooDeep):
        merge_handling_units(into_id=chain[-1], hu_ids=(lone,), **who(world))


def test_a_unit_goes_with_everything_in_it_and_comes_out_of_what_it_stood_in(world: World) -> None:
    pallet = make(world, "1")
    box = make(world, "2", kind="box", into_id=pallet)
    bag = make(world, "3", kind="box", into_id=box)

    done = move_handling_unit(hu_id=box, to_location_id=world.places["FG"], reason="room", **who(world))

    assert done.units == 2
    assert [state(unit)[1] for unit in (pallet, box, bag)] == ["PACK", "FG", "FG"]
    assert HandlingUnit.objects.get(pk=box).parent_id is None
    assert verify().ok


def test_nesting_takes_the_inner_unit_to_where_the_other_stands(world: World) -> None:
    inner, outer = make(world, "1", kind="box"), make(world, place="FG")

    nest_handling_unit(hu_id=inner, into_id=outer, **who(world))

    assert state(inner) == ("open", "FG")
    assert verify().ok


def test_a_rack_in_packing_is_carried_with_what_is_kept_in_it(world: World) -> None:
    world.packed(world.sequenced(471))
    rack = HandlingUnit.objects.get()
    kept = sum(row.qty for row in Reservation.objects.filter(state="open"))

    move_handling_unit(hu_id=rack.pk, to_location_id=world.places["FG"], **who(world))

    assert state(rack.pk) == ("open", "FG")
    assert sum(row.qty for row in Reservation.objects.filter(state="open", balance__location__code="FG")) == kept == 2
    assert verify().ok


def test_what_is_kept_for_a_call_is_neither_split_merged_taken_out_nor_rejected(world: World) -> None:
    world.packed(world.sequenced(471))
    rack, other = HandlingUnit.objects.get().pk, make(world)
    seat = world.parts["SEAT-105A"]

    with refused(ShortStock):
        split_handling_unit(hu_id=rack, shares=(Share(seat, Decimal(1)),), **who(world))
    with refused(ShortStock):
        pack(world, rack, "1", part="SEAT-105A", take_out=True)
    with refused(HandlingUnitInUse) as caught:
        merge_handling_units(into_id=other, hu_ids=(rack,), **who(world))
    with refused(HandlingUnitInUse):
        reject_handling_unit(hu_id=rack, reason="scratched", **who(world))
    assert {fact["part"] for fact in caught.value.facts["units"]} == {"SEAT-105A", "REST-106B"}


def test_a_rejected_unit_goes_to_quarantine_and_nobody_uses_it_until_it_is_accepted(world: World) -> None:
    create_locations(places=(Place("QA", "quarantine"),), **who(world))
    unit, other = make(world, "5"), make(world)
    box = make(world, "1", kind="box", into_id=unit)

    reject_handling_unit(hu_id=unit, reason="wet", **who(world))

    assert [state(one) for one in (unit, box)] == [("rejected", "QA")] * 2
    with refused(HandlingUnitFrozen):
        pack(world, unit, "1", take_out=True)
    with refused(HandlingUnitFrozen):
        nest_handling_unit(hu_id=unit, into_id=other, **who(world))
    with refused(Invalid):
        accept_handling_unit(hu_id=unit, reason=" ", **who(world))
    accept_handling_unit(hu_id=unit, reason="dried", **who(world))
    assert [state(one)[0] for one in (unit, box)] == ["open", "open"]
    with refused(IllegalMove):
        accept_handling_unit(hu_id=unit, reason="again", **who(world))


def test_a_closed_unit_keeps_its_content_and_one_that_has_left_is_not_moved(world: World) -> None:
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue

    delivery = world.picked(*world.packed(world.sequenced(471)))
    rack = HandlingUnit.objects.get().pk
    with refused(HandlingUnitFrozen):
        pack(world, rack, "1")
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())

    with refused(HandlingUnitFrozen):
        move_handling_unit(hu_id=rack, to_location_id=world.places["FG"], **who(world))
    with refused(IllegalMove):
        reject_handling_unit(hu_id=rack, reason="late", **who(world))


def test_a_unit_that_is_not_there_is_not_found_and_a_far_end_is_no_place(world: World) -> None:
    unit = make(world)

    with refused(NotFound):
        move_handling_unit(hu_id=0, to_location_id=world.places["FG"], **who(world))
    with refused(NotFound):
        reject_handling_unit(hu_id=0, reason="x", **who(world))
    with refused(UnknownLocation):
        move_handling_unit(hu_id=unit, to_location_id=world.places.get("SCRAP", 0), **who(world))
    with refused(Invalid):
        move_handling_unit(hu_id=unit, to_location_id=world.places["PACK"], **who(world))
