"""Picking on screen: a wave is made, walked with a scanner one question at a time, and what went wrong is settled."""

import re
from collections.abc import Callable

import pytest

from milkrun.demand.models import JitCall
from milkrun.shipping.commands.cancel_wave import cancel_wave
from milkrun.shipping.models import PickIssue, PickTask, Wave
from tests.shipping.picking import ready, walk, warehouse, wave_of, who
from tests.web.door import Door, text_of
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


def hidden(page: str) -> dict[str, str]:
    """Read the fields that the scan form carries."""
    form = re.search(r'<form class="scan".*?</form>', page, re.S)
    assert form, page
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


def answer(packer: Door, page: object, scan: str) -> object:
    """Scan at the page as it stands."""
    fields = hidden(page.content.decode())
    path = re.search(r'class="scan" method="post" action="([^"]+)"', page.content.decode())
    assert path
    return packer.send(path[1], key=fields.pop("request_key"), scan=scan, **fields)


def test_a_wave_is_made_of_chosen_calls_and_deliveries(world: World, door: Callable[[str], Door]) -> None:
    warehouse(world, A1="9")
    call = ready(world, "DON1", "5")
    office = door("shipping")

    assert "DON1" in text_of(office.get("/picking"))
    made = office.send("/picking/waves", call=JitCall.objects.get(pk=call).public_id)

    assert "Wave W000001 has 1 task." in text_of(made)
    assert "A1" in text_of(made)
    nothing = office.send("/picking/waves")
    assert (nothing.status_code, "Nothing of this can be picked" in text_of(nothing)) == (409, True)
    assert "DON1" not in text_of(office.get("/picking")), "what is on a wave is not offered again"


def test_a_picker_answers_one_question_at_a_time_and_a_wrong_scan_stops(
    world: World, door: Callable[[str], Door]
) -> None:
    warehouse(world, A1="3", B1="9")
    call = ready(world, "DON1", "5")
    wave = wave_of(world, call)
    packer = door("packer")

    page = packer.get(f"/picking/{wave.public_id}/walk")
    assert "Go to A1" in text_of(page)
    wrong = answer(packer, page, "B1")
    assert (wrong.status_code, "Wrong place" in text_of(wrong)) == (409, True)
    assert "Stop: this is B1. Go to A1." in text_of(wrong)
    page = answer(packer, wrong, "A1")
    assert "Take 3 pcs of SEAT-105A" in text_of(page)
    wrong = answer(packer, page, "FOAM")
    assert (wrong.status_code, "Wrong item" in text_of(wrong)) == (409, True)
    page = answer(packer, wrong, SEAT)
    assert "How many? 3 pcs are asked for" in text_of(page)
    wrong = answer(packer, page, "4")
    assert wrong.status_code == 422
    page = answer(packer, wrong, "3")

    assert "1 of 2 picked" in text_of(page)
    assert "Go to B1" in text_of(page)
    page = answer(packer, answer(packer, answer(packer, page, "B1"), SEAT), "2")
    assert "Everything on this wave is done." in text_of(page)
    assert JitCall.objects.get(pk=call).state == "packed"


def test_with_two_calls_on_a_walk_the_unit_is_asked_for(world: World, door: Callable[[str], Door]) -> None:
    warehouse(world, A1="9")
    wave = wave_of(world, ready(world, "DON1", "2"), ready(world, "DON2", "3"))
    packer = door("packer")

    page = packer.get(f"/picking/{wave.public_id}/walk")
    page = answer(packer, answer(packer, answer(packer, page, "A1"), SEAT), "2")
    unit = re.search(r"Put them into (\d{18})", text_of(page))
    assert unit
    wrong = answer(packer, page, "340123450000000018")
    assert (wrong.status_code, "Wrong unit" in text_of(wrong)) == (409, True)
    page = answer(packer, wrong, unit[1])

    assert "1 of 2 picked" in text_of(page)


def test_a_short_pick_goes_on_at_another_bin_or_is_shown_to_the_office(
    world: World, door: Callable[[str], Door]
) -> None:
    warehouse(world, A1="5", B1="2")
    call = ready(world, "DON1", "5")
    wave = wave_of(world, call)
    packer, office = door("packer"), door("shipping")
    (task,) = walk(wave.wave_id)

    short = {"task": task.public_id, "location": "A1", "found": "1"}
    page = packer.send(f"/picking/{wave.public_id}/walk/short", **short)
    assert "2 are short: the office is told." in text_of(page)
    assert "Go to B1" in text_of(page)
    listed = text_of(office.get("/picking"))
    assert "4 of SEAT-105A are not at A1. 2 come from other places. 2 are short for DON1." in listed
    assert "Short" in text_of(office.get(f"/calls/{JitCall.objects.get(pk=call).public_id}"))
    issue = PickIssue.objects.get()
    assert office.send(f"/picking/issues/{issue.public_id}/settle", note="").status_code == 422
    settled = office.send(f"/picking/issues/{issue.public_id}/settle", note="counted")

    assert "Settled." in text_of(settled)
    assert PickIssue.objects.get().state == "settled"


def test_a_wave_given_up_under_the_picker_stops_the_scan(world: World, door: Callable[[str], Door]) -> None:
    warehouse(world, A1="5")
    wave = wave_of(world, ready(world, "DON1", "5"))
    packer = door("packer")
    page = packer.get(f"/picking/{wave.public_id}/walk")
    page = answer(packer, answer(packer, page, "A1"), SEAT)

    cancel_wave(wave_id=wave.wave_id, reason="wrong truck", **who(world))
    stopped = answer(packer, page, "5")

    assert stopped.status_code == 409
    assert "Cancelled" in text_of(stopped)
    assert "Bring the goods back to A1." in text_of(stopped)
    assert "Everything on this wave is done." in text_of(stopped)


def test_the_office_gives_a_wave_up_and_sets_where_calls_are_picked(world: World, door: Callable[[str], Door]) -> None:
    office = door("shipping")

    done = office.send("/picking/rule", customer="OEM01", mode="warehouse")
    assert "The rule holds" in text_of(done)
    assert "by waves in the warehouse" in text_of(done)
    assert office.send("/picking/rule", customer="NOBODY", mode="warehouse").status_code == 404
    world.receive("SEAT-105A", "5", "FG")
    wave = wave_of(world, ready(world, "DON1", "5"))
    gone = office.send(f"/picking/{wave.public_id}/cancel", reason="fire drill")

    assert "Given up" in text_of(gone)
    assert (Wave.objects.get().state, PickTask.objects.get().state) == ("cancelled", "cancelled")
    assert "W000001" in text_of(office.get("/picking?state=cancelled"))
