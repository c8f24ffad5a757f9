"""The CONTRL answer: what it says of good, partly good, broken and duplicate interchanges, and reading one."""

from dataclasses import replace

import pytest

from milkrun.edi import Control, ControlMessage, Interchange, Party, read, wants_answer, write_contrl
from tests.edi.documents import ENVELOPE, SAMPLES

JIS = (SAMPLES / "deljit_jis_two_vehicles.edi").read_bytes()


def interchange_of(data: bytes) -> Interchange:
    [interchange] = read(data).interchanges
    return interchange


def answer_to(data: bytes, **options: object) -> list[str]:
    """The segments between UNH and UNT of the answer."""
    written = write_contrl(interchange_of(data), ENVELOPE, **options).decode()  # type: ignore[arg-type]
    assert read(written.encode()).verdict == "accepted"
    lines = written.splitlines()
    return lines[lines.index("UNH+1+CONTRL:D:3:UN'") + 1 : -2]


UCI = "UCI+00000000000123+OEM01:ZZ+SUPP01:ZZ"


def test_a_good_interchange_is_acknowledged() -> None:
    assert answer_to(JIS) == [f"{UCI}+7'"]


def test_a_wrong_segment_count_rejects_only_its_message() -> None:
    data = (SAMPLES / "deljit_good_plus_bad_message.edi").read_bytes()

    assert answer_to(data) == ["UCI+00000000000125+OEM01:ZZ+SUPP01:ZZ+7'", "UCM+2+DELJIT:D:04A:UN+4+29+UNT+2'"]


def test_a_bad_element_is_named_by_segment_and_place_counting_the_tag() -> None:
    data = JIS.replace(b"QTY+131:1:", b"QTY+131:0:", 1)

    assert answer_to(data) == [f"{UCI}+7'", "UCM+1+DELJIT:D:04A:UN:GAJS12+4'", "UCS+15'", "UCD+12+2:2'"]


def test_a_missing_segment_is_named_by_where_it_should_stand() -> None:
    data = JIS.replace(b"BGM+242:::JIS+CALL000123+9'\n", b"").replace(b"UNT+24", b"UNT+23")

    assert "UCS+2+13'" in answer_to(data)


def test_a_wrong_message_count_rejects_the_interchange() -> None:
    data = JIS.replace(b"UNZ+1", b"UNZ+2")

    assert answer_to(data) == [f"{UCI}+4+29+UNZ+2'"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"duplicate": True}, f"{UCI}+4+26'"),
        ({"reject_with": "23"}, f"{UCI}+4+23'"),
        ({"reject_with": "7"}, f"{UCI}+4+7'"),
        ({"received_only": True}, f"{UCI}+8'"),
    ],
)
def test_the_caller_may_reject_or_only_confirm_receipt(options: dict[str, object], expected: str) -> None:
    assert answer_to(JIS, **options) == [expected]


def test_an_acknowledgement_is_never_acknowledged() -> None:
    answer = interchange_of(write_contrl(interchange_of(JIS), ENVELOPE))

    assert not wants_answer(answer)
    with pytest.raises(ValueError, match="is an acknowledgement"):
        write_contrl(answer, ENVELOPE)


def test_an_interchange_without_a_sender_cannot_be_answered() -> None:
    nameless = replace(interchange_of(JIS), sender=Party(""))

    assert not wants_answer(nameless)


def test_an_answer_reads_as_what_it_says_of_each_message() -> None:
    [interchange] = read((SAMPLES / "contrl_one_message_rejected.edi").read_bytes()).interchanges

    assert interchange.messages[0].body == Control(
        reference="00000000000125",
        sender=Party("OEM01", "ZZ"),
        recipient=Party("SUPP01", "ZZ"),
        action="7",
        messages=(ControlMessage("2", "DELJIT", "4", "29"),),
    )
