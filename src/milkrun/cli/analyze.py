"""`milkrun analyze`: files to figures, without Django or a database.

Exit codes: 0 done; 1 rows were refused (the report is written all the same); 2 a file cannot be read, or can be read in
more than one way (the question and the flag that answers it are said).
"""

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from milkrun.cli import reading
from milkrun.cli.ending import Ended, ends_in_one_line

if TYPE_CHECKING:
    from milkrun.engine.analyse import Analysis


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    reading.configure_reading(parser)
    parser.add_argument(
        "--out", metavar="FOLDER", help="where the report goes: page, JSON, items, refused rows, mapping"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON instead of the summary")
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of report.json, and end")
    parser.add_argument("--rules", metavar="FILE.toml", help="rules of readiness instead of those that come along")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Analyse the files, write the report, print the summary."""
    if args.schema:
        sys.stdout.write(files("milkrun.engine.report").joinpath("report.schema.json").read_text(encoding="utf-8"))
        return 0
    try:
        analysis = _analysed(args)
    except ModuleNotFoundError as missing:
        raise Ended(
            "analysis_not_installed", f"{missing.name} is missing: pip install 'milkrun[analysis]'."
        ) from missing
    if args.out:
        _write(Path(args.out), analysis)
    if args.json:
        print(json.dumps(analysis.report, ensure_ascii=False, indent=1))
    else:
        from milkrun.engine.report import summary

        print(summary(analysis.report), end="")
        if args.out:
            print(f"Written: {Path(args.out) / 'report.html'}, report.json, items.csv, refused.csv, mapping.json")
    if analysis.refused:
        print(f"milkrun: rows_refused: {analysis.refused:,} rows were refused; the report lists them.", file=sys.stderr)
    return 1 if analysis.refused else 0


def _analysed(args: argparse.Namespace) -> "Analysis":
    from milkrun.engine.analyse import analyse
    from milkrun.engine.tables import Undecided, Unreadable

    settings, answers, rules = reading.settings(args), reading.answers(args), reading.rules(args.rules)
    try:
        return analyse(reading.sources(args), settings, answers, rules=rules)
    except Unreadable as wrong:
        raise Ended(wrong.code, wrong.sentence) from wrong
    except Undecided as open_question:
        raise Ended(open_question.code, str(open_question)) from open_question


def _write(folder: Path, analysis: "Analysis") -> None:
    from milkrun.engine.report import written

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in written(analysis).items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise Ended("cannot_write", f"{folder}: {error.strerror or error}") from error
