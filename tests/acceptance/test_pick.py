"""What the warehouse's outbound side promises: waves, scanner walks, units kept, cross-dock, trace and recall."""

from collections.abc import Callable

import pytest

from milkrun.demand.models import JitCall
from milkrun.exchange.models import Notification, OutboxMessage
from milkrun.measure.identifiers import sscc
from milkrun.shipping.models import Delivery, PickTask
from milkrun.stock.commands.change_location import LocationFacts, change_location
from milkrun.stock.models import Balance, HandlingUnit, Location, Lot, Posting
from tests.api.machine import machine
from tests.shipping.picking import ready, warehouse, who
from tests.shipping.test_cross_dock_receipt import BOUGHT, bought, called
from tests.shipping.tracing import HEAT, steel_to_seats
from tests.web.door import Door, public_id_of_call, text_of
from tests.web.test_picking import answer
from tests.world import SEAT, World

SITE = "/sites/MAIN"


def call_page(person: Door, call: int) -> str:
    return text_of(person.get(f"/calls/{public_id_of_call(call)}"))


def made_wave(office: Door, *calls: int) -> str:
    """Put calls on a wave on screen; returns its address."""
    page = office.send("/picking/waves", call=[public_id_of_call(call) for call in calls])
    assert page.status_code == 200, text_of(page)
    return str(page.redirect_chain[-1][0])


@pytest.mark.requirement("SAP-13")
def test_a_user_turns_warehouse_mode_on_and_picking_there_or_by_a_wms_updates_the_call(
    world: World, door: Callable[[str], Door]
) -> None:
    office, packer = door("shipping"), door("packer")
    warehouse(world, mode="station", A1="9")
    ours, theirs = ready(world, "DON1", "5"), ready(world, "DON2", "3")
    assert "Nothing waits to be picked" in text_of(office.get("/picking"))
    office.send("/picking/rule", customer="", mode="warehouse")

    wave = made_wave(office, ours)
    assert "Picking Open" in call_page(office, ours)
    page = packer.get(f"{wave}/walk")
    for scan in ("A1", SEAT, "5"):
        page = answer(packer, page, scan)
    assert "Picking Picked" in call_page(office, ours)

    office.send("/picking/rule", customer="OEM01", mode="external")
    wms = machine("create_wave", "confirm_pick", "read", name="WMS")
    wms.do(f"{SITE}/picking/waves", {"call_ids": [public_id_of_call(theirs)]})
    (task,) = wms.read(f"{SITE}/picking/tasks")["items"]
    wms.do(f"{SITE}/picking/tasks/{task['id']}/confirm", {"location": "A1", "item": "SEAT-105A"})

    page = call_page(office, theirs)
    assert "Picking Picked" in page
    assert "token WMS" in page


@pytest.mark.requirement("SAP-25")
def test_warehouse_tasks_are_made_and_confirmed_and_their_status_shows_on_the_call_up_to_the_goods_issue(
    world: World, door: Callable[[str], Door]
) -> None:
    office, packer = door("shipping"), door("packer")
    warehouse(world, A1="3", B1="9")
    call = ready(world, "DON1", "5")

    wave = made_wave(office, call)
    assert [t.from_location.code for t in PickTask.objects.order_by("from_location__code")] == ["A1", "B1"]
    page = packer.get(f"{wave}/walk")
    for scan in ("A1", SEAT, "3"):
        page = answer(packer, page, scan)
    assert "Picking Open" in call_page(office, call)
    for scan in ("B1", SEAT, "2"):
        page = answer(packer, page, scan)
    assert "Picking Picked" in call_page(office, call)
    office.send("/calls/create-delivery", call=public_id_of_call(call))
    delivery = Delivery.objects.get()
    office.send(f"/deliveries/{delivery.public_id}/issue")

    assert "Goods issue Issued" in call_page(office, call)


@pytest.mark.requirement("SAP-26")
def test_a_picker_follows_the_route_scans_place_item_quantity_handles_a_short_pick_and_sees_progress(
    world: World, door: Callable[[str], Door]
) -> None:
    warehouse(world, NEAR="2", FAR="3", SPARE="9")
    for code, zone, sequence in (("FAR", "B", 1), ("NEAR", "A", 1), ("SPARE", "C", 1)):
        place = Location.objects.get(code=code)
        change_location(
            location_id=place.pk, facts=LocationFacts("storage", zone=zone, pick_sequence=sequence), **who(world)
        )
    call = ready(world, "DON1", "5")
    office, packer = door("shipping"), door("packer")
    wave = made_wave(office, call)

    page = packer.get(f"{wave}/walk")
    assert "Zone A" in text_of(page)
    assert "Go to NEAR" in text_of(page)
    assert "Stop: this is FAR. Go to NEAR." in text_of(answer(packer, page, "FAR"))
    for scan in ("NEAR", SEAT, "2"):
        page = answer(packer, page, scan)
    assert "1 of 2 picked" in text_of(page)
    assert "Go to FAR" in text_of(page)
    task = PickTask.objects.get(from_location__code="FAR")
    page = packer.send(f"{wave}/walk/short", task=task.public_id, location="FAR", found="1")
    assert "1 short" in text_of(page)
    assert "Go to SPARE" in text_of(page)
    for scan in ("SPARE", SEAT, "2"):
        page = answer(packer, page, scan)

    assert "Everything on this wave is done." in text_of(page)
    assert JitCall.objects.get(pk=call).state == "packed"


@pytest.mark.requirement("SAP-37")
def test_a_unit_of_ours_or_of_an_outside_system_keeps_its_code_through_pick_shipment_and_notice(
    world: World, door: Callable[[str], Door]
) -> None:
    warehouse(world, mode="external", A1="9")
    ours, theirs = ready(world, "DON1", "5"), ready(world, "DON2", "3")
    foreign, office = sscc(1, "7612345", 7), door("shipping")
    wms = machine("create_wave", "confirm_pick", "register_handling_unit", "read", name="WMS")
    wms.do(f"{SITE}/handling-units/registered", {"sscc": foreign, "location": "DOCK1"})
    wms.do(f"{SITE}/picking/waves", {"call_ids": [public_id_of_call(ours), public_id_of_call(theirs)]})
    into = {}
    for task in wms.read(f"{SITE}/picking/tasks")["items"]:
        body = {"location": "A1", "item": "SEAT-105A"} | ({"sscc": foreign} if task["call_number"] == "DON2" else {})
        into[task["call_number"]] = wms.do(f"{SITE}/picking/tasks/{task['id']}/confirm", body)["sscc"]
    assert into["DON2"] == foreign != into["DON1"]

    office.send("/calls/create-delivery", call=[public_id_of_call(ours), public_id_of_call(theirs)])
    delivery = Delivery.objects.get()
    office.send(f"/deliveries/{delivery.public_id}/issue")

    page = text_of(office.get(f"/deliveries/{delivery.public_id}"))
    notice = bytes(OutboxMessage.objects.get(document_type="DESADV").payload).decode()
    for code in into.values():
        assert code in page
        assert code in notice
        assert HandlingUnit.objects.get(sscc=code).state == "issued"


@pytest.mark.requirement("JIC-04")
def test_a_receiver_sees_where_goods_are_waited_for_and_sends_them_straight_to_the_shipment_or_the_job(
    world: World, door: Callable[[str], Door]
) -> None:
    receiver = door("storekeeper")
    bought(world)
    component = called(world, "DON1", "30")
    job = world.release(world.call(world.summarized("DON2", qty="1200"))).jobs[0]

    page = text_of(receiver.get("/cross-dock", {"scan": BOUGHT}))
    assert "Cross-dock to call DON1 at DOCK1" in page
    receiver.send("/cross-dock/send", scan=BOUGHT, qty="30", target=f"call:{component.pk}")
    page = text_of(receiver.get("/cross-dock", {"scan": "FRAME"}))
    assert f"Cross-dock to job {job.number} at LINE1" in page
    receiver.send("/cross-dock/send", scan="FRAME", qty="200", target=f"job:{job.job_id}")

    assert JitCall.objects.get(external_no="DON1").state == "packed"
    assert Balance.objects.get(part__number="FRAME", location__code="LINE1").on_hand == 1200


@pytest.mark.requirement("GDE-064")
def test_each_scanned_unit_shows_its_destination_and_is_posted_in_and_out_without_put_away(
    world: World, door: Callable[[str], Door]
) -> None:
    receiver = door("storekeeper")
    part = bought(world)
    first, second = called(world, "DON1", "10"), called(world, "DON2", "10")

    for component, number in ((first, "DON1"), (second, "DON2")):
        assert f"Cross-dock to call {number} at DOCK1" in text_of(receiver.get("/cross-dock", {"scan": BOUGHT}))
        receiver.send("/cross-dock/send", scan=BOUGHT, qty="10", target=f"call:{component.pk}")

    kinds = list(Posting.objects.filter(movements__part_id=part).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["dock_receipt", "cross_dock"] * 2
    assert set(Balance.objects.filter(part_id=part, on_hand__gt=0).values_list("location__code", flat=True)) == {
        "DOCK1"
    }
    assert "Nobody waits" in text_of(receiver.get("/cross-dock", {"scan": BOUGHT}))


@pytest.mark.requirement("GDE-246")
def test_a_heat_is_traced_both_ways_on_one_screen_blocked_and_told(world: World, door: Callable[[str], Door]) -> None:
    chain, quality = steel_to_seats(world), door("supervisor")

    there = text_of(quality.get("/trace", {"number": HEAT}))
    for told in (f"Job {chain.frames_job}", f"Lot {chain.frames_lot}", f"Job {chain.seats_job}", "Call DON77",
                 f"Delivery {chain.delivery}", "OEM01 Example Motors", chain.sscc):  # fmt: skip
        assert told in there
    back = text_of(quality.get("/trace", {"number": chain.delivery}))
    for told in (f"Job {chain.seats_job}", f"Lot {chain.frames_lot}", f"Job {chain.frames_job}", f"heat {HEAT}"):
        assert told in back
    done = text_of(quality.send("/trace/recall", number=HEAT, reason="cracks found"))

    assert f"Blocked: S-1, {chain.frames_lot}. Told: OEM01." in done
    assert Lot.objects.filter(state="blocked").count() == 2
    told_customer = Notification.objects.get(kind="recall", partner_id=world.partner_id)
    assert chain.sscc in told_customer.body
