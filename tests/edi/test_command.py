"""`milkrun edi`: exit codes, what goes to which stream, and the JSON shapes that scripts rely on."""

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from milkrun.cli.main import main
from milkrun.edi import read
from tests.edi.documents import SAMPLES

GOOD = SAMPLES / "deljit_jis_two_vehicles.edi"
PARTLY = SAMPLES / "deljit_good_plus_bad_message.edi"


@dataclass
class Run:
    code: int
    out: bytes
    err: str

    @property
    def json(self) -> dict[str, object]:
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


class Milkrun:
    """Runs the command in this process with streams of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Run:
        out, err = io.BytesIO(), io.StringIO()
        self._patch.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8", write_through=True))
        self._patch.setattr(sys, "stderr", err)
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(["edi", *map(str, arguments)])
        sys.stdout.flush()
        return Run(code, out.getvalue(), err.getvalue())


@pytest.fixture
def milkrun(monkeypatch: pytest.MonkeyPatch) -> Milkrun:
    return Milkrun(monkeypatch)


def test_a_clean_interchange_checks_with_exit_code_0(milkrun: Milkrun) -> None:
    run = milkrun("check", GOOD)

    assert (run.code, run.err) == (0, "")


def test_findings_end_with_exit_code_1_and_their_place(milkrun: Milkrun) -> None:
    run = milkrun("check", PARTLY)

    assert run.code == 1
    assert b"error count_wrong UNT 17" in run.out


def test_check_prints_the_documented_shape(milkrun: Milkrun) -> None:
    document = milkrun("check", PARTLY, "--json").json

    [interchange] = document["interchanges"]  # type: ignore[misc]
    finding = interchange["messages"][1]["findings"][0]  # type: ignore[index]
    assert document["dialect"] == "edifact"
    assert {"control", "sender", "recipient", "verdict", "findings", "messages"} <= set(interchange)
    assert (interchange["sender"], interchange["verdict"]) == ("OEM01", "accepted_with_errors")  # type: ignore[index]
    assert {"segment", "position", "code", "text"} <= set(finding)
    assert (finding["segment"], finding["position"], finding["code"]) == ("UNT", 17, "count_wrong")


def test_read_shows_the_body_with_exact_numbers_as_text(milkrun: Milkrun) -> None:
    run = milkrun("read", GOOD, "--json")

    line = run.json["interchanges"][0]["messages"][0]["body"]["sequences"][0]["lines"][0]  # type: ignore[index]
    assert run.code == 0
    assert (line["buyer_part"], line["quantity"]) == ("5N0 881 105 A", "1")


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("deljit_*.edi")), ids=lambda path: path.name)
def test_what_read_prints_equals_its_golden_file(milkrun: Milkrun, sample: Path) -> None:
    assert milkrun("read", sample, "--json").out == sample.with_suffix(".json").read_bytes()


@pytest.mark.parametrize(
    "sample", ["deljit_jis_two_vehicles.edi", "deljit_summarized.edi", "desadv_rack.edi", "invoic_d07a.edi"]
)
def test_what_read_prints_write_turns_back(milkrun: Milkrun, sample: str) -> None:
    printed = milkrun("read", SAMPLES / sample, "--json").out

    written = milkrun("write", "-", "--as", "edifact", stdin=printed)

    assert written.code == 0
    bodies = [read(data).interchanges[0].messages[0].body for data in (written.out, (SAMPLES / sample).read_bytes())]
    assert bodies[0] == bodies[1]


def test_ack_writes_the_acknowledgement_bytes(milkrun: Milkrun) -> None:
    run = milkrun("ack", PARTLY)

    assert run.code == 0
    assert b"UCI+00000000000125+OEM01:ZZ+SUPP01:ZZ+7'\nUCM+2+DELJIT:D:04A:UN+4+29+UNT+2'\n" in run.out


def test_an_acknowledgement_cannot_be_acknowledged(milkrun: Milkrun) -> None:
    run = milkrun("ack", SAMPLES / "contrl_one_message_rejected.edi")

    assert (run.code, run.out) == (1, b"")
    assert run.err.startswith("not_acknowledgeable: ")


def test_wrong_counts_can_be_taken(milkrun: Milkrun) -> None:
    document = milkrun("check", PARTLY, "--json", "--accept-counts").json

    [interchange] = document["interchanges"]  # type: ignore[misc]
    assert interchange["messages"][1]["verdict"] == "accepted_with_errors"  # type: ignore[index]


UNREADABLE = {
    "unreadable_file": None,
    "empty_file": b"",
    "unrecognised_syntax": b"%PDF-1.7",
}


@pytest.mark.parametrize("verb", ["read", "check", "ack"])
@pytest.mark.parametrize("code", UNREADABLE)
def test_an_unreadable_file_is_one_line_with_a_code(milkrun: Milkrun, tmp_path: Path, verb: str, code: str) -> None:
    file, content = tmp_path / "file.edi", UNREADABLE[code]
    if content is not None:
        file.write_bytes(content)

    run = milkrun(verb, file)

    assert (run.code, run.out) == (2, b"")
    assert run.err.startswith(f"{code}: ")
    assert run.err.count("\n") == 1


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"{", "Expecting property name"),
        (b"[]", "document.interchanges: is missing"),
        (b'{"interchanges": []}', "interchanges: at least one is needed"),
        (b'{"interchanges": [{"messages": [{"type": "DELJIT", "body": {}}]}]}', "messages[0].body.call_no: is missing"),
        (b'{"interchanges": [{"messages": [{"type": "ORDERS", "body": {}}]}]}', "messages[0].type: ORDERS"),
    ],
)
def test_a_document_that_cannot_be_written_says_where(milkrun: Milkrun, document: bytes, said: str) -> None:
    run = milkrun("write", "-", "--as", "edifact", stdin=document)

    assert (run.code, run.out) == (2, b"")
    assert run.err.startswith("not_writable: ")
    assert said in run.err


@pytest.mark.parametrize("syntax", ["x12", "vda"])
def test_other_syntaxes_are_not_written(milkrun: Milkrun, syntax: str) -> None:
    run = milkrun("write", "-", "--as", syntax, stdin=b"{}")

    assert run.code == 2
    assert run.err.startswith("unsupported_syntax: ")


def test_a_wrong_zone_is_a_mistake_of_usage(milkrun: Milkrun) -> None:
    run = milkrun("check", GOOD, "--zone", "Mars/Olympus")

    assert run.code == 2
    assert run.err.startswith("unknown_option: ")


@pytest.mark.parametrize(
    ("sample", "begins"),
    [("x12_862_two_deliveries.x12", b"ISA*00*"), ("json_calls.json", b"{"), ("deljit_summarized.edi", b"UNA")],
)
def test_each_dialect_is_checked_read_and_acknowledged_in_its_own(milkrun: Milkrun, sample: str, begins: bytes) -> None:
    answer = milkrun("ack", SAMPLES / sample)

    assert milkrun("check", SAMPLES / sample).code == 0
    assert b"DON4711" in milkrun("read", SAMPLES / sample, "--json").out
    assert (answer.code, answer.out[: len(begins)]) == (0, begins)
    assert read(answer.out).verdict == "accepted"


def test_fixed_records_are_read_and_say_that_they_cannot_be_acknowledged(milkrun: Milkrun) -> None:
    sample = SAMPLES / "vda_551_calls.vda"

    assert milkrun("check", sample).code == 0
    assert b"DON4711" in milkrun("read", sample, "--json").out
    answer = milkrun("ack", sample)

    assert (answer.code, answer.out) == (1, b"")
    assert answer.err.startswith("not_acknowledgeable: interchange: ")
