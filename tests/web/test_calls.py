"""The call monitor: what it shows, what it offers, and that a form has one effect."""

import csv
import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milkrun.demand import queries as demand
from milkrun.production import queries as production
from tests.web.door import Door, public_id_of_call, text_of
from tests.world import NOW, REST, SEAT, UNKNOWN, World


def test_calls_stand_in_the_order_they_are_needed(world: World, planner: Door) -> None:
    for number in (473, 471, 472):
        world.call(world.sequenced(number))

    page = planner.get("/calls").content.decode()

    places = [page.index(f">CALL/{number}<") for number in (471, 472, 473)]
    assert places == sorted(places)


def test_filters_stand_in_the_address(world: World, planner: Door) -> None:
    world.call(world.sequenced(471))
    released = world.call(world.sequenced(472))
    world.release(released)
    world.call(world.summarized("DON1"))

    def shown(query: str) -> set[str]:
        page = planner.get(f"/calls?{query}").content.decode()
        return {number for number in ("CALL/471", "CALL/472", "DON1") if f">{number}<" in page}

    assert shown("") == {"CALL/471", "CALL/472", "DON1"}
    assert shown("state=created") == {"CALL/471", "DON1"}
    assert shown("kind=summarized") == {"DON1"}
    assert shown("text=0471") == {"CALL/471"}
    assert shown("text=WVWZZZ1JZXW000472") == {"CALL/472"}
    assert shown("customer=OEM01&state=released") == {"CALL/472"}
    assert shown("customer=OTHER") == set()


def test_an_unknown_state_in_the_address_is_explained(planner: Door) -> None:
    answer = planner.get("/calls?state=flying")

    assert answer.status_code == 422
    assert "is not a state of a call" in answer.content.decode()


def test_a_broken_cursor_leads_back_to_the_first_page(planner: Door) -> None:
    for cursor in ("x", "WzFd", "bm9uc2Vuc2U", "W10", "%00"):
        answer = planner.get("/calls", {"after": cursor})
        assert answer.status_code == 422
        assert "Start from the first page" in answer.content.decode()


def test_pages_of_the_list_hold_every_call_once(world: World) -> None:
    for number in range(471, 484):
        world.call(world.sequenced(number))
    world.release(world.call(world.sequenced(484)))

    seen: list[str] = []
    after = ""
    while True:
        page = demand.calls(world.site_id, demand.CallFilter(), "UTC", after, limit=4)
        seen += [row.number for row in page.rows]
        after = page.next_cursor
        if not after:
            break

    assert seen == [f"CALL/{number}" for number in range(480, 484)] + ["CALL/484"] + [
        f"CALL/{number}" for number in range(471, 480)
    ]


def test_the_number_of_statements_does_not_grow_with_the_list(world: World, planner: Door) -> None:
    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert planner.get(path).status_code == 200
        return len(caught)

    world.call(world.sequenced(471))
    world.release(world.call(world.sequenced(497)))
    paths = ("/calls", "/calls/rows", "/calls?state=all", "/stock", "/jobs", "/deliveries", "/messages")
    planner.get("/calls")
    few = [statements(path) for path in paths]
    for number in range(472, 492):
        world.call(world.sequenced(number))
    world.release(*[world.call(world.sequenced(number)) for number in range(492, 496)])
    many = [statements(path) for path in paths]

    assert many == few


def test_a_double_tap_releases_once(world: World, planner: Door) -> None:
    call = public_id_of_call(world.call(world.sequenced(471)))
    key = str(uuid.uuid4())

    first = planner.send("/calls/release", key=key, call=call)
    second = planner.send("/calls/release", key=key, call=call)

    assert "Released. Job" in text_of(first)
    assert "Released. Job" in text_of(second)
    assert production.counts(world.site_id)["open_jobs"] == 1


def test_a_stale_form_says_what_became_of_the_call(world: World, planner: Door) -> None:
    call = public_id_of_call(world.call(world.sequenced(471)))
    planner.send("/calls/release", call=call)

    stale = planner.send("/calls/release", call=call, query="state=created")

    assert stale.status_code == 409
    assert "it was released." in text_of(stale)
    assert production.counts(world.site_id)["open_jobs"] == 1


def test_a_key_with_other_content_shows_the_form_again(world: World, planner: Door) -> None:
    first, second = (public_id_of_call(world.call(world.sequenced(n))) for n in (471, 472))
    key = str(uuid.uuid4())
    planner.send("/calls/release", key=key, call=first)

    other = planner.send("/calls/release", key=key, call=second)

    assert other.status_code == 422
    assert "This form was sent before with other content." in text_of(other)
    assert f'value="{second}" aria-label="Choose call CALL/472" checked' in other.content.decode()


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "a b c d e f g h i j k"])
def test_a_form_without_its_key_is_refused(world: World, planner: Door, key: str) -> None:
    call = public_id_of_call(world.call(world.sequenced(471)))

    answer = planner.post("/calls/release", {"call": call, "request_key": key})

    assert answer.status_code == 422
    assert "This form is incomplete." in text_of(answer)


def test_nothing_chosen_is_said(planner: Door) -> None:
    answer = planner.send("/calls/release")

    assert answer.status_code == 422
    assert "Choose at least one call first." in text_of(answer)


def test_a_call_of_nowhere_is_not_found(planner: Door) -> None:
    assert planner.get("/calls/0000000000000000").status_code == 404
    assert planner.send("/calls/release", call="0000000000000000").status_code == 404


def test_an_unmatched_call_says_why_and_is_matched_in_place(world: World, planner: Door) -> None:
    call = public_id_of_call(world.call(world.sequenced(471, (SEAT, UNKNOWN))))

    shown = text_of(planner.get(f"/calls/{call}"))
    again = text_of(planner.send(f"/calls/{call}/reprocess"))

    assert "Not matched" in shown
    assert UNKNOWN in shown
    assert "Still not matched" in again


def test_cancelling_asks_for_the_reason_and_keeps_it(world: World, planner: Door) -> None:
    call_id = world.call(world.sequenced(471))
    call = public_id_of_call(call_id)

    without = planner.send("/calls/cancel", call=call, from_call=call)
    done = planner.send("/calls/cancel", call=call, from_call=call, reason="Line <stopped>")

    assert without.status_code == 422
    assert "Say why" in text_of(without)
    assert demand.calls_by_id([call_id])[call_id].state == "cancelled"
    assert "Line &lt;stopped&gt;" in done.content.decode()
    assert "material_planner@plant.example on screen" in text_of(done)


def test_the_live_list_is_sent_again_only_when_something_happened(world: World, planner: Door, time_machine) -> None:
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    call = public_id_of_call(world.call(world.sequenced(471)))

    first = planner.get("/calls/rows")
    unchanged = planner.get("/calls/rows", headers={"if-none-match": first["ETag"]})
    planner.send("/calls/release", call=call)
    changed = planner.get("/calls/rows", headers={"if-none-match": first["ETag"]})

    assert "CALL/471" in first.content.decode()
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_the_live_list_costs_six_statements_while_nothing_happens(world: World, planner: Door, time_machine) -> None:
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    tag = planner.get("/calls/rows")["ETag"]

    with CaptureQueriesContext(connection) as caught:
        answer = planner.get("/calls/rows", headers={"if-none-match": tag})

    assert answer.status_code == 304
    # session, person, roles, their rights here, sites, the newest entry of the journal
    assert len(caught) <= 6


def test_the_export_holds_the_filtered_calls_and_no_formula(world: World, planner: Door) -> None:
    world.call(world.summarized("=1+1"))
    world.call(world.summarized("@SUM(A1)"))
    world.call(world.sequenced(471))

    answer = planner.get("/calls/export.csv?kind=summarized")

    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert answer["Content-Disposition"] == 'attachment; filename="calls.csv"'
    assert [row[0] for row in rows] == ["call", "'=1+1", "'@SUM(A1)"]
    assert rows[1][6] == f"48 × {SEAT}"


def test_a_file_is_taken_in_once_and_reported(world: World, planner: Door) -> None:

    sample = Path(__file__).parent.parent / "edi" / "samples" / "deljit_jis_two_vehicles.edi"

    def upload() -> str:
        file = SimpleUploadedFile(sample.name, sample.read_bytes())
        return text_of(planner.send("/calls/upload", partner="OEM01", file=file))

    first, second = upload(), upload()

    assert "Report" in first
    assert "Received before: nothing changed" not in first
    assert "Received before: nothing changed" in second


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"partner": "OEM01"}, "Choose a file that is not empty."),
        ({"partner": "NOBODY", "file": b"x"}, "Choose the customer that sent the file."),
        ({"partner": "OEM01", "file": b""}, "Choose a file that is not empty."),
    ],
)
def test_an_upload_that_cannot_work_says_why(planner: Door, fields: dict[str, object], sentence: str) -> None:
    given = {k: SimpleUploadedFile("f.edi", v) if isinstance(v, bytes) else v for k, v in fields.items()}

    answer = planner.send("/calls/upload", **given)

    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_an_unreadable_file_is_kept_and_explained(planner: Door) -> None:
    file = SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\xe0 not edi at all <script>alert(1)</script>")

    answer = planner.send("/calls/upload", partner="OEM01", file=file)

    assert answer.status_code == 200
    assert "Rejected" in text_of(answer)
    assert "<script>alert" not in answer.content.decode()


def test_a_packer_is_offered_no_release(world: World, door: Callable[[str], Door]) -> None:
    call = public_id_of_call(world.call(world.sequenced(471, (SEAT, REST))))

    page = door("packer").get("/calls").content.decode()

    assert f'data-row="{call}" data-allows=""' in page
