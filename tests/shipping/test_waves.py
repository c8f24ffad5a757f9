"""Waves: goods are allotted and picked bin by bin, packed units are carried, short picks are offered from elsewhere."""

from datetime import timedelta
from decimal import Decimal

import pytest

from milkrun.demand.models import Component, ComponentGroup, JitCall, PackingGroup
from milkrun.exchange.models import Notification
from milkrun.insight.queries import verify
from milkrun.kernel.errors import IllegalMove, Invalid, NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.cancel_wave import cancel_wave
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.confirm_pick import confirm_pick
from milkrun.shipping.commands.create_wave import create_wave
from milkrun.shipping.commands.note_late_pick import note_late_pick
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.commands.report_short_pick import report_short_pick
from milkrun.shipping.commands.set_picking_rule import set_picking_rule
from milkrun.shipping.commands.settle_pick_issue import settle_pick_issue
from milkrun.shipping.errors import (
    NothingToPick,
    PickedAtStation,
    PickedByOther,
    PickedInWarehouse,
    PickTaskEnded,
    TooMuchPicked,
    WrongHandlingUnit,
    WrongItem,
    WrongLocation,
)
from milkrun.shipping.models import Delivery, PickIssue, PickTask, Wave
from milkrun.stock.commands.block_lot import block_lot
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.models import Balance, HandlingUnit, Lot
from milkrun.stock.steps import LotFacts
from tests.refusals import refused
from tests.shipping.picking import ready, take, walk, warehouse, wave_of, who
from tests.world import REST, SEAT, World

pytestmark = pytest.mark.django_db


def picking(call: int) -> str:
    return ComponentGroup.objects.get(call_id=call).picking


def state(call: int) -> str:
    return JitCall.objects.get(pk=call).state


def test_a_call_is_picked_bin_by_bin_into_its_unit_at_the_dock_and_leaves_without_another_walk(world: World) -> None:
    warehouse(world, A1="3", B1="9")
    call = ready(world, "DON1", "5")

    wave = wave_of(world, call)
    first, second = walk(wave.wave_id)
    assert (wave.tasks, wave.short, state(call), picking(call)) == (2, (), "in_packing", "open")
    assert [(t.from_location.code, str(t.qty)) for t in (first, second)] == [("A1", "3"), ("B1", "2")]
    half = take(world, first)
    done = take(world, second)

    assert (half.purpose_done, half.open_tasks, done.purpose_done, done.open_tasks) == (False, 1, True, 0)
    assert (state(call), picking(call), Wave.objects.get().state) == ("packed", "picked", "done")
    unit = HandlingUnit.objects.get(sscc=done.sscc)
    assert [(b.location.code, str(b.on_hand), b.reserved == b.on_hand) for b in Balance.objects.filter(hu=unit)] == [
        ("DOCK1", "5", True)
    ]
    made = world.deliver(call)
    assert Delivery.objects.get(pk=made.delivery_id).state == "picked"
    post_goods_issue(delivery_id=made.delivery_id, **who(world))
    assert state(call) == "issued"
    assert verify().ok


def test_a_wrong_scan_stops_the_pick_with_what_is_expected(world: World) -> None:
    warehouse(world, A1="5")
    wave = wave_of(world, ready(world, "DON1", "5"))
    (task,) = walk(wave.wave_id)
    at_place = {"task_id": task.pk, "location": "a1"}

    with refused(WrongLocation) as place:
        confirm_pick(task_id=task.pk, location="FG", item=SEAT, **who(world))
    with refused(WrongItem) as item:
        confirm_pick(**at_place, item=REST, **who(world))
    with refused(TooMuchPicked):
        confirm_pick(**at_place, item=SEAT, qty=Decimal(6), **who(world))
    with refused(TooMuchPicked):
        confirm_pick(**at_place, item=SEAT, qty=Decimal(0), **who(world))
    with refused(WrongHandlingUnit):
        confirm_pick(**at_place, item=SEAT, sscc="340123450000000018", **who(world))

    assert place.value.facts == {"scanned": "FG", "expected": "A1"}
    assert item.value.facts["expected"] == "SEAT-105A"


def test_the_same_pick_sent_twice_counts_once_and_another_one_is_told_who_was_first(world: World) -> None:
    warehouse(world, A1="5")
    wave = wave_of(world, ready(world, "DON1", "5"))
    (task,) = walk(wave.wave_id)
    request = Request("test", "pick-1", "0" * 64)
    given = {"task_id": task.pk, "location": "A1", "item": "SEAT-105A", "qty": Decimal(5)}

    first = confirm_pick(**given, request=request, **who(world))
    again = confirm_pick(**given, request=request, **who(world))

    assert first == again
    with refused(PickedByOther) as caught:
        confirm_pick(**given, actor=Actor("Bernd", "web"), at=world.later())
    assert caught.value.facts["by"] == "Anna Test"


def test_what_is_short_at_a_bin_is_offered_from_another_one(world: World) -> None:
    warehouse(world, A1="5", B1="9")
    call = ready(world, "DON1", "5")
    wave = wave_of(world, call)
    (task,) = walk(wave.wave_id)

    done = report_short_pick(task_id=task.pk, location="A1", found=Decimal(2), **who(world))

    assert (done.offered, done.short, done.open_tasks, picking(call)) == (Decimal(3), Decimal(0), 1, "open")
    (other,) = walk(wave.wave_id)
    assert (other.from_location.code, str(other.qty)) == ("B1", "3")
    take(world, other)
    assert (state(call), Wave.objects.get().state) == ("packed", "done")
    assert "3 of SEAT-105A are not at A1. 3 come from other places." in PickIssue.objects.get().text
    assert verify().ok


def test_what_no_bin_has_shows_as_short_and_goes_on_another_wave_once_goods_came(world: World) -> None:
    warehouse(world, A1="5")
    call = ready(world, "DON1", "5")
    wave = wave_of(world, call)
    (task,) = walk(wave.wave_id)

    done = report_short_pick(task_id=task.pk, location="A1", found=Decimal(2), **who(world))

    assert (done.offered, done.short, picking(call), state(call)) == (Decimal(0), Decimal(3), "short", "in_packing")
    assert (PickTask.objects.get().state, Wave.objects.get().state) == ("short", "done")
    told = Notification.objects.filter(kind="short_pick", document_kind="call", document_id=call)
    assert {(n.role, n.partner_id) for n in told} == {
        ("shipping", None), ("material_planner", None), ("", world.partner_id)
    }  # fmt: skip
    assert "3 are short for DON1." in told[0].body
    with refused(NothingToPick):
        # The three that the books still show at A1 were not found: they are no offer.
        wave_of(world, call)
    settle_pick_issue(issue_id=PickIssue.objects.get().pk, note="counted: they stood one bin further", **who(world))
    take(world, walk(wave_of(world, call).wave_id)[0])
    assert (state(call), picking(call)) == ("packed", "picked")
    with refused(IllegalMove):
        settle_pick_issue(issue_id=PickIssue.objects.get().pk, note="again", **who(world))
    with refused(Invalid):
        settle_pick_issue(issue_id=PickIssue.objects.get().pk, note=" ", **who(world))
    assert verify().ok


def test_a_short_pick_is_refused_where_nothing_is_missing(world: World) -> None:
    warehouse(world, A1="5")
    (task,) = walk(wave_of(world, ready(world, "DON1", "5")).wave_id)

    with refused(TooMuchPicked):
        report_short_pick(task_id=task.pk, location="A1", found=Decimal(5), **who(world))
    with refused(WrongLocation):
        report_short_pick(task_id=task.pk, location="B1", found=Decimal(1), **who(world))


def lot(world: World, number: str, qty: str, **facts: object) -> None:
    receive_stock(
        site_id=world.site_id,
        part_id=world.parts["SEAT-105A"],
        location_id=world.places["FG"],
        qty=Decimal(qty),
        lot_no=number,
        facts=LotFacts(**facts),
        **who(world),
    )


def test_goods_are_allotted_by_expiry_then_by_age_and_never_from_a_blocked_lot(world: World) -> None:
    warehouse(world)
    today = world.now.date()
    lot(world, "OLD", "4")
    lot(world, "LATE", "4", expires_on=today + timedelta(days=90))
    lot(world, "SOON", "4", expires_on=today + timedelta(days=9))
    lot(world, "BAD", "4", expires_on=today + timedelta(days=2))
    call = ready(world, "DON1", "10")
    block_lot(lot_id=Lot.objects.get(number="BAD").pk, reason="doubtful", **who(world))

    wave = wave_of(world, call)

    assert {t.balance.lot.number: str(t.qty) for t in walk(wave.wave_id)} == {"SOON": "4", "LATE": "4", "OLD": "2"}
    tasks = {t.balance.lot.number: t for t in walk(wave.wave_id)}
    with refused(WrongItem):
        # Three lots of the part stand here: the part number alone does not tell them apart.
        take(world, tasks["SOON"], item=SEAT)
    take(world, tasks["SOON"], item="SOON")


def test_several_deliveries_are_carried_in_one_walk_and_a_pick_elsewhere_settles_its_task(world: World) -> None:
    one, two = world.packed(world.summarized("DON1", qty="4")), world.packed(world.summarized("DON2", qty="6"))
    first, second = world.deliver(*one), world.deliver(*two)

    wave = wave_of(world, deliveries=(first.delivery_id, second.delivery_id))
    with refused(NothingToPick):
        wave_of(world, deliveries=(first.delivery_id,))
    task = next(t for t in walk(wave.wave_id) if t.delivery_id == first.delivery_id)
    with refused(WrongItem):
        take_unit = {"task_id": task.pk, "location": "PACK", "item": second.handling_units[0]}
        confirm_pick(**take_unit, **who(world))
    done = take(world, task)
    pick_delivery(delivery_id=second.delivery_id, **who(world))

    assert (done.sscc, done.purpose_done) == (first.handling_units[0], True)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"picked"}
    assert set(PickTask.objects.values_list("state", flat=True)) == {"picked"}
    assert Wave.objects.get().state == "done"
    assert verify().ok


def test_a_unit_that_is_not_there_makes_its_delivery_short_and_can_be_picked_when_found(world: World) -> None:
    made = world.deliver(*world.packed(world.summarized("DON1", qty="4")))
    wave = wave_of(world, deliveries=(made.delivery_id,))
    (task,) = walk(wave.wave_id)

    report_short_pick(task_id=task.pk, location="PACK", found=Decimal(0), **who(world))

    group = ComponentGroup.objects.get()
    assert (group.picking, Delivery.objects.get().state, Wave.objects.get().state) == ("short", "open", "done")
    pick_delivery(delivery_id=made.delivery_id, **who(world))
    assert ComponentGroup.objects.get().picking == "picked"


def test_a_cancelled_wave_leaves_what_was_picked_and_gives_the_rest_to_another_one(world: World) -> None:
    warehouse(world, A1="3", B1="9")
    call = ready(world, "DON1", "5")
    wave = wave_of(world, call)
    take(world, walk(wave.wave_id)[0])
    rest = walk(wave.wave_id)[0]

    with refused(Invalid):
        cancel_wave(wave_id=wave.wave_id, reason=" ", **who(world))
    done = cancel_wave(wave_id=wave.wave_id, reason="fire drill", **who(world))

    assert (done.dropped, picking(call), state(call)) == (1, "none", "in_packing")
    with refused(PickTaskEnded) as caught:
        take(world, rest)
    assert (caught.value.facts["by"], "fire drill" in caught.value.facts["why"]) == ("Anna Test", True)
    with refused(IllegalMove):
        cancel_wave(wave_id=wave.wave_id, reason="again", **who(world))
    take(world, walk(wave_of(world, call).wave_id)[0])
    assert state(call) == "packed"


def test_a_cancelled_delivery_takes_its_tasks_along(world: World) -> None:
    made = world.deliver(*world.packed(world.summarized("DON1", qty="4")))
    wave = wave_of(world, deliveries=(made.delivery_id,))
    (task,) = walk(wave.wave_id)

    cancel_delivery(delivery_id=made.delivery_id, reason="no truck", **who(world))

    assert (PickTask.objects.get().state, Wave.objects.get().state) == ("cancelled", "done")
    with refused(PickTaskEnded):
        take(world, task)


def test_a_late_pick_is_kept_once_as_something_to_look_at(world: World) -> None:
    warehouse(world, A1="5")
    wave = wave_of(world, ready(world, "DON1", "5"))
    (task,) = walk(wave.wave_id)
    cancel_wave(wave_id=wave.wave_id, reason="wrong truck", **who(world))
    given = {"task_id": task.pk, "qty": Decimal(5), "sscc": "", "why": "The wave is given up."}

    first = note_late_pick(**given, **who(world))
    again = note_late_pick(**given, **who(world))

    assert first == again
    assert PickIssue.objects.get().text.startswith("Anna Test picked 5 of SEAT-105A from A1 for DON1.")
    with refused(NotFound):
        note_late_pick(**given | {"task_id": 0}, **who(world))


def test_one_rule_says_where_a_call_is_picked(world: World) -> None:
    call = ready(world, "DON1", "5")

    with refused(PickedAtStation):
        wave_of(world, call)
    set_picking_rule(site_id=world.site_id, mode="warehouse", **who(world))
    with refused(PickedInWarehouse):
        release_for_packing(call_ids=(call,), **who(world))
    wave_of(world, call)
    rack = PackingGroup.objects.get()
    with refused(PickedInWarehouse):
        confirm_packing(packing_group_id=rack.pk, scan=SEAT, **who(world))
    set_picking_rule(site_id=world.site_id, mode="station", partner_id=world.partner_id, **who(world))
    other = ready(world, "DON2", "5")
    with refused(PickedAtStation):
        wave_of(world, other)


def test_a_rule_names_a_known_mode_and_customer(world: World) -> None:
    with refused(Invalid):
        set_picking_rule(site_id=world.site_id, mode="drone", **who(world))
    with refused(NotFound):
        set_picking_rule(site_id=world.site_id, mode="station", partner_id=0, **who(world))


def test_a_wave_takes_all_that_was_chosen_or_nothing(world: World) -> None:
    warehouse(world, A1="9")
    call = ready(world, "DON1", "5")
    early = world.call(world.summarized("DON2", qty="5"))

    with refused(NotFound):
        create_wave(site_id=world.site_id, call_ids=(call, 0), **who(world))
    with refused(IllegalMove):
        wave_of(world, call, early)
    with refused(NothingToPick):
        create_wave(site_id=world.site_id, **who(world))


def test_two_calls_on_one_walk_are_sorted_into_their_own_units(world: World) -> None:
    warehouse(world, A1="9")
    one, two = ready(world, "DON1", "2"), ready(world, "DON2", "3")
    wave = wave_of(world, one, two)

    first, second = walk(wave.wave_id)
    units = {group: PackingGroup.objects.get(slots__group__call_id=group).hu.sscc for group in (one, two)}
    with refused(WrongHandlingUnit):
        take(world, first, sscc=units[two])
    done = take(world, first, sscc=units[one]), take(world, second, sscc=units[two])

    assert [d.sscc for d in done] == [units[one], units[two]]
    assert {str(c.packed_qty) for c in Component.objects.all()} == {"2", "3"}
