"""What the life of a call promises, shown on the pages that people use."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from milkrun.demand.models import JitCall
from milkrun.production.models import Job
from milkrun.shipping.models import Delivery
from tests.web.door import Door, public_id_of_call, text_of
from tests.world import REST, SEAT, World


@pytest.mark.requirement("SAP-23")
def test_a_damaged_part_is_ordered_again_before_and_after_delivery(world: World, door: Callable[[str], Door]) -> None:
    person = door("material_planner")
    (before,) = world.packed(world.sequenced(471, parts=(SEAT,)))
    shown = public_id_of_call(before)

    person.send(f"/calls/{shown}/reorder", group="SV", line="1", lost="1", reason="scratched")
    page = text_of(person.get(f"/calls/{shown}"))
    assert "Ordered again" in page
    assert "scratched" in page
    jobs = Job.objects.count()
    person.send("/calls/release", call=shown, from_call=shown)
    assert Job.objects.count() == jobs + 1

    (after,) = world.packed(world.summarized("DON1", qty="1"))
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue

    post_goods_issue(delivery_id=world.picked(after), actor=world.actor, at=world.later())
    person.send(f"/calls/{public_id_of_call(after)}/reorder", group="", line="1", lost="1", reason="lost on the way")
    page = text_of(person.get(f"/calls/{public_id_of_call(after)}"))
    assert "DON1/R1" in page
    assert JitCall.objects.get(pk=after).state == "issued"


@pytest.mark.requirement("SAP-16")
def test_selected_calls_are_released_and_each_says_what_became_of_it(world: World, door: Callable[[str], Door]) -> None:
    person = door("material_planner")
    world.receive("SEAT-105A", "5", "FG")
    stocked, made = world.call(world.summarized("STOCKED", qty="5")), world.call(world.summarized("MADE", qty="3"))

    page = text_of(person.send("/calls/release", call=[public_id_of_call(key) for key in (stocked, made)]))

    assert Job.objects.get().number in page
    assert JitCall.objects.get(pk=stocked).state == "ready"
    assert JitCall.objects.get(pk=made).state == "released"


@pytest.mark.requirement("SAP-32")
def test_the_call_shows_each_step_with_its_time_and_who(world: World, door: Callable[[str], Door]) -> None:
    (call,) = world.packed(world.sequenced(471))

    page = text_of(door("material_planner").get(f"/calls/{public_id_of_call(call)}"))

    for step in ("Received", "Released", "Produced", "Packed", "On delivery", "Picked", "Issued", "ASN", "Billed"):
        assert step in page
    assert page.count("Anna Test") >= 4


@pytest.mark.requirement("SAP-04")
def test_a_planner_holds_resumes_cancels_and_releases_a_filtered_selection(
    world: World, door: Callable[[str], Door]
) -> None:
    person = door("material_planner")
    ids = [public_id_of_call(world.call(world.summarized(f"DON{number}", qty="1"))) for number in range(3)]
    assert "DON1" in text_of(person.get("/calls?customer=OEM01&text=DON"))

    held = text_of(person.send("/calls/hold", call=ids, reason="drawing changes"))
    refused = text_of(person.send("/calls/release", call=ids))
    person.send("/calls/resume", call=ids)
    cancelled = text_of(person.send("/calls/cancel", call=ids, reason="model change"))

    assert "3 On hold" in held
    assert "3 Refused" in refused
    assert "is on hold" in refused
    assert "3 Cancelled" in cancelled


@pytest.mark.requirement("INV-09")
def test_an_expedited_call_stands_on_top_of_the_lists_with_its_reason_kept(
    world: World, door: Callable[[str], Door]
) -> None:
    person = door("material_planner")
    first, second = (world.call(world.summarized(number, qty="1")) for number in ("FIRST", "SECOND"))
    world.release(first)
    world.release(second)

    person.send("/calls/expedite", call=public_id_of_call(second), priority="2", reason="line stands")

    numbers = [Job.objects.get(lines__component__group__call_id=key).number for key in (second, first)]
    page = text_of(person.get("/jobs"))
    assert page.index(numbers[0]) < page.index(numbers[1])
    call = text_of(person.get(f"/calls/{public_id_of_call(second)}"))
    assert "Priority changed" in call
    assert "line stands" in call


@pytest.mark.requirement("SAP-03")
def test_a_call_shows_each_component_its_place_and_when_it_is_required_with_zone_and_countdown(
    world: World, door: Callable[[str], Door]
) -> None:
    call = public_id_of_call(world.call(world.sequenced(471)))

    answer = door("material_planner").get(f"/calls/{call}")

    page, required = text_of(answer), JitCall.objects.get().required_at
    for shown in (SEAT, REST, "1 pcs", "21 Assembly plant 21", "TOR 7", "LF-12", "2026-11-22 11:41 CET"):
        assert shown in page
    assert f'data-due="{required.isoformat()}"' in answer.content.decode()


@pytest.mark.requirement("SAP-06")
def test_both_kinds_of_call_follow_their_own_flow(world: World, door: Callable[[str], Door]) -> None:
    vehicle, quantity = world.packed(world.sequenced(471, parts=(SEAT,)), world.summarized("DON1", qty="2"))
    person = door("shipping")

    person.send("/calls/create-delivery", call=public_id_of_call(vehicle))
    person.send("/calls/create-delivery", call=public_id_of_call(quantity))

    pages = {key: text_of(person.get(f"/calls/{public_id_of_call(key)}")) for key in (vehicle, quantity)}
    for shown in ("Sequenced", "Sequence number 0471", "WVWZZZ1JZXW000471", "Component group SV", "slot 1"):
        assert shown in pages[vehicle]
    assert "Summarised" in pages[quantity]
    # A vehicle's packing is its pick; quantities are picked.
    states = dict(Delivery.objects.values_list("lines__component__group__call_id", "state"))
    assert states == {vehicle: "picked", quantity: "open"}


@pytest.mark.requirement("SAP-15")
def test_calls_are_entered_changed_searched_and_watched_with_counts_and_the_overdue_first(
    world: World, door: Callable[[str], Door]
) -> None:
    person = door("material_planner")
    soon, late = (f"{timezone.now() + timedelta(hours=hours):%Y-%m-%dT%H:%M}" for hours in (40, 90))
    lines = {"part": [SEAT], "qty": ["4"], "unit": [""], "group": [""], "plant": "21", "dock": "TOR 7"}
    given = {"customer": "OEM01", "kind": "summarized", **lines}
    person.send("/calls/new", number="LATER", required_at=late, **given)
    person.send("/calls/new", number="SOONER", required_at=soon, **given)
    overdue = world.call(replace(world.summarized("OVERDUE"), required_at=timezone.now() - timedelta(hours=1)))
    first = person.get("/calls/rows")
    call = public_id_of_call(JitCall.objects.get(external_no="LATER").pk)

    person.send(f"/calls/{call}/update", required_at=late, unloading_point="TOR 7", line_feed="LF-9", reason="moved")
    again = person.get("/calls/rows", headers={"if-none-match": first["ETag"]})

    page = text_of(again)
    assert again.status_code == 200
    assert page.index("OVERDUE") < page.index("SOONER") < page.index("LATER")
    assert "All open 3" in page
    assert "New 3" in page
    assert "LF-9" in text_of(person.get(f"/calls/{call}"))
    found = text_of(person.get("/calls?text=SOONER&kind=summarized&customer=OEM01&state=created"))
    assert "SOONER" in found
    assert "OVERDUE" not in found
    assert JitCall.objects.get(pk=overdue).state == "created"


@pytest.mark.requirement("SAP-35")
def test_a_hundred_calls_are_acted_on_in_one_selection_and_the_list_costs_what_ten_cost(
    world: World, door: Callable[[str], Door]
) -> None:
    """The time that the list takes with 100,000 calls is measured in benchmarks/; here its statements are counted."""
    person = door("material_planner")
    ids = [public_id_of_call(world.call(world.summarized(f"DON{n}", qty="1"))) for n in range(10)]
    few = statements(person, "/calls")
    ids += [public_id_of_call(world.call(world.summarized(f"DON{n}", qty="1"))) for n in range(10, 100)]

    page = text_of(person.send("/calls/hold", call=ids, reason="strike"))

    assert "100 On hold" in page
    assert page.count("DON") == 100
    # What is kept in memory for some seconds is looked up again now and then, so that one of two pages does without.
    assert min(statements(person, "/calls") for _ in range(2)) <= few


def statements(person: Door, path: str) -> int:
    """Count what a page asks of the database, once what is remembered for seconds has been read."""
    person.get(path)
    with CaptureQueriesContext(connection) as asked:
        person.get(path)
    return len(asked)
