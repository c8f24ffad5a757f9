"""`milkrun edi`: read, check, acknowledge or write an interchange, without Django or a database.

Exit codes: 0 done and nothing wrong; 1 findings; 2 the file cannot be read, is in no syntax we know, or (for `write`
and `ack`) does not hold what is needed. Errors are one line on stderr: a code, a colon and a sentence.
"""

import argparse
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

from milkrun.edi import Envelope, Finding, Interchange, Message, Reading, read, write_answer, write_messages
from milkrun.edi.neutral import NotNeutral, from_neutral, to_neutral

UNREADABLE = frozenset({"empty_file", "unrecognised_syntax", "too_large"})


class _Refused(Exception):
    """Ends the command with one line on stderr."""

    def __init__(self, code: str, text: str, exit_code: int = 2) -> None:
        super().__init__(f"{code}: {text}")
        self.exit_code = exit_code


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the four sub-verbs."""
    verbs = parser.add_subparsers(dest="edi_verb", metavar="WHAT", required=True)
    for name, summary in (
        ("read", "show what an interchange says as neutral JSON, with findings"),
        ("check", "list findings only"),
        ("ack", "write the acknowledgement (CONTRL, 997 or TA1) of an interchange to stdout"),
    ):
        sub = verbs.add_parser(name, help=summary, description=summary)
        sub.add_argument("file", metavar="FILE", help="interchange, or - for stdin")
        sub.add_argument("--accept-counts", action="store_true", help="take messages with wrong segment counts")
        sub.add_argument("--charset", help="codec to use instead of the one the UNB declares")
        sub.add_argument("--zone", default="UTC", help="zone of local times in despatch advices (default UTC)")
        if name != "ack":
            sub.add_argument("--json", action="store_true", help="print one JSON document")
    write = verbs.add_parser("write", help="turn neutral JSON (as `read --json` prints) into an interchange on stdout")
    write.add_argument("file", metavar="FILE.json", help="neutral JSON, or - for stdin")
    write.add_argument("--as", dest="dialect", required=True, choices=["edifact", "x12", "vda"], help="syntax to write")


def run(args: argparse.Namespace) -> int:
    """Run one sub-verb and return the exit code."""
    try:
        match args.edi_verb:
            case "write":
                return _write(_bytes(args.file), args.dialect)
            case "ack":
                return _ack(_reading(args))
            case "read":
                reading = _reading(args)
                _print_json(to_neutral(reading)) if args.json else _print_read(reading)
            case _:
                reading = _reading(args)
                _print_json(_checked(reading)) if args.json else _print_findings(reading)
        return 1 if _all_findings(reading) else 0
    except _Refused as refusal:
        print(refusal, file=sys.stderr)
        return refusal.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _bytes(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise _Refused("unreadable_file", f"{name}: {error.strerror or error}") from error


def _reading(args: argparse.Namespace) -> Reading:
    data = _bytes(args.file)
    count_errors: Literal["reject", "accept"] = "accept" if args.accept_counts else "reject"
    try:
        reading = read(data, count_errors=count_errors, charset=args.charset, zone=args.zone)
    except (LookupError, ValueError) as error:
        raise _Refused("unknown_option", f"--charset or --zone: {error}") from error
    for finding in reading.findings:
        if finding.code in UNREADABLE:
            raise _Refused(finding.code, f"{args.file}: {finding.text}")
    return reading


def _write(data: bytes, dialect: str) -> int:
    if dialect != "edifact":
        raise _Refused("unsupported_syntax", f"{dialect} is not written; use --as edifact")
    try:
        envelope, messages = from_neutral(json.loads(data))
        written = write_messages(messages, envelope)
    except (NotNeutral, ValueError) as error:
        raise _Refused("not_writable", str(error).replace("\n", " ")) from error
    sys.stdout.buffer.write(written)
    return 0


def _ack(reading: Reading) -> int:
    now = datetime.now(UTC)
    for number, interchange in enumerate(reading.interchanges, 1):
        envelope = Envelope(
            sender=interchange.recipient,
            recipient=interchange.sender,
            control=f"{now:%y%m%d%H%M%S}{number:02}",
            prepared_at=now,
            charset=interchange.charset,
            test=interchange.test,
        )
        sys.stdout.buffer.write(_answer(interchange, envelope))
    return 0


def _answer(interchange: Interchange, envelope: Envelope) -> bytes:
    """Answer in the set the partner used; where names do not fit it (or it is unknown) in UNOC."""
    try:
        return write_answer(interchange, envelope)
    except ValueError:
        pass
    try:
        return write_answer(interchange, replace(envelope, charset="UNOC"))
    except ValueError as error:
        raise _Refused("not_acknowledgeable", str(error), exit_code=1) from error


def _all_findings(reading: Reading) -> list[Finding]:
    found = list(reading.findings)
    for interchange in reading.interchanges:
        found += interchange.findings
        for message in interchange.messages:
            found += message.findings
    return found


def _checked(reading: Reading) -> dict[str, Any]:
    return {
        "dialect": reading.dialect,
        "verdict": reading.verdict,
        "findings": [_finding(finding) for finding in reading.findings],
        "interchanges": [
            {
                "control": interchange.control,
                "sender": interchange.sender.id,
                "recipient": interchange.recipient.id,
                "verdict": interchange.verdict,
                "findings": [_finding(finding) for finding in interchange.findings],
                "messages": [_checked_message(message) for message in interchange.messages],
            }
            for interchange in reading.interchanges
        ],
    }


def _checked_message(message: Message) -> dict[str, Any]:
    return {
        "type": message.type,
        "version": message.version,
        "reference": message.reference,
        "verdict": message.verdict,
        "findings": [_finding(finding) for finding in message.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return cast(dict[str, Any], {name: getattr(finding, name) for name in Finding.__slots__})


def _print_json(document: dict[str, Any]) -> None:
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    print()


def _print_read(reading: Reading) -> None:
    _print_findings(reading)
    for interchange in reading.interchanges:
        for message in interchange.messages:
            if message.body is not None:
                print(f"{message.type} {message.reference}: {message.body}")


def _print_findings(reading: Reading) -> None:
    for finding in reading.findings:
        _print_finding("file", finding)
    for interchange in reading.interchanges:
        print(f"interchange {_title(interchange)}: {interchange.verdict}")
        for finding in interchange.findings:
            _print_finding("  ", finding)
        for message in interchange.messages:
            print(f"  message {message.reference} {message.type} {message.version}: {message.verdict}")
            for finding in message.findings:
                _print_finding("    ", finding)


def _print_finding(where: str, finding: Finding) -> None:
    element = f" {finding.element}" if finding.element else ""
    print(f"{where} {finding.severity} {finding.code} {finding.segment} {finding.position}{element}: {finding.text}")


def _title(interchange: Interchange) -> str:
    return f"{interchange.control or '?'} from {interchange.sender.id or '?'} to {interchange.recipient.id or '?'}"
