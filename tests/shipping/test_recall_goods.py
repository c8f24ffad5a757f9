"""Goods without a lot are recalled by part and days, by receipt, by unit: to the jobs, the calls and the customer."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from milkrun.demand.models import Component
from milkrun.exchange.models import Notification
from milkrun.insight.queries import verify
from milkrun.kernel.errors import Invalid, NotFound
from milkrun.production.models import Job
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.recall_goods import GoodsRecalled, recall_goods
from milkrun.shipping.models import Delivery
from milkrun.shipping.queries.suspect import Suspicion
from milkrun.shipping.queries.suspected import suspected
from milkrun.stock.commands.create_handling_unit import HandlingUnitCreated, create_handling_unit
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.pack_handling_unit import pack_handling_unit
from milkrun.stock.models import Balance, HandlingUnit, Posting
from milkrun.stock.steps import reserve_at
from tests.refusals import refused
from tests.shipping.picking import ready, take, walk, warehouse, wave_of, who
from tests.world import World

pytestmark = pytest.mark.django_db
SEAT = "SEAT-105A"


def recall(world: World, **what: Any) -> GoodsRecalled:
    return recall_goods(site_id=world.site_id, suspicion=Suspicion(**what), reason="sharp edge", **who(world))


def quarantine(world: World) -> None:
    places = (Place("QUA", "quarantine"),)
    world.places |= create_locations(site_id=world.site_id, places=places, **who(world)).by_code


def days(world: World, first: int, last: int) -> dict[str, Any]:
    return {"received_from": world.now.date() + timedelta(first), "received_until": world.now.date() + timedelta(last)}


def kinds(world: World, **what: Any) -> list[tuple[str, str]]:
    return [(row.kind, row.title) for row in suspected(world.site_id, Suspicion(**what), "UTC").rows]


def test_frames_of_one_day_are_followed_through_the_job_to_the_customer_and_what_is_free_is_set_apart(
    world: World,
) -> None:
    quarantine(world)
    world.now += timedelta(days=2)
    world.receive("FRAME", "50", "FG")
    move_stock(
        site_id=world.site_id, part_id=world.parts["FRAME"], from_location_id=world.places["FG"],
        to_location_id=world.places["LINE1"], qty=Decimal(10), **who(world),
    )  # fmt: skip
    (call,) = world.packed(world.summarized("DON1", qty="4"))
    delivery = world.picked(call)
    post_goods_issue(delivery_id=delivery, **who(world))
    today = days(world, 0, 0)

    rows = kinds(world, part="FRAME", **today)
    job, number = Job.objects.get().number, Delivery.objects.get().number
    assert rows == [("place", "LINE1"), ("place", "FG"), ("job", job), ("call", "DON1"), ("delivery", number)]
    done = recall(world, part="FRAME", **today)

    assert done.customers == ("OEM01",)
    assert done.deliveries == (number,)
    assert done.set_apart == ("FRAME 40 FG",)
    assert [text for text in done.left if "LINE1" in text]
    assert str(Balance.objects.get(location__code="QUA").on_hand) == "40"
    told = Notification.objects.get(kind="recall", partner_id=world.partner_id)
    assert "4 of 5N0 881 105 A in" in told.body
    assert "LINE1" not in told.body
    assert "LINE1" in Notification.objects.get(kind="recall", role="shipping").body
    assert verify().ok


def test_a_bin_that_was_empty_since_is_free_of_suspicion_and_other_receipts_stay(world: World) -> None:
    quarantine(world)
    places = (Place("A1", "storage"), Place("B1", "storage"))
    world.places |= create_locations(site_id=world.site_id, places=places, **who(world)).by_code
    world.receive(SEAT, "5", "A1")
    bad = Posting.objects.latest("pk").public_id
    move_stock(
        site_id=world.site_id, part_id=world.parts[SEAT], from_location_id=world.places["A1"],
        to_location_id=world.places["B1"], qty=Decimal(5), **who(world),
    )  # fmt: skip
    world.receive(SEAT, "7", "A1")
    world.receive(SEAT, "2", "B1")

    assert kinds(world, receipt=bad) == [("place", "B1")]
    done = recall(world, receipt=bad)

    assert done.set_apart == (f"{SEAT} 7 B1",)
    assert str(Balance.objects.get(location__code="A1").on_hand) == "7"
    assert done.customers == ()


def test_a_unit_is_rejected_with_what_is_in_it_and_one_that_calls_need_is_named(world: World) -> None:
    quarantine(world)
    world.receive(SEAT, "6", "FG")
    unit = create_handling_unit(site_id=world.site_id, location_id=world.places["FG"], kind="box", **who(world))
    pack_handling_unit(
        site_id=world.site_id, hu_id=unit.hu_id, part_id=world.parts[SEAT], qty=Decimal(2),
        location_id=world.places["FG"], **who(world),
    )  # fmt: skip
    assert recall(world, unit=unit.sscc).set_apart == (unit.sscc,)
    assert HandlingUnit.objects.get(sscc=unit.sscc).state == "rejected"

    warehouse(world, A1="9")
    call = ready(world, "DON2", "3")
    load = take(world, walk(wave_of(world, call).wave_id)[0]).sscc
    done = recall(world, unit=load)

    assert (done.set_apart, done.left) == ((), (f"3 {SEAT}, {load}",))
    assert HandlingUnit.objects.get(sscc=load).state == "open"
    assert verify().ok


def test_a_pallet_goes_to_quarantine_with_its_boxes_and_stays_whole_where_one_of_them_is_needed(world: World) -> None:
    quarantine(world)
    world.receive(SEAT, "9", "FG")
    place = {"site_id": world.site_id, "location_id": world.places["FG"]}

    def stack() -> tuple[HandlingUnitCreated, list[HandlingUnitCreated]]:
        pallet = create_handling_unit(**place, kind="pallet", **who(world))
        boxes = [create_handling_unit(**place, kind="box", into_id=pallet.hu_id, **who(world)) for _ in range(2)]
        for unit in (pallet, *boxes):
            pack_handling_unit(
                **place, hu_id=unit.hu_id, part_id=world.parts[SEAT], qty=Decimal(1), **who(world)
            )  # fmt: skip
        return pallet, boxes

    (pallet, boxes), (needed, its_boxes) = stack(), stack()
    world.call(world.summarized("DON1", qty="1"))
    key = (world.parts[SEAT], world.places["FG"], 0, 0, its_boxes[0].hu_id)
    reserve_at(key, Decimal(1), ("component", Component.objects.get().pk), site_id=world.site_id, at=world.later())

    first, second = recall(world, unit=boxes[0].sscc), recall(world, unit=needed.sscc)

    units = HandlingUnit.objects.values_list("sscc", "state", "location__code", "parent__sscc")
    assert sorted(first.set_apart) == sorted(unit.sscc for unit in (pallet, *boxes))
    assert {row[1:] for row in units.filter(sscc__in=first.set_apart)} == {
        ("rejected", "QUA", None), ("rejected", "QUA", pallet.sscc)
    }  # fmt: skip
    assert (second.set_apart, len(second.left)) == ((), 3)
    assert {row[1:3] for row in units.exclude(sscc__in=first.set_apart)} == {("open", "FG")}


def test_a_recall_says_what_is_missing(world: World) -> None:
    world.receive(SEAT, "5", "FG")
    with refused(Invalid):
        recall_goods(
            site_id=world.site_id, suspicion=Suspicion(part=SEAT, **days(world, 0, 0)), reason=" ", **who(world)
        )
    with refused(Invalid):
        recall(world, part=SEAT)
    with refused(Invalid):
        recall(world, part=SEAT, **days(world, 1, 0))
    with refused(NotFound):
        recall(world, part="NOTHING", **days(world, 0, 0))
    with refused(NotFound):
        recall(world, part=SEAT, received_from=date(2020, 1, 1), received_until=date(2020, 1, 2))
    with refused(NotFound):
        recall(world, unit="000000000000000000")
