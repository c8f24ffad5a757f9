"""`milkrun label`: a label from data in a file, without Django or a database.

Exit codes: 0 done; 1 something of the data could not be shown (the label is written all the same); 2 the file cannot be
read or does not describe a label. Errors are one line on stderr: a code, a colon and a sentence.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from milkrun.cli.ending import Ended, ends_in_one_line
from milkrun.labels import Layout, NotALayout, Scene, data_problems, layout_from, place, shipped, shipped_names

MOST_LABELS = 10_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("file", metavar="FILE.json", help="label data, or - for stdin")
    parser.add_argument("--as", dest="format", required=True, choices=["zpl", "pdf", "png"], help="what to write")
    parser.add_argument("--template", metavar="NAME", help=f"one of {', '.join(shipped_names())}")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Write the label or labels to stdout."""
    document = _document(args.file)
    layout = _layout(document, args.template)
    rows = _rows(document)
    if args.format == "png" and len(rows) > 1:
        raise Ended("one_picture", "A PNG shows one label; this file has several. Use --as pdf or --as zpl.")
    try:
        scenes = [place(layout, row) for row in rows]
        written = _written(scenes, args.format)
    except ModuleNotFoundError as missing:
        raise Ended("labels_not_installed", f"{missing.name} is missing: pip install 'milkrun[server]'.") from missing
    sys.stdout.buffer.write(written)
    findings = [(number, finding) for number, scene in enumerate(scenes, 1) for finding in scene.findings]
    for number, finding in findings:
        print(f"milkrun: not_shown: label {number}: {finding}", file=sys.stderr)
    return 1 if findings else 0


def _document(name: str) -> Mapping[str, Any]:
    try:
        text = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Ended("unreadable_file", f"{name}: {error.strerror or error}") from error
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Ended("not_json", f"{name} is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise Ended("not_a_label", f"{name} is no object with data or labels.")
    return document


def _layout(document: Mapping[str, Any], wanted: str | None) -> Layout:
    name = wanted or document.get("template")
    if name is None and "layout" in document:
        try:
            return layout_from(document["layout"])
        except NotALayout as wrong:
            raise Ended("not_a_layout", str(wrong)) from wrong
    try:
        return shipped(str(name or "tag"))
    except KeyError:
        raise Ended("unknown_template", f"{str(name)[:40]!r}: there are {', '.join(shipped_names())}.") from None


def _rows(document: Mapping[str, Any]) -> list[Mapping[str, str]]:
    rows = document.get("labels", [document.get("data", {})])
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_LABELS or not all(isinstance(row, dict) for row in rows):
        raise Ended("not_a_label", f"`data` is an object of texts, `labels` a list of 1 to {MOST_LABELS} of them.")
    problems = [problem for row in rows for problem in data_problems(row)]
    if problems:
        more = f" And {len(problems) - 5} more." if len(problems) > 5 else ""
        raise Ended("not_a_label", " ".join(problems[:5]) + more)
    return rows


def _written(scenes: list[Scene], form: str) -> bytes:
    from milkrun.labels import write_pdf, write_png, write_zpl

    if form == "png":
        return write_png(scenes[0])
    return write_pdf(scenes) if form == "pdf" else write_zpl(scenes)
