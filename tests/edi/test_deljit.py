"""What a DELJIT says: sequenced and summarised calls, and every fault of one with its exact place."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from milkrun.edi import DelJit, Finding, Message, read

SAMPLES = Path(__file__).parent / "samples"
JIS = (SAMPLES / "deljit_jis_two_vehicles.edi").read_bytes()
SUMMARIZED = (SAMPLES / "deljit_summarized.edi").read_bytes()


def only_message(data: bytes) -> Message:
    [interchange] = read(data).interchanges
    [message] = interchange.messages
    return message


def call_of(data: bytes) -> DelJit:
    body = only_message(data).body
    assert isinstance(body, DelJit)
    return body


def places(message: Message) -> list[tuple[str, str, int, str, str]]:
    def place(finding: Finding) -> tuple[str, str, int, str, str]:
        return (finding.code, finding.segment, finding.position, finding.element, finding.severity)

    return [place(finding) for finding in message.findings]


def changed(data: bytes, old: bytes, new: bytes, *, segments: int = 0) -> bytes:
    """Swap text in a sample, once, and correct the segment count of its single message."""
    assert data.count(old) >= 1, f"{old!r} is not in the sample"
    result = data.replace(old, new, 1)
    if segments:
        for count in (b"UNT+24", b"UNT+17"):
            result = result.replace(count, b"UNT+%d" % (int(count[4:]) + segments))
    return result


def test_a_sequenced_call_carries_one_sequence_per_vehicle() -> None:
    call = call_of(JIS)

    assert (call.call_no, call.function, call.kind) == ("CALL000123", "original", "sequenced")
    assert (call.buyer, call.seller, call.ship_to, call.unloading_point) == ("OEM01", "000012345", "21", "TOR 7")
    assert [s.number for s in call.sequences] == ["0471", "0472"]
    first = call.sequences[0]
    assert (first.vin, first.production_no, first.family, first.line) == ("WVWZZZ1JZXW000471", "2611220471", "SV", "03")
    assert (first.reference_sequence, first.line_feed, first.position) == ("000471", "LF-12", 9)
    assert first.required is not None
    assert first.required.local == datetime(2026, 11, 22, 10, 15)  # noqa: DTZ001
    assert [(x.position, x.buyer_part, x.change_level, x.quantity, x.unit) for x in first.lines] == [
        (13, "5N0 881 105 A", "02", Decimal(1), "PCE"),
        (16, "5N0 881 106 B", "", Decimal(1), "PCE"),
    ]


def test_a_summarised_call_carries_quantity_order_and_time_per_part() -> None:
    call = call_of(SUMMARIZED)

    assert (call.call_no, call.kind) == ("DON4711", "summarized")
    [sequence] = call.sequences
    assert (sequence.number, sequence.unloading_point) == ("", "TOR 7")
    lines = [(x.line_no, x.buyer_part, x.order_no, x.quantity) for x in sequence.lines]
    assert lines == [
        ("1", "5N0 881 105 A", "5500012345", Decimal(48)),
        ("2", "5N0 881 999 Z", "5500012345", Decimal(24)),
    ]
    assert all(x.required and x.required.text == "202611221000" for x in sequence.lines)


def test_repetitions_are_counted_anew_in_each_group() -> None:
    crowded = PART + b"GIR+4+SV:XA'\n" * 5
    data = JIS.replace(PART, crowded, 1).replace(b"5N0 881 106 B:IN'\n", b"5N0 881 106 B:IN'\n" + crowded)
    data = data.replace(b"UNT+24", b"UNT+35")

    message = only_message(data)

    assert (message.verdict, message.findings) == ("accepted", ())


def test_a_message_with_a_wrong_count_is_rejected_and_the_good_one_goes_on() -> None:
    [interchange] = read((SAMPLES / "deljit_good_plus_bad_message.edi").read_bytes()).interchanges

    good, bad = interchange.messages
    assert interchange.verdict == "accepted_with_errors"
    assert (good.verdict, bad.verdict, bad.body) == ("accepted", "rejected", None)
    assert places(bad) == [("count_wrong", "UNT", 17, "1", "error")]
    assert bad.findings[0].syntax_code == "29"


def test_a_partner_may_be_allowed_wrong_counts() -> None:
    data = (SAMPLES / "deljit_good_plus_bad_message.edi").read_bytes()

    [interchange] = read(data, count_errors="accept").interchanges

    assert [m.verdict for m in interchange.messages] == ["accepted", "accepted_with_errors"]
    assert isinstance(interchange.messages[1].body, DelJit)


DATED = b"DTM+137:20261121194800:204'\n"
PART = b"PIA+1+02:EC'\n"
FAULTS: list[tuple[str, bytes, bytes, bytes, int, tuple[str, str, int, str, str]]] = [
    ("zero quantity", JIS, b"QTY+131:1:", b"QTY+131:0:", 0, ("quantity_not_positive", "QTY", 15, "1:2", "error")),
    ("negative quantity", JIS, b"QTY+131:1:", b"QTY+131:-1:", 0, ("quantity_not_positive", "QTY", 15, "1:2", "error")),
    ("quantity in words", JIS, b"QTY+131:1:", b"QTY+131:one:", 0, ("not_a_number", "QTY", 15, "1:2", "error")),
    ("exponent", JIS, b"QTY+131:1:", b"QTY+131:1e3:", 0, ("not_a_number", "QTY", 15, "1:2", "error")),
    ("underscore", JIS, b"QTY+131:1:", b"QTY+131:1_000:", 0, ("not_a_number", "QTY", 15, "1:2", "error")),
    ("comma under a point UNA", JIS, b"131:1:", b"131:1,5:", 0, ("not_a_number", "QTY", 15, "1:2", "error")),
    ("no quantity", JIS, b"QTY+131:1:PCE'\n", b"", -1, ("missing_quantity", "LIN", 13, "", "error")),
    ("no part", JIS, b"LIN+1++5N0 881 105 A:IN", b"LIN+1", 0, ("missing_part", "LIN", 13, "3:1", "error")),
    ("no such day", JIS, b"DTM+2:202611221015", b"DTM+2:202611311015", 0, ("invalid_date", "DTM", 10, "1:2", "error")),
    ("date format", JIS, b"221015:203", b"221015:719", 0, ("unsupported_date_format", "DTM", 10, "1:3", "error")),
    ("no date", JIS, b"DTM+2:202611221015:203'\n", b"", -1, ("missing_date", "LIN", 12, "", "error")),
    ("XO disagrees", JIS, b"000471:XO", b"000477:XO", 0, ("sequence_disagrees", "GIR", 11, "", "error")),
    (
        "no call number",
        SUMMARIZED,
        b"BGM+242+DON4711+9",
        b"BGM+242++9",
        0,
        ("missing_number", "BGM", 2, "2:1", "error"),
    ),
    ("no function", SUMMARIZED, b"DON4711+9", b"DON4711", 0, ("missing_function", "BGM", 2, "3", "warning")),
    ("two plants", SUMMARIZED, b"NAD+SE", b"NAD+ST+22::92'\nNAD+SE", 1, ("several_parties", "NAD", 7, "2:1", "error")),
    ("DTM too often", SUMMARIZED, DATED, DATED * 11, 10, ("too_many_repeats", "DTM", 13, "", "error")),
    (
        "GIR too often in a part",
        JIS,
        PART,
        PART + b"GIR+4+SV:XA'\n" * 6,
        6,
        ("too_many_repeats", "GIR", 20, "", "error"),
    ),
    ("LIN before SEQ", SUMMARIZED, b"SEQ+1'\n", b"", -1, ("segment_out_of_place", "LIN", 8, "", "error")),
    ("no BGM", SUMMARIZED, b"BGM+242+DON4711+9'\n", b"", -1, ("missing_segment", "BGM", 2, "", "error")),
    ("foreign segment", SUMMARIZED, b"SEQ+1'", b"XYZ+1'SEQ+1'", 1, ("unknown_segment", "XYZ", 7, "", "error")),
    ("too long", SUMMARIZED, b"TOR 7", b"T" * 36, 0, ("element_too_long", "LOC", 8, "2:1", "error")),
    ("too many components", SUMMARIZED, b"48:PCE", b"48:PCE:X", 0, ("too_many_elements", "QTY", 11, "1:4", "error")),
    ("element missing", SUMMARIZED, b"LOC+11+", b"LOC++", 0, ("missing_element", "LOC", 8, "1", "error")),
]


@pytest.mark.parametrize(("old", "new", "data", "segments", "expected"), [
    pytest.param(old, new, data, segments, expected, id=name) for name, data, old, new, segments, expected in FAULTS
])  # fmt: skip
def test_each_fault_is_found_at_its_segment(
    data: bytes, old: bytes, new: bytes, segments: int, expected: tuple[str, str, int, str, str]
) -> None:
    message = only_message(changed(data, old, new, segments=segments))

    assert expected in places(message)
    assert (message.verdict == "rejected") is (expected[4] == "error")
    assert all(f.text.endswith(".") and f.segment in f.text for f in message.findings)
