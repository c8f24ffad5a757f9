"""Envelopes: counts, references, groups, trailers, character sets; which fault rejects what."""

import pytest

from milkrun.edi import Interchange, read
from tests.edi.documents import SAMPLES

JIS = (SAMPLES / "deljit_jis_two_vehicles.edi").read_bytes()
BOTH = (SAMPLES / "deljit_good_plus_bad_message.edi").read_bytes().replace(b"UNT+99", b"UNT+17")


def interchange_of(data: bytes, **options: str) -> Interchange:
    [interchange] = read(data, **options).interchanges  # type: ignore[arg-type]
    return interchange


def codes(interchange: Interchange) -> list[tuple[str, str, int, str]]:
    return [(f.code, f.segment, f.position, f.element) for f in interchange.findings]


def verdicts(interchange: Interchange) -> list[str]:
    return [message.verdict for message in interchange.messages]


def test_the_envelope_is_read_whole() -> None:
    interchange = interchange_of(JIS)

    assert (interchange.control, interchange.prepared, interchange.charset) == ("00000000000123", "261121:1948", "UNOC")
    assert (interchange.sender.id, interchange.sender.qualifier) == ("OEM01", "ZZ")
    assert (interchange.recipient.id, interchange.association) == ("SUPP01", "DELJIT")
    assert (interchange.ack_requested, interchange.test) == (True, False)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"UNZ+2", b"UNZ+3", ("count_wrong", "UNZ", 43, "1")),
        (b"UNZ+2", b"UNZ+two", ("count_wrong", "UNZ", 43, "1")),
        (b"UNZ+2", b"UNZ+", ("count_wrong", "UNZ", 43, "1")),
        (b"UNZ+2+00000000000125", b"UNZ+2+00000000000126", ("reference_mismatch", "UNZ", 43, "2")),
        (b"UNZ+2+00000000000125'", b"", ("missing_trailer", "UNZ", 43, "")),
        (b"UNB+", b"UNX+", ("missing_header", "UNB", 1, "")),
        (b"OEM01:ZZ", b"", ("missing_element", "UNB", 1, "2:1")),
        (b"261121:1948", b"269921:1948", ("invalid_date", "UNB", 1, "4")),
        (b"UNOC:3", b"UNOZ:3", ("unsupported_charset", "UNB", 1, "1:1")),
        (b"UNOC:3", b"UNOX:3", ("unsupported_charset", "UNB", 1, "1:1")),
        (b"UNOC:3", b"UNOC:9", ("unsupported_syntax_version", "UNB", 1, "1:2")),
        (b"UNOC:3", b"UNOC", ("missing_element", "UNB", 1, "1:2")),
        (b"UNH+1+", b"UNH++", ("missing_element", "UNH", 25, "1")),
        (b"UNH+2+", b"FTX+x'UNH+2+", ("unexpected_segment", "FTX", 26, "")),
    ],
)
def test_a_fault_of_the_envelope_rejects_every_message(
    old: bytes, new: bytes, expected: tuple[str, str, int, str]
) -> None:
    interchange = interchange_of(BOTH.replace(old, new, 1))

    assert expected in codes(interchange)
    assert interchange.verdict == "rejected"
    assert set(verdicts(interchange)) == {"rejected"}
    assert all(message.body is None for message in interchange.messages)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"UNT+17+2", b"UNT+18+2", ("count_wrong", "UNT", 17, "1")),
        (b"UNT+17+2", b"UNT+17+3", ("reference_mismatch", "UNT", 17, "2")),
        (b"UNT+17+2'", b"", ("missing_trailer", "UNT", 17, "")),
        (b"UNH+2+DELJIT", b"UNH+2+ORDERS", ("unsupported_message", "UNH", 1, "2:1")),
        (b"UNH+2+DELJIT:D:04A", b"UNH+2+DELJIT:D:93A", ("unsupported_version", "UNH", 1, "2:3")),
    ],
)
def test_a_fault_of_one_message_rejects_that_message(
    old: bytes, new: bytes, expected: tuple[str, str, int, str]
) -> None:
    interchange = interchange_of(BOTH.replace(old, new, 1))

    bad = interchange.messages[1]
    assert expected in [(f.code, f.segment, f.position, f.element) for f in bad.findings]
    assert (interchange.verdict, verdicts(interchange)) == ("accepted_with_errors", ["accepted", "rejected"])


def test_a_repeated_message_reference_rejects_the_second() -> None:
    data = BOTH.replace(b"UNH+2+", b"UNH+1+").replace(b"UNT+17+2", b"UNT+17+1")

    interchange = interchange_of(data)

    assert verdicts(interchange) == ["accepted", "rejected"]
    assert [f.code for f in interchange.messages[1].findings] == ["duplicate_reference"]


def test_a_wrong_message_count_is_taken_with_errors_where_the_partner_may() -> None:
    interchange = interchange_of(BOTH.replace(b"UNZ+2", b"UNZ+5"), count_errors="accept")

    assert (interchange.verdict, verdicts(interchange)) == ("accepted_with_errors", ["accepted", "accepted"])


def test_a_wrong_reference_is_never_taken() -> None:
    interchange = interchange_of(BOTH.replace(b"UNZ+2+00000000000125", b"UNZ+2+1"), count_errors="accept")

    assert interchange.verdict == "rejected"


GROUPED = (
    b"UNB+UNOC:3+OEM01:ZZ+SUPP01:ZZ+261121:1948+7'"
    b"UNG+DELJIT+OEM01+SUPP01+261121:1948+G1+UN+D:04A'"
    + JIS[JIS.index(b"UNH") : JIS.index(b"UNZ")]
    + b"UNE+1+G1'UNZ+1+7'"
)


def test_messages_in_a_group_are_read() -> None:
    assert interchange_of(GROUPED).verdict == "accepted"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"UNE+1+", b"UNE+2+", "count_wrong"),
        (b"UNE+1+G1", b"UNE+1+G2", "reference_mismatch"),
        (b"UNE+1+G1'", b"", "missing_trailer"),
        (b"UNG+", b"UNH+0+DELJIT:D:04A:UN'UNT+2+0'UNG+", "groups_mixed"),
        (b"UNE+1+G1'", b"UNE+1+G1'UNH+9+DELJIT:D:04A:UN'UNT+2+9'", "groups_mixed"),
        (b"UNE+1+G1'", b"UNE+1+G1'UNE+1+G1'", "unexpected_segment"),
    ],
)
def test_a_fault_of_a_group_rejects_the_interchange(old: bytes, new: bytes, code: str) -> None:
    interchange = interchange_of(GROUPED.replace(old, new, 1))

    assert code in [finding.code for finding in interchange.findings]
    assert interchange.verdict == "rejected"


def test_an_interchange_without_messages_is_rejected() -> None:
    interchange = interchange_of(b"UNB+UNOC:3+A+B+261121:1948+1'UNZ+0+1'")

    assert codes(interchange) == [("no_messages", "UNZ", 2, "")]


def test_a_byte_order_mark_is_left_out_with_a_warning() -> None:
    reading = read(b"\xef\xbb\xbf" + JIS)

    assert reading.verdict == "accepted"
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("byte_order_mark", "warning")]


def test_a_doubled_terminator_is_left_out_with_one_warning() -> None:
    interchange = interchange_of(JIS.replace(b"'\n", b"''\n"))

    assert interchange.verdict == "accepted"
    assert [finding.code for finding in interchange.findings] == ["empty_segment"]


def test_small_letters_under_unoa_are_a_warning() -> None:
    interchange = interchange_of(JIS.replace(b"UNOC", b"UNOA").replace(b"TOR 7", b"Tor 7"))

    assert interchange.verdict == "accepted"
    assert [(f.code, f.severity) for f in interchange.findings] == [("charset_disagrees", "warning")]


@pytest.mark.parametrize(
    ("declared", "codec", "text"),
    [
        (b"UNOC", "latin-1", "Größe Ä"),
        (b"UNOD", "iso8859-2", "Łódź"),
        (b"UNOE", "iso8859-5", "Завод"),
        (b"UNOF", "iso8859-7", "Αθήνα"),
        (b"UNOG", "iso8859-3", "Ħal"),
        (b"UNOH", "iso8859-4", "Rīga"),
        (b"UNOI", "iso8859-6", "مصنع"),
        (b"UNOJ", "iso8859-8", "מפעל"),
        (b"UNOK", "iso8859-9", "Şişli"),
        (b"UNOW", "utf-8", "東京 Łódź"),
        (b"UNOY", "utf-8", "Größe 東京"),
    ],
)
def test_text_is_decoded_by_the_declared_set(declared: bytes, codec: str, text: str) -> None:
    data = JIS.replace(b"UNOC", declared).replace(b"TOR 7", text.encode(codec))

    body = interchange_of(data).messages[0].body

    assert getattr(body, "unloading_point", None) == text


BAD_CHARACTERS = [
    (b"UNOA", "Größe".encode("latin-1"), "undecodable"),
    (b"UNOB", "Größe".encode("latin-1"), "undecodable"),
    (b"UNOW", "Größe".encode("latin-1"), "undecodable"),
    (b"UNOF", b"\xff\xd2\xae", "undecodable"),
    (b"UNOC", b"TOR\x007", "control_character"),
    (b"UNOC", b"TOR\x1b7", "control_character"),
    (b"UNOC", b"TOR\r\n7", "control_character"),
    (b"UNOC", b"TOR\x7f7", "control_character"),
    (b"UNOC", b"TOR \x967", "control_character"),
]


@pytest.mark.parametrize(("declared", "raw", "code"), BAD_CHARACTERS)
def test_bad_characters_reject_their_message_at_their_segment(declared: bytes, raw: bytes, code: str) -> None:
    interchange = interchange_of(JIS.replace(b"UNOC", declared).replace(b"TOR 7", raw))

    [message] = interchange.messages
    assert [(f.code, f.segment, f.position, f.syntax_code) for f in message.findings] == [(code, "LOC", 8, "21")]
    assert (message.verdict, message.body) == ("rejected", None)


def test_a_partner_setting_replaces_the_declared_set() -> None:
    data = JIS.replace(b"UNOC", b"UNOA").replace(b"TOR 7", "Tür – 7".encode("cp1252"))

    interchange = interchange_of(data, charset="cp1252")

    assert interchange.verdict == "accepted"
    assert getattr(interchange.messages[0].body, "unloading_point", None) == "Tür – 7"


def test_an_unknown_partner_setting_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(LookupError, match="utf-16"):
        read(JIS, charset="utf-16")


def test_a_name_in_the_header_is_decoded_too() -> None:
    data = JIS.replace(b"SUPP01", "Müller".encode("latin-1"))

    assert interchange_of(data).recipient.id == "Müller"


def test_undecodable_names_in_the_header_reject_without_half_characters() -> None:
    interchange = interchange_of(JIS.replace(b"UNOC", b"UNOW").replace(b"SUPP01", b"M\xfcller"))

    assert interchange.verdict == "rejected"
    assert interchange.recipient.id == "M\ufffdller"
