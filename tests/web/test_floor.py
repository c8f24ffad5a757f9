"""What the floor's queue sends: one effect each, honest answers, nobody else's name."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from milkrun.production.models import Confirmation, Job
from tests.web.door import Door
from tests.world import World


def sends(client: Door, **fields: Any) -> dict[str, Any]:
    """Send one scan as a phone does; what is not said is ordinary."""
    scan = {"key": str(uuid.uuid4()), "mode": "make", "user": "operator@plant.example", **fields}
    answer = client.post("/floor/actions", scan, content_type="application/json")
    return {"status": answer.status_code, **answer.json()}


@pytest.fixture
def job(world: World) -> Job:
    world.release(world.call(world.summarized("DON7", qty="3")))
    return Job.objects.get()


def test_a_scan_that_comes_again_gets_the_first_answer_and_has_no_second_effect(
    door: Callable[[str], Door], job: Job
) -> None:
    key = str(uuid.uuid4())

    first, again = (sends(door("operator"), key=key, scan=job.number) for _ in range(2))

    assert first == again
    assert first["outcome"] == "done"
    assert f"Job {job.number}: 1 good" in first["text"]
    assert Confirmation.objects.count() == 1


def test_the_same_id_with_another_content_is_a_conflict(door: Callable[[str], Door], job: Job) -> None:
    key = str(uuid.uuid4())
    sends(door("operator"), key=key, scan=job.number)

    answer = sends(door("operator"), key=key, scan=job.number, qty="2")

    assert (answer["outcome"], answer["code"]) == ("conflict", "request_key_reused")
    assert Confirmation.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"scan": "J999999"}, "No job has this number"),
        ({"scan": ""}, "cannot be read"),
        ({"scan": "J000001", "key": "short"}, "cannot be read"),
        ({"scan": "J000001", "mode": "fly"}, "cannot be read"),
        ({"scan": "J000001", "qty": "1.2.3"}, "is not a quantity"),
        ({"scan": "J000001", "qty": "4"}, "3"),
        ({"scan": "J000001\u0000"}, "cannot be read"),
        ({"scan": ["J000001"]}, "cannot be read"),
        ({"mode": "pack", "subject": "X", "scan": "Y"}, "do not allow"),
    ],
)
def test_what_cannot_be_done_is_a_conflict_with_a_sentence_and_changes_nothing(
    door: Callable[[str], Door], job: Job, fields: dict[str, Any], said: str
) -> None:
    answer = sends(door("operator"), **fields)

    assert answer["outcome"] == "conflict"
    assert said in answer["text"]
    assert Confirmation.objects.count() == 0


def test_a_scan_of_somebody_else_waits_for_that_person(door: Callable[[str], Door], job: Job) -> None:
    answer = sends(door("supervisor"), scan=job.number)

    assert (answer["status"], answer["outcome"]) == (403, "signin")
    assert "operator@plant.example" in answer["text"]
    assert Confirmation.objects.count() == 0


@pytest.mark.parametrize("written", ["{}", "00{}", "(00) {}", "]C100{}"])
def test_a_unit_is_picked_however_the_scanner_writes_its_code(
    door: Callable[[str], Door], world: World, written: str
) -> None:
    (call,) = world.packed(world.summarized("DON8", qty="3"))
    made = world.deliver(call)
    scan = written.format(made.handling_units[0])

    answer = sends(door("shipping"), mode="pick", user="shipping@plant.example", subject=made.number, scan=scan)

    assert answer["outcome"] == "done", answer
    assert "0 left" in answer["text"]


def test_nobody_is_told_to_sign_in_and_keeps_what_waits(db: None) -> None:
    answer = sends(Door(), scan="J000001")

    assert (answer["status"], answer["outcome"]) == (401, "signin")


def test_the_floor_offers_what_the_role_may_do(door: Callable[[str], Door]) -> None:
    packer, auditor = (door(role).get("/floor").content.decode() for role in ("packer", "auditor"))

    assert 'data-mode="pack"' in packer
    assert 'data-mode="make"' not in packer
    assert "Your roles have nothing to scan here." in auditor


def test_the_camera_is_allowed_on_the_floor_page_only(door: Callable[[str], Door]) -> None:
    floor, today = (door("packer").get(path) for path in ("/floor", "/"))

    assert floor["Permissions-Policy"].startswith("camera=(self)")
    assert today["Permissions-Policy"].startswith("camera=()")
    assert "wasm-unsafe-eval" in floor["Content-Security-Policy"]
    assert "wasm-unsafe-eval" not in today["Content-Security-Policy"]
