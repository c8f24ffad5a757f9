"""What a customer can get wrong, and what then happens: one clear sentence, nothing half done, nothing lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.edi import read
from milkrun.exchange.errors import UnknownPartner
from milkrun.exchange.models import Agreement, Interchange, Message, OutboxMessage
from milkrun.gateway.receive import take_in
from tests.gateway.files import sample, two_vehicles
from tests.refusals import refused
from tests.world import UNKNOWN, World

pytestmark = pytest.mark.django_db


def answers() -> list[tuple[str, str]]:
    """The CONTRL interchanges in the outbox as (action, error code)."""
    found = []
    for row in OutboxMessage.objects.filter(document_type="CONTRL").order_by("pk"):
        (control,) = read(bytes(row.payload)).interchanges
        body = control.messages[0].body
        found.append((body.action, body.error))
    return found


def test_a_good_file_becomes_calls_and_is_acknowledged(take) -> None:
    report = take(sample("deljit_jis_two_vehicles.edi"))

    assert (report.verdict, report.duplicate, report.reason) == ("accepted", False, "")
    assert [made["number"] for made in report.messages[0].created] == ["CALL000123/2611220471", "CALL000123/2611220472"]
    assert JitCall.objects.count() == 2
    assert len(answers()) == 1


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x00" * 100, b"PK\x03\x04zip", b"UNB", b"{}", "Größe".encode("utf-16")]
)
def test_an_unreadable_file_is_kept_and_takes_no_effect(take, data: bytes) -> None:
    report = take(data)

    row = Interchange.objects.get()
    assert (report.verdict, row.state, bytes(row.content)) == ("rejected", "quarantined", data)
    assert report.reason.endswith(".")
    assert not JitCall.objects.exists()


def test_every_truncation_is_refused_whole_and_the_whole_file_goes_through_afterwards(take, world: World) -> None:
    whole = sample("deljit_jis_two_vehicles.edi").rstrip()

    for cut in range(1, len(whole) - 1, 23):
        assert take(whole[:cut]).verdict == "rejected", cut
    effects = JitCall.objects.count(), ComponentGroup.objects.count()
    report = take(whole)

    assert effects == (0, 0)
    assert (report.verdict, JitCall.objects.count()) == ("accepted", 2)


def test_an_unknown_partner_is_refused_before_anything_is_read(world: World, take) -> None:
    with refused(UnknownPartner) as caught:
        take(sample("deljit_summarized.edi"), partner="NOBODY")

    assert caught.value.facts == {"partner": "NOBODY"}


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (("+OEM01:ZZ+", "+OEM99:ZZ+"), "23", "UNB names OEM99 as sender; the agreement with OEM01 expects OEM01."),
        (("+OEM01:ZZ+", "+OEM01:30+"), "23", "as sender"),
        (("+SUPP01:ZZ+", "+SUPP99:ZZ+"), "7", "UNB addresses SUPP99; we are SUPP01."),
        (("++DELJIT++1'", "++DELJIT++1++1'"), "25", "marked as a test (UNB 0035)"),
    ],
)
def test_a_file_that_is_not_for_this_exchange_is_refused_with_its_code(take, change, code: str, words: str) -> None:
    report = take(two_vehicles(change))

    assert (report.verdict, JitCall.objects.count()) == ("rejected", 0)
    assert words in report.reason
    assert answers() == [("4", code)]


@pytest.mark.parametrize(
    "change",
    [("UNT+24+1'", "UNT+23+1'"), ("UNT+24+1'", "UNT+24+2'"), ("UNZ+1+", "UNZ+2+"), ("UNZ+1+00000000000123", "UNZ+1+9")],
)
def test_wrong_counts_and_references_take_no_effect_and_name_the_segment(take, change) -> None:
    report = take(two_vehicles(change))

    findings = [*report.findings, *[f for m in report.messages for f in m.findings]]
    assert (report.verdict, JitCall.objects.count()) == ("rejected", 0)
    assert {f["segment"] for f in findings if f["severity"] == "error"} <= {"UNT", "UNZ"} != set()


def test_one_bad_message_does_not_stop_the_good_one(take) -> None:
    report = take(sample("deljit_good_plus_bad_message.edi"))

    assert report.verdict == "accepted_with_errors"
    assert [m.verdict for m in report.messages] == ["accepted", "rejected"]
    assert sorted(JitCall.objects.values_list("kind", flat=True)) == ["sequenced", "sequenced"]
    assert list(Message.objects.order_by("position").values_list("state", flat=True)) == ["taken", "failed"]


def test_an_unknown_part_stays_visible_on_the_call_and_in_the_report(take) -> None:
    report = take(sample("deljit_summarized.edi"))

    row = Component.objects.get(customer_part_no=UNKNOWN)
    assert row.matching_reason == f"Part {UNKNOWN} is not known for this customer."
    assert row.matching_reason in [finding["text"] for finding in report.messages[0].findings]
    assert ComponentGroup.objects.get().matching == "unmatched"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("LOC+11+TOR 7'", "LOC+11+TOR 9'"), "Dock TOR 9 is not known at plant 21."),
        (("NAD+ST+21::92'", "NAD+ST+77::92'"), "Plant 77 of the customer is not known."),
        (("QTY+131:1:PCE'", "QTY+131:1:KGM'"), "KGM cannot be converted to PCE: they measure different things."),
        (("QTY+131:1:PCE'", "QTY+131:1:QQQ'"), "Unit 'QQQ' is not known"),
        (("RFF+ON:5500012345'", "RFF+ON:4500'"), "Order 4500 is not agreed for part"),
    ],
)
def test_an_unknown_dock_plant_unit_or_order_keeps_the_call_and_says_what_is_missing(take, change, reason) -> None:
    report = take(two_vehicles(change))

    assert JitCall.objects.count() == 2
    assert any(finding["text"].startswith(reason) for finding in report.messages[0].findings)


@pytest.mark.parametrize("quantity", ["0", "-1", "1.2345678", "99999999999999", "1E3", "abc", ""])
def test_an_impossible_quantity_takes_no_effect_for_its_call_and_the_other_call_goes_on(take, quantity: str) -> None:
    report = take(two_vehicles(("QTY+131:1:PCE'", f"QTY+131:{quantity}:PCE'")))

    numbers = set(JitCall.objects.values_list("external_no", flat=True))
    assert "CALL000123/2611220471" not in numbers
    assert report.verdict in ("accepted_with_errors", "rejected")
    assert any(f["severity"] == "error" for m in report.messages for f in m.findings)


def test_a_call_without_a_time_takes_no_effect_and_names_the_segments(take) -> None:
    report = take(two_vehicles(("DTM+2:202611221015:203'\n", ""), ("UNT+24", "UNT+23")))

    assert [(f["code"], f["position"]) for f in report.messages[0].findings] == [
        ("missing_date", 12), ("missing_date", 15)
    ]  # fmt: skip
    assert not JitCall.objects.exists()


def test_a_message_type_we_do_not_use_is_kept_and_said(take) -> None:
    report = take(sample("desadv_rack.edi").replace(b"SUPP01:ZZ+OEM01:ZZ", b"OEM01:ZZ+SUPP01:ZZ"))

    assert report.messages[0].findings[0]["code"] == "message_not_used"
    assert Message.objects.get().state == "ignored"


def test_texts_longer_than_we_keep_are_no_accident(take) -> None:
    long = "X" * 35
    report = take(
        two_vehicles(("SV:XA+03:XN", f"{long}:XA+{long}:XN"), ("BGM+242:::JIS+CALL000123", f"BGM+242+{long}"))
    )

    assert report.verdict in ("accepted_with_errors", "rejected")
    assert any(f["severity"] == "error" for m in report.messages for f in m.findings)


def test_agreed_wrong_counts_are_let_through_with_a_finding(take) -> None:
    Agreement.objects.update(count_errors="accept")

    report = take(two_vehicles(("UNT+24+1'", "UNT+23+1'")))

    assert (report.verdict, JitCall.objects.count()) == ("accepted_with_errors", 2)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(
        st.tuples(st.integers(0, 700), st.sampled_from(list("'+:?\x00\x7f\xffA9 \n-."))), min_size=1, max_size=4
    )
)
def test_whatever_bytes_are_broken_the_door_answers_and_never_falls_over(world: World, edits) -> None:
    data = bytearray(sample("deljit_jis_two_vehicles.edi"))
    for place, text in edits:
        data[place % len(data)] = ord(text)

    reports = take_in(
        bytes(data), partner_code="OEM01", file_name="f.edi", source="inbox", actor=world.actor, at=world.later()
    )

    assert all(report.verdict in ("accepted", "accepted_with_errors", "rejected") for report in reports)
    assert Interchange.objects.filter(content=bytes(data)).exists()
