"""What is set up on the pages is seen on the pages, at once and without code."""

from collections.abc import Callable, Iterator

import pytest

from tests.web.door import Door, public_id_of_call, text_of
from tests.world import World


@pytest.fixture(autouse=True)
def _words_of_this_test_only() -> Iterator[None]:
    from milkrun.web import words

    words.forget()
    yield
    words.forget()


def test_a_renamed_state_stands_on_the_monitor_and_the_call(world: World, admin: Door) -> None:
    call = public_id_of_call(world.call(world.sequenced(471)))

    admin.send("/setup/words/save", noun="call", language="en", word_created="To be planned")

    assert "To be planned" in text_of(admin.get("/calls"))
    assert "To be planned" in text_of(admin.get(f"/calls/{call}"))


def test_a_word_that_stands_twice_is_refused_on_the_page(admin: Door) -> None:
    answer = admin.send("/setup/words/save", noun="call", language="en", word_created="Done", word_packed="done")

    assert answer.status_code == 422
    assert "stands for another state already" in text_of(answer)


def test_an_extra_field_is_filled_on_the_row_s_page(world: World, admin: Door, planner: Door) -> None:
    call = public_id_of_call(world.call(world.sequenced(471)))
    admin.send(
        "/setup/fields/save", noun="call", field="gate", label="Gate code", kind="choice", choices="North, South"
    )

    planner.send("/setup/fields/fill", noun="call", row=call, extra_gate="South")

    page = planner.get(f"/calls/{call}").content.decode()
    assert "Gate code" in page
    assert "<option selected>South</option>" in page
    assert "Own fields filled" in page


def test_a_value_that_does_not_fit_is_said_with_its_field(world: World, admin: Door) -> None:
    call = public_id_of_call(world.call(world.sequenced(471)))
    admin.send("/setup/fields/save", noun="call", field="gate", label="Gate code", kind="number")

    answer = admin.send("/setup/fields/fill", noun="call", row=call, extra_gate="South")

    assert answer.status_code == 422
    assert "Gate code: give a number" in text_of(answer)


def test_a_right_given_on_the_page_opens_the_door_for_everybody_with_the_role(admin: Door, door: Callable) -> None:
    packer = door("packer")
    before = packer.get("/jobs").status_code
    shown = admin.get("/setup/roles?role=packer")
    ticked = [box.split('"')[0] for box in shown.content.decode().split('name="actions" value="')[1:]
              if " checked" in box.split(">")[0]]  # fmt: skip

    admin.send("/setup/roles/define", name="packer", actions=[*ticked, "view_jobs"])

    assert (before, packer.get("/jobs").status_code) == (403, 200)


def test_a_person_is_let_in_given_roles_and_shut_out(admin: Door, world: World) -> None:
    admin.send("/setup/people/add", name="Cleo", email="cleo@plant.example", password="correct horse battery",
               roles=["packer"])  # fmt: skip
    answer = admin.send("/setup/people/assign", email="cleo@plant.example", roles=["shipping@"])

    text = text_of(answer)
    assert "Saved for cleo@plant.example." in text
    assert "Shut out" in text


def test_numbers_and_steps_are_kept(world: World, admin: Door) -> None:
    numbered = admin.send("/setup/numbers/save", kind="invoice", prefix="RE-", digits="6")
    stepped = admin.send("/setup/steps/save", customer="OEM01", steps=["release_call"])

    assert "New numbers look like RE-000001." in text_of(numbered)
    assert 'value="release_call" checked' in stepped.content.decode()


def test_who_may_not_set_up_sees_no_set_up(planner: Door, door: Callable) -> None:
    auditor = door("auditor")

    assert planner.get("/setup").status_code == 403
    assert auditor.get("/setup/people").status_code == 200
    assert auditor.send("/setup/people/assign", email="x").status_code == 403
