"""What the life of a call promises, shown on the pages that people use."""

from collections.abc import Callable

import pytest

from milkrun.demand.models import JitCall
from milkrun.production.models import Job
from tests.web.door import Door, public_id_of_call, text_of
from tests.world import SEAT, World


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
