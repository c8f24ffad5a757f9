"""Calls by fixed records in the manner of VDA: cut with and without line breaks, read by a layout that is data."""

from decimal import Decimal

import pytest

from milkrun.edi import DelJit, Interchange, read, wants_answer, write_answer
from tests.edi.documents import ENVELOPE, SAMPLES

CALLS = (SAMPLES / "vda_551_calls.vda").read_bytes()


def interchange_of(data: bytes) -> Interchange:
    [interchange] = read(data).interchanges
    return interchange


def padded(end: bytes = b"") -> bytes:
    return b"".join(line.ljust(128) + end for line in CALLS.splitlines())


def changed(*pairs: tuple[bytes, bytes]) -> bytes:
    data = CALLS
    for before, after in pairs:
        assert before in data, before
        data = data.replace(before, after, 1)
    return data


def test_a_call_is_read_by_its_places() -> None:
    interchange = interchange_of(CALLS)

    first, second, vehicle = (message.body for message in interchange.messages)
    assert isinstance(first, DelJit)
    assert isinstance(second, DelJit)
    assert isinstance(vehicle, DelJit)
    assert (interchange.control, interchange.sender.id, interchange.recipient.id) == ("00123/261121", "OEM01", "SUPP01")
    assert (first.call_no, first.kind, first.ship_to, first.unloading_point) == ("DON4711", "summarized", "21", "TOR 7")
    assert [line.quantity for line in second.sequences[0].lines] == [Decimal(24), Decimal(12)]
    assert second.sequences[0].required.text == "202611221100"  # type: ignore[union-attr]
    assert (vehicle.kind, vehicle.sequences[0].number, vehicle.sequences[0].family) == ("sequenced", "0471", "SV")


@pytest.mark.parametrize("data", [padded(), padded(b"\r\n"), padded(b"\n"), CALLS.replace(b"\n", b"\r\n") + b"\x1a"])
def test_line_breaks_and_blanks_at_the_ends_make_no_difference(data: bytes) -> None:
    assert interchange_of(data) == interchange_of(CALLS)


def test_a_quantity_has_three_implied_decimals() -> None:
    [first, *_] = interchange_of(changed((b"0000000048000", b"0000000000500"))).messages

    assert first.body.sequences[0].lines[0].quantity == Decimal("0.5")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ((b"0000000048000", b"00000000many "), "not_a_number", ("553", 2, "50")),
        ((b"0000000048000", b"0000000000000"), "quantity_not_positive", ("553", 2, "")),
        ((b"0000000048000", b"             "), "missing_quantity", ("553", 2, "")),
        ((b"5N0 881 105 A", b"             "), "missing_part", ("553", 2, "")),
        ((b"92611221000", b"92611321000"), "invalid_date", ("552", 1, "27")),
        ((b"92611221000", b"9          "), "missing_date", ("553", 2, "")),
        ((b"DON4711", b"       "), "missing_number", ("552", 1, "")),
        ((b"92611221000", b"X2611221000"), "invalid_value", ("552", 1, "26")),
    ],
)
def test_a_bad_call_is_rejected_alone_with_its_place(change, code: str, place: tuple[str, int, str]) -> None:
    first, *others = interchange_of(changed(change)).messages

    assert first.verdict == "rejected"
    assert {message.verdict for message in others} == {"accepted"}
    errors = [finding for finding in first.findings if finding.severity == "error"]
    assert [(f.code, (f.segment, f.position, f.element)) for f in errors] == [(code, place)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((b"559M10000001", b"559M10000002"), "count_wrong"),
        ((b"559M1000000100000030000004", b"559M1000000100000030000005"), "count_wrong"),
        ((b"559M1", b"558M1"), "missing_trailer"),
        ((b"552M121 DON4712", b"552M221 DON4712"), "unsupported_version"),
        ((b"551M1OEM01 ", b"551M1      "), "missing_element"),
        ((b"00123261121", b"00000261121"), "invalid_value"),
        ((b"00123261121", b"00123261321"), "invalid_date"),
    ],
)
def test_a_fault_of_head_or_trailer_rejects_everything(change: tuple[bytes, bytes], code: str) -> None:
    interchange = interchange_of(changed(change))

    assert interchange.verdict == "rejected"
    assert code in [finding.code for finding in interchange.findings]
    assert not any(message.body for message in interchange.messages)


def test_tolerated_counts_let_the_calls_through() -> None:
    [interchange] = read(changed((b"559M10000001", b"559M10000002")), count_errors="accept").interchanges

    assert interchange.verdict == "accepted_with_errors"
    assert all(message.body for message in interchange.messages)


def test_nothing_is_answered() -> None:
    interchange = interchange_of(CALLS)

    assert not wants_answer(interchange)
    with pytest.raises(ValueError, match="interchange"):
        write_answer(interchange, ENVELOPE)
