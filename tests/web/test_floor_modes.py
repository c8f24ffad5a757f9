"""Receiving, putting away, moving and counting by the floor page; scans set aside, and queues of ended accounts."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from milkrun.demand.models import PackingGroup
from milkrun.kernel.errors import IllegalMove, Invalid
from milkrun.partners.commands.create_partner import create_partner
from milkrun.partners.commands.create_site import create_site
from milkrun.partners.models import User
from milkrun.purchasing.commands.place_order import OrderedGoods, place_order
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.stock.commands.count_place import count_place
from milkrun.stock.commands.create_handling_unit import create_handling_unit
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.commands.set_scan_aside import set_scan_aside
from milkrun.stock.commands.settle_scan import settle_scan
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import Balance, CountLine, CountList, HandlingUnit, Lot, Movement, SetAsideScan
from tests.refusals import refused
from tests.web.door import Door, text_of
from tests.world import REST, SEAT, World


def sends(client: Door, role: str, mode: str, scan: str, **fields: Any) -> dict[str, Any]:
    """Send one scan as a phone does; `to` is another door of the floor."""
    to = fields.pop("to", "/floor/actions")
    body = {"key": str(uuid.uuid4()), "mode": mode, "user": f"{role}@plant.example", "scan": scan, **fields}
    answer = client.post(to, body, content_type="application/json")
    return {"status": answer.status_code, **answer.json()}


@pytest.fixture
def store(world: World) -> World:
    """The plant with a staging place and two bins."""
    places = (Place("IN", "staging"), Place("B-01", "storage"), Place("B-02", "storage"))
    made = create_locations(site_id=world.site_id, places=places, actor=world.actor, at=world.later())
    world.places.update(made.by_code)
    return world


def standing(place: str, part: str = "FOAM") -> Decimal:
    row = Balance.objects.filter(location__code=place, part__number=part, hu=None).first()
    return row.on_hand if row else Decimal(0)


def order(store: World, qty: str = "100") -> str:
    who = {"actor": store.actor, "at": store.later()}
    supplier = create_partner(code="SUP1", name="Foam", is_customer=False, is_supplier=True, **who).partner_id
    goods = (OrderedGoods(store.parts["FOAM"], Decimal(qty)),)
    return place_order(
        site_id=store.site_id, supplier_id=supplier, goods=goods, expected_on=date(2026, 11, 25), **who
    ).number


def test_goods_are_received_for_their_order_or_without_one_and_a_repeat_after_the_last_piece_is_no_conflict(
    store: World, door: Callable[[str], Door]
) -> None:
    number, keeper, key = order(store), door("storekeeper"), str(uuid.uuid4())

    part = sends(keeper, "storekeeper", "receive", "FOAM", subject=number, qty="60", note="LS-1")
    rest, again = (sends(keeper, "storekeeper", "receive", "FOAM", subject=number, qty="40", key=key) for _ in "12")
    free = sends(keeper, "storekeeper", "receive", "(241)FOAM(37)12")
    wrong = sends(keeper, "storekeeper", "receive", "FRAME", subject=number, qty="1")
    how_many = sends(keeper, "storekeeper", "receive", "FOAM")

    assert part["text"].endswith(f"received for order {number}, 40 KGM still to come.") or "40" in part["text"]
    assert (part["outcome"], rest["outcome"], again["outcome"], free["outcome"]) == ("done",) * 4
    assert "Booked before" in again["text"]
    assert "without an order" in free["text"]
    assert standing("IN") == 112
    assert (wrong["outcome"], "does not wait for FRAME" in wrong["text"]) == ("conflict", True)
    assert "Say how many came" in how_many["text"] or "how many" in how_many["text"]


def test_what_waits_is_put_into_the_scanned_bin_once(store: World, door: Callable[[str], Door]) -> None:
    store.receive("FOAM", "30", "IN")
    keeper, key = door("storekeeper"), str(uuid.uuid4())

    first, again = (sends(keeper, "storekeeper", "put_away", "FOAM", subject="B-01", key=key) for _ in "12")
    nothing = sends(keeper, "storekeeper", "put_away", "FOAM", subject="B-01")

    assert (first["outcome"], again["outcome"], nothing["outcome"]) == ("done", "done", "conflict")
    assert (standing("IN"), standing("B-01")) == (0, 30)


def test_a_unit_a_lot_and_loose_goods_are_moved_to_the_scanned_bin(store: World, door: Callable[[str], Door]) -> None:
    who = {"actor": store.actor, "at": store.later()}
    unit = create_handling_unit(site_id=store.site_id, location_id=store.places["PACK"], **who)
    store.receive("FOAM", "5", "B-02")
    keeper, key = door("storekeeper"), str(uuid.uuid4())

    carried = sends(keeper, "storekeeper", "move", f"00{unit.sscc}", subject="B-01")
    unclear = sends(keeper, "storekeeper", "move", "FOAM", subject="B-01", qty="2")
    moved, again = (
        sends(keeper, "storekeeper", "move", "FOAM", subject="B-01", **{"from": "b-02"}, key=key) for _ in "12"
    )
    nowhere = sends(keeper, "storekeeper", "move", "FOAM", subject="NO-BIN")

    assert carried["outcome"] == "done"
    assert HandlingUnit.objects.get().location.code == "B-01"
    assert (unclear["code"], "B-02, LINE1" in unclear["text"]) == ("many_places", True)
    assert (moved["outcome"], again["outcome"]) == ("done", "done")
    assert standing("B-01") == 5
    assert nowhere["code"] == "unknown_location"


def test_a_scanned_lot_says_by_itself_what_is_moved(store: World, door: Callable[[str], Door]) -> None:
    from milkrun.stock.commands.receive_stock import receive_stock

    receive_stock(
        site_id=store.site_id, part_id=store.parts["FOAM"], location_id=store.places["IN"], qty=Decimal(9),
        lot_no="L-77", actor=store.actor, at=store.later(),
    )  # fmt: skip

    moved = sends(door("storekeeper"), "storekeeper", "move", "L-77", subject="B-01")

    assert moved["outcome"] == "done"
    assert Balance.objects.get(lot=Lot.objects.get(), on_hand__gt=0).location.code == "B-01"


def test_a_supplier_s_lot_of_several_lots_is_asked_about_and_an_own_number_wins(
    store: World, door: Callable[[str], Door]
) -> None:
    from milkrun.stock.commands.receive_stock import LotFacts, receive_stock

    for number, theirs in (("L-1", "CHARGE 9"), ("L-2", "CHARGE 9"), ("L-3", "L-1")):
        receive_stock(
            site_id=store.site_id, part_id=store.parts["FOAM"], location_id=store.places["IN"], qty=Decimal(9),
            lot_no=number, facts=LotFacts(supplier_lot=theirs), actor=store.actor, at=store.later(),
        )  # fmt: skip
    keeper = door("storekeeper")

    unclear = sends(keeper, "storekeeper", "move", "CHARGE 9", subject="B-01")
    own = sends(keeper, "storekeeper", "move", "l-1", subject="B-01")

    assert (unclear["outcome"], unclear["code"]) == ("conflict", "many_places")
    assert "L-2, L-1" in unclear["text"]
    assert own["outcome"] == "done"
    assert Balance.objects.get(location__code="B-01", on_hand__gt=0).lot.number == "L-1"


def test_a_bin_is_counted_with_its_difference_which_waits_for_approval(
    store: World, door: Callable[[str], Door]
) -> None:
    store.receive("FOAM", "5", "B-01")
    store.receive("FRAME", "2", "B-01")
    keeper = door("storekeeper")
    before = Movement.objects.count()

    off = sends(keeper, "storekeeper", "count", "FOAM", subject="B-01", qty="4")
    right = sends(keeper, "storekeeper", "count", "FRAME", subject="B-01", qty="2")
    said_nothing = sends(keeper, "storekeeper", "count", "FOAM", subject="B-01")

    count = CountList.objects.get()
    assert "−1" in off["text"]
    assert f"list {count.number}" in off["text"]
    assert "as in the book. 0 left to count here" in right["text"]
    assert (count.title, sorted(CountLine.objects.values_list("state", flat=True))) == ("B-01", ["agreed", "differs"])
    assert said_nothing["outcome"] == "conflict"
    assert Movement.objects.count() == before


def test_what_was_counted_without_a_network_is_compared_with_the_book_of_that_moment(
    store: World, door: Callable[[str], Door]
) -> None:
    store.receive("FOAM", "100", "B-01")
    keeper, packer, minute, key = door("storekeeper"), door("packer"), 60_000, str(uuid.uuid4())
    sends(packer, "packer", "move", "FOAM", subject="B-02", qty="40", **{"from": "B-01"})
    sends(keeper, "storekeeper", "receive", "FRAME", qty="7")
    sends(keeper, "storekeeper", "move", "FRAME", subject="B-01", **{"from": "IN"})
    counted = {"subject": "B-01", "qty": "100", "key": key}

    first = sends(keeper, "storekeeper", "count", "FOAM", age=str(minute), **counted)
    again = sends(keeper, "storekeeper", "count", "FOAM", age=str(2 * minute), **counted)
    own = sends(keeper, "storekeeper", "count", "FRAME", subject="B-01", qty="7", age=str(minute))
    now = sends(keeper, "storekeeper", "count", "FOAM", subject="B-01", qty="100", age="0")

    assert "as in the book" in first["text"]
    assert again == first
    assert "as in the book" in own["text"]
    assert "+40" in now["text"]


def test_a_count_of_the_future_is_refused_and_one_before_a_list_was_made_does_not_stand_on_it(world: World) -> None:
    from milkrun.stock.commands.create_count import create_count

    before = world.later()
    asked = create_count(site_id=world.site_id, zone="", actor=world.actor, at=world.later())
    spot = {"site_id": world.site_id, "location_id": world.places["LINE1"], "part_id": world.parts["FOAM"]}
    who = {"actor": world.actor, "at": world.later()}

    with refused(Invalid) as caught:
        count_place(qty=Decimal(1000), counted_at=world.now + timedelta(seconds=1), **spot, **who)
    done = count_place(qty=Decimal(1000), counted_at=before, **spot, **who)

    assert [problem.field for problem in caught.value.problems] == ["counted_at"]
    assert done.number != asked.number
    assert CountLine.objects.get(count=done.count_id, part_id=world.parts["FOAM"]).counted_at == before


def test_a_place_is_counted_on_the_list_that_asks_for_it_and_refused_ones_leave_nothing(world: World) -> None:
    from milkrun.stock.commands.create_count import create_count

    who = {"actor": world.actor, "at": world.later()}
    asked = create_count(site_id=world.site_id, zone="", **who)
    spot = {"site_id": world.site_id, "part_id": world.parts["FOAM"], **who}

    done = count_place(location_id=world.places["LINE1"], qty=Decimal(1000), **spot)
    anew = count_place(location_id=world.places["LINE1"], qty=Decimal(999), **spot)

    assert (done.number, done.difference) == (asked.number, 0)
    assert (anew.number != asked.number, anew.difference) == (True, -1)
    with refused(UnknownLocation):
        count_place(location_id=0, qty=Decimal(1), **spot)
    with refused(Invalid):
        count_place(location_id=world.places["LINE1"], qty=Decimal(-1), **spot)


def test_an_offline_packer_s_slot_that_somebody_else_packed_is_a_conflict_and_nothing_is_packed_twice(
    world: World, door: Callable[[str], Door]
) -> None:
    calls = [world.call(world.sequenced(number, parts=(SEAT,))) for number in (471, 472)]
    world.finish(calls)
    rack = release_for_packing(call_ids=calls, actor=world.actor, at=world.later()).packing_groups[0]
    packer = door("packer")
    known = packer.get(f"/floor/rack?scan={rack.sscc}").json()
    confirm_packing(packing_group_id=rack.packing_group_id, scan=SEAT, actor=world.actor, at=world.later())

    late = sends(packer, "packer", "pack", SEAT, subject=rack.sscc, slot="1")
    right = sends(packer, "packer", "pack", SEAT, subject=rack.sscc, slot="2")

    assert [slot["slot"] for slot in known["slots"]] == [1, 2]
    assert "5N0881105A" in known["slots"][0]["parts"][0]
    assert (late["outcome"], late["code"]) == ("conflict", "slot_taken")
    assert "packed by Anna Test" in late["text"]
    assert right["outcome"] == "done"
    assert Balance.objects.get(hu=PackingGroup.objects.get().hu_id).on_hand == 2
    assert packer.get("/floor/rack?scan=NOTHING").status_code == 404


def test_a_scan_waits_on_the_phone_while_its_person_looks_at_another_site(
    store: World, door: Callable[[str], Door]
) -> None:
    keeper = door("storekeeper")
    create_site(code="SOUTH", name="Plant South", zone="Europe/Berlin", docks=("D1",), actor=store.actor,
                at=store.later())  # fmt: skip
    scan = {"qty": "12", "site": "SOUTH", "key": str(uuid.uuid4())}

    answers = [sends(keeper, "storekeeper", "receive", "FOAM", to=to, **scan) for to in ("/floor/actions",
                                                                                       "/floor/hand-over")]  # fmt: skip
    page = keeper.get("/floor").content.decode()
    keeper.send("/site", site="SOUTH")
    there = sends(keeper, "storekeeper", "receive", "FOAM", **scan)

    for answer in answers:
        assert (answer["outcome"], answer["code"]) == ("later", "other_site")
        assert answer["text"] == "These scans are of site SOUTH. Switch to it, and they are sent."
    assert 'data-site="MAIN"' in page
    assert standing("IN") == 0
    assert not SetAsideScan.objects.exists()
    assert there["code"] != "other_site"


def test_a_scan_that_is_set_aside_is_a_planner_s_task_until_it_is_settled(
    world: World, door: Callable[[str], Door]
) -> None:
    packer, planner, key = door("packer"), door("material_planner"), str(uuid.uuid4())
    why = {"code": "wrong_part", "text": "Stop: FOAM does not belong into this rack.", "slot": "3"}

    first, again = (
        sends(packer, "packer", "pack", "FOAM", subject="SV 1", key=key, to="/floor/hand-over", **why) for _ in "12"
    )
    row = SetAsideScan.objects.get()
    task, page = text_of(planner.get("/")), text_of(planner.get("/floor/aside"))
    unsaid = planner.send(f"/floor/aside/{row.public_id}/settle", note=" ")
    planner.send(f"/floor/aside/{row.public_id}/settle", note="Back into its bin")

    assert (first["outcome"], again["outcome"]) == ("aside", "aside")
    assert (row.mode, row.subject, row.scan, row.scanned_by) == ("pack", "SV 1", "FOAM", "packer@plant.example")
    assert "A scan of packer@plant.example was set aside: FOAM" in task
    assert "Stop: FOAM does not belong into this rack." in page
    assert "Slot 3" in page
    assert "Say what was done about it." in text_of(unsaid)
    row.refresh_from_db()
    assert (row.state, row.note, row.settled_by) == ("settled", "Back into its bin", "material_planner@plant.example")
    assert "was set aside" not in text_of(planner.get("/"))
    assert "Back into its bin" in text_of(planner.get("/floor/aside?state=all"))
    assert packer.get("/floor/aside").status_code == 403


def test_a_scan_whose_answer_was_lost_before_its_person_was_switched_off_is_not_handed_over_as_unbooked(
    store: World, door: Callable[[str], Door]
) -> None:
    keeper, other, key = door("storekeeper"), door("shipping"), str(uuid.uuid4())
    sends(keeper, "storekeeper", "receive", "FOAM", qty="12", key=key, age="5")
    User.objects.filter(email="storekeeper@plant.example").update(is_active=False)
    over = {"to": "/floor/hand-over", "qty": "12"}

    booked = sends(other, "storekeeper", "receive", "FOAM", key=key, age="90000", **over)
    unbooked = sends(other, "storekeeper", "receive", "FOAM", **over)

    assert (booked["outcome"], "Booked before" in booked["text"]) == ("done", True)
    assert unbooked["outcome"] == "aside"
    assert SetAsideScan.objects.count() == 1


def test_who_only_looks_hands_no_scan_over(world: World, door: Callable[[str], Door]) -> None:
    answers = [sends(door(role), role, "pack", REST, to="/floor/hand-over") for role in ("auditor", "billing")]

    for answer in answers:
        assert (answer["status"], answer["outcome"]) == (403, "signin")
        assert "Your roles do not allow this" in answer["text"]
    assert not SetAsideScan.objects.exists()


def test_a_scan_is_settled_once_and_only_with_a_word(world: World) -> None:
    who = {"actor": world.actor, "at": world.later()}
    kept = set_scan_aside(site_id=world.site_id, mode="make", subject="", scan="J1", scanned_by="x", **who)
    with refused(Invalid):
        settle_scan(scan_id=kept.scan_id, note=" ", **who)
    with refused(Invalid):
        set_scan_aside(site_id=world.site_id, mode="make", subject="", scan=" ", scanned_by="x", **who)
    settle_scan(scan_id=kept.scan_id, note="made", **who)
    with refused(IllegalMove):
        settle_scan(scan_id=kept.scan_id, note="made", **who)


def test_the_queue_of_a_switched_off_account_is_refused_in_one_sentence_and_handed_over_by_the_next(
    world: World, door: Callable[[str], Door]
) -> None:
    packer, other = door("packer"), door("shipping")
    User.objects.filter(email="packer@plant.example").update(is_active=False)
    scan = {"subject": "SV 1", "slot": "1"}

    asked = packer.get("/floor/session")
    own = sends(packer, "packer", "pack", REST, **scan)
    next_person = sends(other, "packer", "pack", REST, **scan)
    kept = sends(other, "packer", "pack", REST, to="/floor/hand-over", **scan)
    of_the_living = sends(other, "operator", "make", "J1", to="/floor/hand-over")

    sentence = "The account of packer@plant.example is switched off: none of these scans is booked"
    for answer in (asked.json(), own, next_person):
        assert (answer["outcome"], answer["text"].startswith(sentence)) == ("refused", True)
    assert (next_person["status"], next_person["code"]) == (403, "hand_over")
    assert kept["outcome"] == "aside"
    row = SetAsideScan.objects.get()
    assert (row.scanned_by, row.actor) == ("packer@plant.example", "shipping@plant.example")
    assert of_the_living["outcome"] == "signin"
