"""`milkrun ingest FILE --partner CODE`: take one interchange in, by the same way as the inbox."""

import argparse
import getpass
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from milkrun.cli.ending import NO, Ended, ends_in_one_line
from milkrun.cli.loading import load_with_database


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("file", metavar="FILE", help="interchange, or - for stdin")
    parser.add_argument("--partner", required=True, metavar="CODE", help="who sent it")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Take the file in; exit 1 when something in it was refused."""
    data = _bytes(args.file)
    load_with_database()
    from milkrun.gateway.receive import take_in
    from milkrun.kernel.identity import Actor

    reports = [
        asdict(report)
        for report in take_in(
            data,
            partner_code=args.partner,
            file_name="" if args.file == "-" else Path(args.file).name,
            source="cli",
            actor=Actor(getpass.getuser(), "cli"),
            at=datetime.now(UTC),
        )
    ]
    # One interchange a file is the rule; further ones of the same file are listed behind it.
    said = {**reports[0], **({"further": reports[1:]} if reports[1:] else {})}
    print(json.dumps(said, indent=2, ensure_ascii=False) if args.json else _plain(reports))
    return NO if any(_refused(report) for report in reports) else 0


def _bytes(name: str) -> bytes:
    from milkrun.gateway.folders import LARGEST

    try:
        with sys.stdin.buffer if name == "-" else Path(name).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as problem:
        raise Ended("unreadable_file", f"{name}: {problem.strerror or problem}.") from None
    if len(data) > LARGEST:
        raise Ended("too_large", f"{name} is larger than {LARGEST // 1024**2} MB. Split it.")
    return data


def _refused(report: dict[str, Any]) -> bool:
    parts = [report, *report["messages"]]
    findings = [finding for part in parts for finding in part["findings"]]
    return any(part["verdict"] == "rejected" for part in parts) or any(f["severity"] == "error" for f in findings)


def _plain(reports: list[dict[str, Any]]) -> str:
    lines = []
    for report in reports:
        again = ", received before" if report["duplicate"] else ""
        lines.append(
            f"{report['interchange']}: {report['verdict'].replace('_', ' ')}{again} {report['reason']}".strip()
        )
        lines += [_finding(finding) for finding in report["findings"]]
        for message in report["messages"]:
            lines.append(f"  message {message['reference']} {message['type']}: {message['verdict'].replace('_', ' ')}")
            lines += [f"    {made['kind']} {made['number']} {made['outcome']}" for made in message["created"]]
            lines += [f"  {_finding(finding)}" for finding in message["findings"]]
    return "\n".join(lines)


def _finding(finding: dict[str, Any]) -> str:
    place = f"{finding['segment']} {finding['position'] or ''}".strip()
    return f"  {finding['severity']} {finding['code']} at {place}: {finding['text']}"
