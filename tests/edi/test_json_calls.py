"""Calls sent as JSON: exact numbers, times with and without an offset, nothing lost by a spelling mistake."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milkrun.edi import Control, DelJit, Interchange, read, wants_answer, write_answer
from milkrun.edi.neutral import to_neutral
from tests.edi.documents import ENVELOPE, SAMPLES

TEXT = (SAMPLES / "json_calls.json").read_text("utf-8")


def document() -> dict[str, Any]:
    loaded = json.loads(TEXT)
    assert isinstance(loaded, dict)
    return loaded


def interchange_of(given: Any) -> Interchange:
    [interchange] = read(json.dumps(given).encode()).interchanges
    return interchange


def test_what_is_left_out_is_empty_and_a_named_vehicle_makes_it_sequenced() -> None:
    by_quantity, by_vehicle = (message.body for message in interchange_of(document()).messages)

    assert isinstance(by_quantity, DelJit)
    assert isinstance(by_vehicle, DelJit)
    assert (by_quantity.kind, by_quantity.function, by_quantity.buyer) == ("summarized", "original", "")
    assert [line.quantity for line in by_quantity.sequences[0].lines] == [Decimal(48), Decimal(24)]
    assert by_vehicle.kind == "sequenced"
    assert by_vehicle.sequences[0].required.zone == "+0100"  # type: ignore[union-attr]


def test_a_number_is_read_as_written_and_never_through_floating_point() -> None:
    data = TEXT.replace('"quantity": 48', '"quantity": 0.100000').encode()

    [interchange] = read(data).interchanges

    body = interchange.messages[0].body
    assert isinstance(body, DelJit)
    assert body.sequences[0].lines[0].quantity == Decimal("0.1")


def test_what_the_command_prints_is_read_again() -> None:
    printed = json.dumps(to_neutral(read((SAMPLES / "deljit_jis_two_vehicles.edi").read_bytes())))

    [interchange] = read(printed.encode()).interchanges

    [original] = read((SAMPLES / "deljit_jis_two_vehicles.edi").read_bytes()).interchanges
    body, before = interchange.messages[0].body, original.messages[0].body
    assert isinstance(body, DelJit)
    assert isinstance(before, DelJit)
    assert [s.vin for s in body.sequences] == [s.vin for s in before.sequences]
    assert interchange.control == original.control


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("call_no", ""), "missing_number"),
        (("function", "other:7"), "missing_element"),
        (("sequences", {}), "missing_element"),
        (("sequences", []), ""),
        (("unloadingpoint", "TOR 9"), "unknown_field"),
        (("kind", "neither"), "missing_element"),
        (("ship_to", "2\n1"), "missing_element"),
    ],
)
def test_a_bad_call_is_said_and_the_other_goes_on(change: tuple[str, Any], code: str) -> None:
    given = document()
    given["messages"][0]["body"][change[0]] = change[1]

    first, second = interchange_of(given).messages

    assert second.verdict == "accepted"
    assert code in {finding.code for finding in first.findings} or not code
    assert (first.verdict == "accepted") == (code in ("", "unknown_field"))


@pytest.mark.parametrize("quantity", [0, -1, "1E3000", "abc", None, True, [1], 1e300, "NaN", "1.2345678", 10**15])
def test_an_impossible_quantity_rejects_its_call_alone(quantity: Any) -> None:
    given = document()
    given["messages"][0]["body"]["sequences"][0]["lines"][0]["quantity"] = quantity

    first, second = interchange_of(given).messages

    assert (first.verdict, second.verdict) == ("rejected", "accepted")


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b'{"sender":1}',
        b'{"a":' + b"[" * 50_000,
        b'{"a":NaN}',
        b'{"a":' + b"9" * 5_000 + b"}",
        b'{"\xff":1}',
        b"{" * 9,
    ],
)
def test_what_has_no_whole_envelope_is_no_interchange(data: bytes) -> None:
    reading = read(data)

    assert (reading.dialect, reading.interchanges, reading.verdict) == ("json", (), "rejected")
    assert reading.findings[0].text.endswith(".")


def test_the_answer_names_verdict_and_findings_and_is_never_answered() -> None:
    given = document()
    given["messages"][0]["body"]["call_no"] = ""
    written = write_answer(interchange_of(given), ENVELOPE)

    told = json.loads(written)
    [answer] = read(written).interchanges

    assert (told["acknowledges"], told["verdict"]) == ("123", "accepted_with_errors")
    assert [message["verdict"] for message in told["messages"]] == ["rejected", "accepted"]
    assert told["messages"][0]["findings"][0]["code"] == "missing_number"
    assert isinstance(answer.messages[0].body, Control)
    assert not wants_answer(answer)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(place=st.sampled_from(["sender", "control", "messages", "prepared", "test"]), value=values)
def test_no_value_anywhere_makes_the_reader_raise(place: str, value: Any) -> None:
    given = document()
    given[place] = value
    deeper = document()
    deeper["messages"][0]["body"]["sequences"][0]["lines"][0] = value
    deeper["messages"][1]["body"]["sequences"][0]["required"] = value

    for changed in (given, deeper):
        assert read(json.dumps(changed).encode()).verdict in ("accepted", "accepted_with_errors", "rejected")
