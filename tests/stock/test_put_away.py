"""From the gate to the bin: put away by scan, inspected in quarantine, written off by cause."""

from decimal import Decimal

import pytest

from milkrun.insight.queries import verify
from milkrun.kernel.errors import Invalid
from milkrun.parts.commands.create_part import create_part
from milkrun.parts.commands.set_standard_cost import set_standard_cost
from milkrun.stock.commands.change_location import LocationFacts, change_location
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.commands.inspect_stock import inspect_stock
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.put_away import put_away
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.commands.reverse_posting import reverse_posting
from milkrun.stock.commands.write_off import write_off
from milkrun.stock.errors import InQuarantine, ShortStock, UnknownLocation
from milkrun.stock.models import Balance, Lot, WriteOff
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def yard(world: World) -> None:
    world.places = create_locations(
        site_id=world.site_id, places=(Place("IN", "staging"), Place("QUAR", "quarantine"), Place("B-01", "storage")),
        **who(world),
    ).by_code  # fmt: skip


def who(world: World) -> dict:
    return {"actor": world.actor, "at": world.later()}


def spot(world: World, place: str, number: str = "FOAM", qty: int = 10, **given) -> dict:
    return {
        "site_id": world.site_id, "part_id": world.parts[number], "location_id": world.places[place],
        "qty": Decimal(qty), **given, **who(world),
    }  # fmt: skip


def put(world: World, bin_code: str = "b-01 ", qty: int = 10, place: str = "IN"):
    given = spot(world, place, qty=qty)
    return put_away(from_location_id=given.pop("location_id"), bin_code=bin_code, **given)


def at(world: World, place: str, number: str = "FOAM") -> Decimal:
    rows = Balance.objects.filter(location_id=world.places[place], part_id=world.parts[number])
    return sum((row.on_hand for row in rows), Decimal(0))


def test_goods_that_wait_stand_in_the_scanned_bin_afterwards(world: World) -> None:
    receive_stock(**spot(world, "IN"))
    change_location(
        location_id=world.places["B-01"], facts=LocationFacts("storage", pallet_places=1, risk_limit_minor=0),
        **who(world),
    )  # fmt: skip
    receive_stock(**spot(world, "B-01", "FRAME"))

    done = put(world)

    assert (at(world, "IN"), at(world, "B-01")) == (0, 10)
    assert [(one.kind, one.would_be) for one in done.exceeded] == [("capacity", 2)]


def test_a_scan_that_is_no_bin_and_goods_that_do_not_wait_are_refused(world: World) -> None:
    receive_stock(**spot(world, "IN"))

    for bad in ("NOWHERE", "CUSTOMER", "QUAR"):
        with refused(UnknownLocation):
            put(world, bad)
    with refused(UnknownLocation):
        put(world, place="FG")
    with refused(ShortStock):
        put(world, qty=11)
    with refused(Invalid):
        put(world, qty=0)


def quarantined(world: World) -> Lot:
    world.parts["STEEL"] = create_part(number="STEEL", lot_tracked=True, **who(world)).part_id
    done = receive_stock(**spot(world, "QUAR", "STEEL", lot_no="CH-1"))
    return Lot.objects.get(pk=done.lot_id)


def judge(world: World, lot: Lot, verdict: str, qty: int = 10, **given):
    given = {"reason": "hardness measured", **given}
    return inspect_stock(**spot(world, "QUAR", "STEEL", qty, lot_id=lot.pk, verdict=verdict, **given))


def test_what_comes_into_quarantine_is_kept_back_until_it_is_released(world: World) -> None:
    lot = quarantined(world)
    with refused(InQuarantine):
        given = spot(world, "QUAR", "STEEL", lot_id=lot.pk)
        move_stock(from_location_id=given.pop("location_id"), to_location_id=world.places["FG"], **given)

    done = judge(world, lot, "release")

    assert (lot.state, Lot.objects.get(pk=lot.pk).state) == ("quarantine", "free")
    assert (done.location, at(world, "IN", "STEEL")) == ("IN", 10)


def test_bad_goods_go_back_to_the_supplier_or_to_scrap_with_their_value(world: World) -> None:
    lot = quarantined(world)
    set_standard_cost(part_id=world.parts["STEEL"], cost_minor=250, **who(world))

    back = judge(world, lot, "return", 4)
    gone = judge(world, lot, "scrap", 6)

    assert (back.location, gone.location, gone.value_minor) == ("SUPPLIER", "SCRAP", 1500)
    assert Lot.objects.get(pk=lot.pk).state == "quarantine"
    assert WriteOff.objects.get().cause == "damaged"
    assert verify().ok


def test_a_verdict_needs_a_reason_a_word_and_a_quarantine_place(world: World) -> None:
    lot = quarantined(world)

    with refused(Invalid) as caught:
        judge(world, lot, "perhaps", 0, reason="")
    with refused(UnknownLocation):
        inspect_stock(**spot(world, "FG", verdict="release", reason="x"))

    assert [problem.field for problem in caught.value.problems] == ["qty", "verdict", "reason"]


def test_waste_is_valued_at_the_cost_of_its_moment_and_taken_back_as_a_posting(world: World) -> None:
    set_standard_cost(part_id=world.parts["FOAM"], cost_minor=125, basis=10, **who(world))
    done = write_off(**spot(world, "LINE1", cause="expired", reason="hard"))
    set_standard_cost(part_id=world.parts["FOAM"], cost_minor=999, **who(world))

    kept = WriteOff.objects.get(pk=done.write_off_id)
    assert (kept.value_minor, kept.currency, kept.cause) == (125, "EUR", "expired")
    reverse_posting(posting_id=done.posting_id, reason="other drum", **who(world))
    assert at(world, "LINE1") == 1000
    assert verify().ok


def test_an_unknown_cause_place_or_quantity_is_refused(world: World) -> None:
    with refused(Invalid):
        write_off(**spot(world, "LINE1", cause="lost"))
    with refused(Invalid):
        write_off(**spot(world, "LINE1", qty=0, cause="damaged"))
    with refused(UnknownLocation):
        write_off(**spot(world, "CUSTOMER", cause="damaged"))
    with refused(ShortStock):
        write_off(**spot(world, "LINE1", qty=1001, cause="damaged"))
