"""Pages where calls are typed, changed, moved and decided upon, and where sequences and rules are set."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from milkrun.demand.commands.set_call_rule import set_call_rule
from milkrun.demand.models import (
    CallRequest,
    CallRule,
    ChangeRule,
    Component,
    ExternalStatus,
    JitCall,
    SequenceStream,
    SkippedNumber,
)
from milkrun.partners.commands.create_partner import Plant, create_partner
from milkrun.partners.commands.create_site import create_site
from milkrun.shipping.commands.update_calls import CallChange, update_calls
from tests.web.door import Door, public_id_of_call, text_of
from tests.world import REST, SEAT, World

HOSTILE = "<script>alert('x')</script> Ω ' OR 1=1 --"
LINE = {"customer": "OEM01", "plant": "21", "line": "03"}
RULES = {"release_rule": "none", "packing_rule": "block", "gap_rule": "block", "issue_rule": "warn"}


@pytest.fixture
def planner(door: Callable[[str], Door]) -> Door:
    return door("material_planner")


def soon(hours: int = 30) -> str:
    return f"{timezone.now() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def typed(**other: object) -> dict[str, object]:
    lines = {"part": [SEAT, REST, ""], "qty": ["4", "2", ""], "unit": ["", "PCE", ""], "group": ["", "", ""]}
    head = {"customer": "OEM01", "kind": "summarized", "plant": "21", "dock": "TOR 7", "required_at": soon()}
    return {**head, **lines, **other}


def test_a_call_is_typed_with_the_customer_s_parts_at_hand_and_stands_in_the_list(world: World, planner: Door) -> None:
    form = planner.get("/calls/new?customer=OEM01").content.decode()

    page = text_of(planner.send("/calls/new", **typed(number="PHONE-1", urgent="1", reason="line stands")))

    call = JitCall.objects.get()
    assert f'<option value="{SEAT}">SEAT-105A' in form
    assert (call.external_no, call.source, call.state, call.priority) == ("PHONE-1", "manual", "created", 1)
    assert [(c.qty, c.agreement is not None) for c in Component.objects.order_by("line_no")] == [(4, True), (2, True)]
    assert "Call PHONE-1 is entered." in page
    assert "PHONE-1" in text_of(planner.get("/calls"))
    assert call.zone == "Europe/Berlin"


def test_a_typed_call_of_a_sequence_takes_its_slot_and_a_double_tap_enters_it_once(world: World, planner: Door) -> None:
    key = str(uuid.uuid4())
    given = typed(kind="sequenced", line="03", sequence="0471", vin="WVW1", number="V1")

    for _ in range(2):
        planner.send("/calls/new", key=key, **given)

    assert (JitCall.objects.get().position, SequenceStream.objects.get().code) == (471, "03")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"required_at": "2020-01-01T10:00"}, "has passed already"),
        ({"required_at": "2099-03-29T02:30"}, "The clock skips this hour"),
        ({"required_at": "soon"}, "Write the date and time"),
        ({"qty": ["0", "1"]}, "quantity"),
        ({"qty": ["-3", "1"]}, "quantity"),
        ({"qty": ["9" * 25, "1"]}, "is not a quantity"),
        ({"part": ["", ""], "qty": ["", ""]}, "at least one part"),
        ({"customer": "NOBODY"}, "Choose the customer"),
        ({"plant": "99"}, "Choose a plant"),
        ({"kind": "sequenced"}, "needs its number"),
        ({"kind": "weekly"}, "Choose what kind"),
        ({"number": "x" * 81}, "80"),
    ],
)
def test_a_call_typed_wrongly_is_asked_again_with_what_was_typed(
    world: World, planner: Door, wrong: dict[str, object], said: str
) -> None:
    answer = planner.send("/calls/new", **typed(**wrong))

    assert answer.status_code in (404, 422)
    assert said in text_of(answer)
    assert not JitCall.objects.exists()


def test_a_form_that_was_open_while_the_call_changed_writes_nothing_back(world: World, planner: Door) -> None:
    key = world.call(world.summarized("DON1", qty="48"))
    call = public_id_of_call(key)
    opened = planner.get(f"/calls/{call}").content.decode().split('name="seen" value="')[1].split('"')[0]
    planner.send(f"/calls/{call}/update", required_at=soon(), unloading_point="TOR 7", line_feed="LF-9", reason="EDI")

    late = planner.send(f"/calls/{call}/update", seen=opened, required_at="2028-06-01T08:00", reason="late",
                        **{"qty--1": "50"})  # fmt: skip

    assert late.status_code == 409
    assert "changed after you opened it" in text_of(late)
    assert JitCall.objects.get().line_feed == "LF-9"
    assert Component.objects.get().qty == 48


def test_a_planner_changes_time_place_and_quantity_and_the_page_shows_what_differs(world: World, planner: Door) -> None:
    key = world.call(world.summarized("DON1", qty="48"))
    call = public_id_of_call(key)

    page = text_of(
        planner.send(
            f"/calls/{call}/update", required_at="2028-06-01T08:00", unloading_point="TOR 7", line_feed="LF-9",
            **{"qty--1": "50"}, reason="they sell more",
        )
    )  # fmt: skip
    again = text_of(
        planner.send(f"/calls/{call}/update", required_at="2028-06-01T08:00", unloading_point="TOR 7", reason="x",
                     line_feed="LF-9")
    )  # fmt: skip

    assert "Changed. Everybody whom it affects is told." in page
    assert "required: 2026-11-22 10:50 CET → 2028-06-01 08:00 CEST" in page
    assert f"{SEAT} x 48 PCE 5500012345 → {SEAT} x 50 PCE 5500012345" in page
    assert Component.objects.get().qty == 50
    assert "Nothing differs" in again


def test_an_update_without_a_reason_or_into_the_past_changes_nothing(world: World, planner: Door) -> None:
    call = public_id_of_call(world.call(world.summarized("DON1")))

    for wrong, said in (
        ({"reason": ""}, "Say why"),
        ({"required_at": "2020-01-01T00:00", "reason": "x"}, "has passed"),
    ):
        given = {"required_at": soon(), "unloading_point": "TOR 7", **wrong}
        assert said in text_of(planner.send(f"/calls/{call}/update", **given))
    assert planner.send("/calls/0000000000000000/update", reason="x", required_at=soon()).status_code == 404


def test_a_hundred_calls_get_another_time_in_one_selection(world: World, planner: Door) -> None:
    calls = [public_id_of_call(world.call(world.summarized(f"DON{n}", qty="1"))) for n in range(100)]
    world.release(JitCall.objects.get(external_no="DON7").pk)

    page = text_of(planner.send("/calls/change-time", call=calls, required_at="2028-06-01T08:00", reason="strike"))

    assert "99 Updated" in page
    assert "1 Refused" in page
    assert "rule refuses changes then" in page


def test_a_change_that_the_customer_asks_for_is_shown_and_decided(world: World, planner: Door) -> None:
    who = {"actor": world.actor}
    set_call_rule(partner_id=world.partner_id, change_after_release="ask", at=world.later(), **who)
    key = world.call(world.summarized("DON1"))
    world.release(key)
    update_calls(changes=(CallChange(key, line_feed="LF-9"),), reason="", source="edi", at=world.later(), **who)
    call = public_id_of_call(key)

    shown = text_of(planner.get(f"/calls/{call}"))
    silent = text_of(planner.send(f"/calls/{call}/decide-change", accept="0"))
    done = text_of(planner.send(f"/calls/{call}/decide-change", accept="1"))

    assert "The customer wants a change" in shown
    assert "line feed – LF-9" in shown
    assert "Say why: the customer is told so." in silent
    assert "Changed as the customer asked." in done
    assert CallRequest.objects.get().state == "accepted"
    assert JitCall.objects.get().line_feed == "LF-9"


def test_cars_change_places_and_the_page_keeps_where_they_stood(world: World, planner: Door) -> None:
    first, second = (world.call(world.sequenced(n, number=f"V{n}")) for n in (471, 472))
    call = public_id_of_call(first)

    taken = text_of(planner.send(f"/calls/{call}/move", number="472", reason="line"))
    page = text_of(planner.send(f"/calls/{call}/move", number="472", other="V472", reason="line"))

    assert "belongs to call V472 already" in taken
    assert "Moved. The place it left stays in the history." in page
    assert "Places it stood in before" in page
    assert dict(JitCall.objects.values_list("pk", "position")) == {first: 472, second: 471}
    assert "There is no call NO" in text_of(planner.send(f"/calls/{call}/move", number="9", other="NO", reason="x"))


def test_a_sequence_is_set_up_and_shows_what_waits_and_why(
    world: World, planner: Door, door: Callable[[str], Door]
) -> None:
    shipper = door("shipping")
    ready = [world.call(world.sequenced(n, parts=(SEAT,), number=f"V{n}")) for n in (471, 473)]
    world.finish(ready)
    planner.send("/calls/sequences/configure", **LINE, **RULES, largest="999", takt_minutes="2")
    behind = [public_id_of_call(key) for key in ready]

    blocked = shipper.send("/calls/release-for-packing", call=behind)
    shown = text_of(planner.get("/calls/sequences/one", LINE))
    skipped = text_of(planner.send("/calls/sequences/skip", **LINE, number="472", reason="blocked car"))
    shipper.send("/calls/release-for-packing", call=behind)

    stream = SequenceStream.objects.get()
    assert (stream.largest, stream.packing_rule, stream.issue_rule, stream.takt_minutes) == (999, "block", "warn", 2)
    assert blocked.status_code == 409
    assert 'href="/calls/sequences"' in blocked.content.decode().split("Not done.")[1].split("</p>")[0]
    assert "A gap at packing Holds them 1 472 was never received" in shown
    assert "1 number is skipped." in skipped
    assert "blocked car" in skipped
    assert set(JitCall.objects.values_list("state", flat=True)) == {"in_packing"}


def test_a_stretch_of_numbers_is_skipped_as_a_whole_or_says_which_ones_stand_in_its_way(
    world: World, planner: Door
) -> None:
    for number in (471, 474, 476):
        world.call(world.sequenced(number))

    refused = text_of(planner.send("/calls/sequences/skip", **LINE, number="472-476", reason="strike"))
    before = SkippedNumber.objects.count()
    done = text_of(planner.send("/calls/sequences/skip", **LINE, number="472-473", reason="strike"))
    again = text_of(planner.send("/calls/sequences/skip", **LINE, number="472-473", reason="strike"))

    assert "No number is skipped: calls have 474 (CALL/474), 476 (CALL/476)." in refused
    assert before == 0
    assert "2 numbers are skipped." in done
    assert "2 numbers are skipped." in again
    assert set(SkippedNumber.objects.values_list("position", flat=True)) == {472, 473}


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("skip", {"number": "472-471", "reason": "x"}),
        ("skip", {"number": "1-5000", "reason": "x"}),
        ("skip", {"number": "-1", "reason": "x"}),
        ("skip", {"number": "99999999999", "reason": "x"}),
        ("skip", {"number": "472", "reason": ""}),
        ("configure", {**RULES, "largest": "0"}),
        ("configure", {**RULES, "largest": "-5"}),
        ("configure", {**RULES, "largest": "99999999999"}),
        ("configure", {**RULES, "largest": "9", "packing_rule": HOSTILE}),
        ("configure", {**RULES, "largest": "9", "takt_minutes": "0.5"}),
    ],
)
def test_what_a_sequence_cannot_be_is_refused(world: World, planner: Door, path: str, given: dict[str, str]) -> None:
    world.call(world.sequenced(471))

    answer = planner.send(f"/calls/sequences/{path}", **LINE, **given)

    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert not SkippedNumber.objects.exists()
    assert SequenceStream.objects.get().largest == 9999


def test_rules_and_status_words_are_set_where_nothing_has_to_be_programmed(world: World, planner: Door) -> None:
    world.call(world.sequenced(471))
    planner.send("/calls/rules/save", customer="OEM01", rule="ask")
    planner.send("/calls/rules/save", customer="OEM01", rule="refuse", state="packed")
    planner.send("/calls/rules/save", customer="OEM01", rule="allow", state="released", plant="21", line="03")
    page = text_of(planner.send("/calls/rules/words", customer="OEM01", transmitted="BLK", action="skip"))

    assert CallRule.objects.get().change_after_release == "ask"
    assert set(ChangeRule.objects.values_list("state", "rule")) == {("packed", "refuse"), ("released", "allow")}
    assert "BLK The number never comes" in page
    planner.send("/calls/rules/words", customer="OEM01", transmitted="BLK", action="")
    assert not ExternalStatus.objects.exists()
    for path, wrong in (
        ("save", {"rule": HOSTILE}), ("save", {"rule": "ask", "state": "billed"}), ("words", {"transmitted": ""}),
        ("words", {"transmitted": HOSTILE * 2, "action": "skip"}), ("words", {"transmitted": "A", "action": "dance"}),
    ):  # fmt: skip
        answer = planner.send(f"/calls/rules/{path}", customer="OEM01", **wrong)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.content.decode()
    assert planner.send("/calls/rules/save", customer="OTHER", rule="ask").status_code == 404


def test_nobody_reaches_calls_sequences_and_plants_of_another_site_or_customer(world: World, planner: Door) -> None:
    key = world.call(world.sequenced(471))
    who = {"actor": world.actor, "at": world.later()}
    create_partner(
        code="OEM02", name="Other", our_number="1", tax_basis_points=0,
        plants=(Plant("77", "Far", "Asia/Tokyo", ("T1",)),), **who,
    )  # fmt: skip
    site = create_site(code="ZFAR", name="Far", zone="Asia/Tokyo", docks=("D",), **who)
    JitCall.objects.filter(pk=key).update(site_id=site.site_id)
    call = public_id_of_call(key)

    for path, given in (
        (f"/calls/{call}/update", {"reason": "x", "required_at": soon()}),
        (f"/calls/{call}/move", {"reason": "x", "number": "9"}),
        (f"/calls/{call}/decide-change", {"accept": "1"}),
        ("/calls/change-time", {"call": call, "reason": "x", "required_at": soon()}),
    ):
        assert planner.send(path, **given).status_code == 404, path
    assert planner.send("/calls/new", **typed(customer="OEM02", plant="21")).status_code == 422
    assert (
        planner.send("/calls/sequences/skip", **{**LINE, "customer": "OEM02"}, number="1", reason="x").status_code
        == 404
    )
    foreign = {"customer": "OEM02", "rule": "allow", "state": "released", "plant": "21", "line": "03"}
    assert planner.send("/calls/rules/save", **foreign).status_code == 404


def test_ten_thousand_chosen_calls_are_answered_and_not_an_error(world: World, planner: Door) -> None:
    ids = [f"{n:016d}" for n in range(10_000)]

    answer = planner.send("/calls/change-time", call=ids, required_at=soon(), reason="x")

    assert answer.status_code in (400, 404)
