"""X12: separators from the bytes, envelopes, calls, and the 997 with codes at the right place."""

import random
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milkrun.edi import DelJit, Interchange, Reading, read, wants_answer, write_answer
from tests.edi.documents import ENVELOPE, SAMPLES

SCHEDULE = (SAMPLES / "x12_862_two_deliveries.x12").read_bytes()
SEQUENCE = (SAMPLES / "x12_866_two_vehicles.x12").read_bytes()


def changed(*pairs: tuple[bytes, bytes], of: bytes = SCHEDULE) -> bytes:
    for before, after in pairs:
        assert before in of, before
        of = of.replace(before, after)
    return of


def body_of(data: bytes) -> DelJit:
    body = read(data).interchanges[0].messages[0].body
    assert isinstance(body, DelJit)
    return body


def interchange_of(data: bytes) -> Interchange:
    [interchange] = read(data).interchanges
    return interchange


def codes(reading: Reading) -> set[str]:
    found = set(reading.findings)
    for interchange in reading.interchanges:
        found |= set(interchange.findings)
        for part in (*interchange.groups, *interchange.messages):
            found |= set(part.findings)
    return {finding.code for finding in found}


def answer_to(data: bytes, **options: str) -> list[str]:
    """The rows of the answer between its envelopes; it must be readable itself."""
    written = write_answer(interchange_of(data), ENVELOPE, **options)
    assert read(written).verdict == "accepted"
    rows = [row.rstrip("~") for row in written.decode("ascii").splitlines()]
    return [row for row in rows if row[:2] in ("AK", "TA")]


# Separators and dirt.


@pytest.mark.parametrize("terminator", ["\n", "\r\n", "!", "\x1c", "~\r\n", "~"])
@pytest.mark.parametrize("element", ["|", "\x1d", "\t", "^"])
def test_separators_are_taken_from_the_bytes(element: str, terminator: str) -> None:
    text = SCHEDULE.decode().replace("*", element).replace("~\n", terminator)

    assert body_of(text.encode()) == body_of(SCHEDULE)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (changed((b"OEM01          *ZZ", b"OEM01*ZZ")), "unpadded_header"),
        (changed((b"SUPP01         *", b"SUPP01\n*")), "unpadded_header"),
        (b"\xef\xbb\xbf" + SCHEDULE, "byte_order_mark"),
        (changed((b"N1*ST**92*21~", b"N1*ST**92*21~~")), "empty_segment"),
        (changed((b"SCH4711", b"SCH\r\n4711")), "line_break"),
        (changed((b"GS*SS", b"GS*PO")), "wrong_group"),
        (b"\r\n \t" + SCHEDULE + b"\r\n\x1a", ""),
    ],
)
def test_dirt_is_read_with_a_warning(data: bytes, code: str) -> None:
    reading = read(data)

    assert reading.verdict == "accepted"
    assert codes(reading) == ({code} if code else set())
    assert body_of(data) == body_of(SCHEDULE)


def test_a_segment_terminator_of_letters_or_one_used_twice_is_refused() -> None:
    for isa_end in (b"*P*>A\n", b"*P*>*\n", b"*P*AA\n"):
        assert "bad_separators" in codes(read(changed((b"*P*>~\n", isa_end))))


def test_several_interchanges_of_one_file_have_separators_of_their_own() -> None:
    other = changed((b"*", b"|"), (b"~\n", b"!"), of=SEQUENCE)

    reading = read(SCHEDULE + other)

    assert [interchange.control for interchange in reading.interchanges] == ["000000123", "000000124"]
    assert reading.verdict == "accepted"


def test_utf_8_is_read_and_other_bytes_reject_their_set_alone_unless_the_charset_is_agreed() -> None:
    assert body_of(changed((b"SCH4711", "SCHÖ".encode()))).call_no == "SCHÖ"
    latin = changed((b"SCH4711", "SCHÖ".encode("latin-1")))

    [refused] = read(latin).interchanges
    [agreed] = read(latin, charset="latin-1").interchanges

    assert [finding.code for finding in refused.messages[0].findings] == ["undecodable"]
    assert agreed.messages[0].body.call_no == "SCHÖ"  # type: ignore[union-attr]


# What a call says.


def test_a_schedule_is_parted_by_delivery_order() -> None:
    body = body_of(SCHEDULE)

    assert (body.call_no, body.function, body.kind, body.ship_to, body.unloading_point, body.order_no) == (
        "SCH4711", "original", "summarized", "21", "TOR 7", "5500012345",
    )  # fmt: skip
    assert [(s.call_no, [(line.buyer_part, line.quantity) for line in s.lines]) for s in body.sequences] == [
        ("DON4711", [("5N0 881 105 A", Decimal(48))]),
        ("DON4712", [("5N0 881 106 B", Decimal(24))]),
    ]
    assert {s.required.local for s in body.sequences if s.required} == {datetime(2026, 11, 22, 10)}  # noqa: DTZ001


def test_just_in_time_quantities_replace_the_one_they_part_and_say_their_own_delivery_order() -> None:
    parted = b"~\nJIT*30*0800~\nREF*P5*A**DO>DON1>DK>T1~\nJIT*18*093000~\nREF*DO*DON2~\n"
    data = changed((b"*DO*DON4711~\n", parted), (b"SE*15*", b"SE*19*"), (b"**010*1000~", b"~"))

    body = body_of(data)

    assert [(s.call_no, s.lines[0].quantity, s.lines[0].unloading_point) for s in body.sequences][:2] == [
        ("DON1", Decimal(30), "T1"), ("DON2", Decimal(18), ""),
    ]  # fmt: skip
    assert [s.required.text for s in body.sequences[:2] if s.required] == ["202611220800", "20261122093000"]


def test_lines_of_one_time_without_a_delivery_order_are_one_call() -> None:
    assert [s.call_no for s in body_of(changed((b"*DO*DON4711", b""), (b"*DO*DON4712", b""))).sequences] == [""]


def test_a_schedule_of_several_times_without_delivery_orders_is_refused_and_not_wanted_all_on_the_first_day() -> None:
    data = changed((b"*DO*DON4711", b""), (b"*DO*DON4712", b""), (b"FST*24*C*D*20261122", b"FST*24*C*D*20261123"))

    assert codes(read(data)) == {"missing_number"}


def test_a_delivery_order_of_several_times_takes_the_earliest_and_says_so() -> None:
    data = changed((b"DON4712", b"DON4711"), (b"FST*24*C*D*20261122", b"FST*24*C*D*20261123"))

    assert codes(read(data)) == {"several_times"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((b"FST*48*C", b"FST*48*D"), "planned_quantity"),
        ((b"CTT*2", b"CTT*3"), "total_wrong"),
        ((b"N1*ST**92*21", b"N1*ST*Plant"), "missing_party"),
        ((b"BSS*00", b"BSS*99"), "missing_function"),
    ],
)
def test_what_is_odd_is_said_and_read(change: tuple[bytes, bytes], code: str) -> None:
    reading = read(changed(change))

    assert (reading.verdict, codes(reading)) == ("accepted", {code})


@pytest.mark.parametrize(
    ("code", "function"), [(b"05", "replace"), (b"04", "change"), (b"03", "cancel"), (b"01", "cancel")]
)
def test_the_purpose_is_the_function(code: bytes, function: str) -> None:
    assert body_of(changed((b"BSS*00", b"BSS*" + code))).function == function


def test_six_digits_of_a_date_belong_to_this_century() -> None:
    [first, _] = body_of(changed((b"*20261122**010", b"*261122**010"))).sequences

    assert first.required
    assert first.required.local.year == 2026


def test_lines_of_one_vehicle_are_one_entry_in_the_order_sent() -> None:
    body = body_of(SEQUENCE)

    assert body.kind == "sequenced"
    assert [(s.number, s.vin, s.production_no, len(s.lines)) for s in body.sequences] == [
        ("0471", "WVWZZZ1JZXW000471", "2611220471", 2), ("0472", "WVWZZZ1JZXW000472", "2611220472", 1),
    ]  # fmt: skip


# What is refused, and how the 997 says it.


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ([(b"FST*48*", b"FST*0*")], ["AK3*FST*10**8", "AK4*1**7", "AK5*R*5"]),
        ([(b"FST*48*", b"FST**")], ["AK3*FST*10**8", "AK4*1**1", "AK5*R*5"]),
        ([(b"20261122**010*1000*DO*DON4711", b"20261322")], ["AK3*FST*10**8", "AK4*4**8", "AK5*R*5"]),
        ([(b"BP*5N0 881 105 A*EC*C", b"VP*77")], ["AK3*LIN*7**8", "AK4*3**1", "AK5*R*5"]),
        ([(b"SCH4711", b"S" * 51)], ["AK3*BSS*2**8", "AK4*2**5", "AK5*R*5"]),
        ([(b"*5500012345*A~", b"*5500012345*C~")], ["AK3*BSS*2**8", "AK4*11**7", "AK5*R*5"]),
        ([(b"UIT*EA~\nREF", b"REF"), (b"SE*15", b"SE*14")], ["AK3*UIT*8**3", "AK5*R*5"]),
        ([(b"UIT*EA~\nREF", b"XYZ*1~\nUIT*EA~\nREF"), (b"SE*15", b"SE*16")], ["AK3*XYZ*8**6", "AK5*R*5"]),
        (
            [(b"CTT*2*72~\n", b"CTT*2*72~\nBSS*00*1*20261121*DL*20261122*20261122~\n"), (b"SE*15", b"SE*16")],
            ["AK3*BSS*15**7", "AK5*R*5"],
        ),
        ([(b"SE*15*", b"SE*16*")], ["AK5*R*4"]),
        ([(b"SE*15*0001", b"SE*15*0002")], ["AK5*R*3"]),
        ([(b"SE*15*0001~\n", b"")], ["AK5*R*2"]),
    ],
)
def test_a_rejected_set_names_code_and_place(changes: list[tuple[bytes, bytes]], rows: list[str]) -> None:
    answer = answer_to(changed(*changes))

    assert answer[:2] == ["AK1*SS*123", "AK2*862*0001"]
    assert answer[2:-1] == rows
    assert answer[-1] == "AK9*R*1*1*0"


def test_a_set_that_is_not_read_is_rejected_as_such() -> None:
    data = changed((b"ST*862", b"ST*830"))

    assert answer_to(data) == ["AK1*SS*123", "AK2*830*0001", "AK5*R*1", "AK9*R*1*1*0"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((b"GE*1*", b"GE*2*"), "AK9*R*2*1*0*5"),
        ((b"GE*1*123", b"GE*1*124"), "AK9*R*1*1*0*4"),
        ((b"GE*1*123~\n", b""), "AK9*R*1*1*0*3"),
        ((b"X*004010", b"X*009999"), "AK9*R*1*1*0*2"),
    ],
)
def test_a_fault_of_the_group_rejects_its_sets_and_stands_in_its_summary(
    change: tuple[bytes, bytes], code: str
) -> None:
    assert answer_to(changed(change))[-1] == code


def test_a_fault_of_one_group_leaves_the_other_alone() -> None:
    start, end = SCHEDULE.index(b"GS*"), SCHEDULE.index(b"IEA*")
    group = SCHEDULE[start:end]
    bad = group.replace(b"*123*X", b"*124*X").replace(b"GE*1*123", b"GE*7*124")
    data = SCHEDULE[:end] + bad + SCHEDULE[end:].replace(b"IEA*1", b"IEA*2")

    interchange = interchange_of(data)

    assert [group.verdict for group in interchange.groups] == ["accepted", "rejected"]
    assert [message.verdict for message in interchange.messages] == ["accepted", "rejected"]
    assert [row for row in answer_to(data) if row.startswith("AK9")] == ["AK9*A*1*1*1", "AK9*R*7*1*0*5"]


def test_a_control_number_used_twice_in_a_group_rejects_the_second_set() -> None:
    one = (SAMPLES / "x12_862_good_plus_bad_set.x12").read_bytes().replace(b"*0002~", b"*0001~").replace(b"many", b"9")

    assert "AK5*R*23" in answer_to(one)


def test_tolerated_counts_are_accepted_with_errors() -> None:
    [interchange] = read(changed((b"SE*15", b"SE*99")), count_errors="accept").interchanges

    rows = write_answer(interchange, ENVELOPE).decode().splitlines()

    assert "AK5*E*4~" in rows
    assert "AK9*E*1*1*1~" in rows


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ((b"IEA*1*000000123", b"IEA*1*000000321"), "001"),
        ((b"IEA*1*", b"IEA*2*"), "021"),
        ((b"*261121*", b"*269921*"), "014"),
        ((b"*1948*U", b"*9948*U"), "015"),
        ((b"*00401*", b"*4*"), "017"),
        ((b"IEA*1*000000123~\n", b""), "023"),
    ],
)
def test_a_fault_of_the_interchange_is_told_by_a_ta1_alone(change: tuple[bytes, bytes], note: str) -> None:
    [row] = answer_to(changed(change))

    assert row.startswith("TA1*000000123*")
    assert row.endswith(f"*R*{note}")


def test_an_interchange_that_asks_for_it_is_told_of_its_arrival() -> None:
    assert answer_to(changed((b"*000000123*0*P", b"*000000123*1*P")))[0] == "TA1*000000123*261121*1948*A*000"


def test_an_answer_has_a_header_of_fixed_widths_and_says_a_test_as_such() -> None:
    written = write_answer(interchange_of(changed((b"*0*P*", b"*0*T*"))), replace(ENVELOPE, control="12345678901234"))

    assert len(written.splitlines()[0]) == 106
    assert b"*678901234*0*T*>~" in written.splitlines()[0] or b"*678901234*" in written.splitlines()[0]


def test_an_answer_is_never_answered() -> None:
    ours = write_answer(interchange_of(SCHEDULE), ENVELOPE)
    refusal = write_answer(interchange_of(SCHEDULE), ENVELOPE, reject_with="26")

    for answer in (ours, refusal):
        with pytest.raises(ValueError, match="is an acknowledgement"):
            write_answer(interchange_of(answer), ENVELOPE)


def test_whatever_is_broken_the_answer_can_be_read_and_is_sound() -> None:
    chance = random.Random(997)
    noise = [
        b"",
        b"~",
        b"*",
        b">",
        b"\n",
        b"9",
        b"\x00",
        b"\xff",
        b"ISA*",
        b"GS*",
        b"ST*862*1~",
        b"SE*1*1~",
        b"IEA*1*1~",
        b"}",
    ]
    whole = (SAMPLES / "x12_862_good_plus_bad_set.x12").read_bytes()

    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.choice([0, 1, 2, 40])] = chance.choice(noise)
        for interchange in read(bytes(data)).interchanges:
            if wants_answer(interchange):
                assert read(write_answer(interchange, ENVELOPE)).verdict == "accepted", bytes(data)


# Whatever the text: a separator in it can only be read as one, and nothing of it moves to another place unsaid.


@given(
    number=st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0x17F, blacklist_categories=("Cc",)), min_size=1, max_size=30
    ),
    element=st.sampled_from("*|^\t\x1d"),
    terminator=st.sampled_from("~!\x1c\n'"),
)
def test_text_comes_out_as_sent_or_the_set_is_refused(number: str, element: str, terminator: str) -> None:
    text = SCHEDULE.decode().replace("~\n", terminator).replace("*", element).replace("SCH4711", number)

    [interchange] = read(text.encode()).interchanges[:1]

    hostile = {element, terminator, ">"} & set(number)
    for message in interchange.messages:
        if isinstance(message.body, DelJit) and not hostile:
            assert message.body.call_no == number.strip()
    if not hostile and number.strip():
        assert interchange.verdict == "accepted"
    if terminator in number:
        assert interchange.verdict == "rejected"
