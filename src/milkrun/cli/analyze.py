"""`milkrun analyze`: files to figures, without Django or a database.

Exit codes: 0 done; 1 rows were refused (the report is written all the same); 2 a file cannot be read, or can be read in
more than one way (the question and the flag that answers it are said).
"""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from milkrun.cli.ending import Ended, ends_in_one_line

if TYPE_CHECKING:
    from milkrun.engine.analysis.run import Analysis
    from milkrun.engine.analysis.settings import Settings
    from milkrun.engine.readiness.book import Rulebook
    from milkrun.engine.tables.answers import Answers


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="CSV, TSV, XLSX or Parquet, also packed with gzip")
    parser.add_argument(
        "--out", metavar="FOLDER", help="where the report goes: page, JSON, items, refused rows, mapping"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON instead of the summary")
    parser.add_argument("--date-order", choices=["dmy", "mdy", "ymd"], help="what 02/03/04 means")
    parser.add_argument("--decimal", choices=["comma", "point"], help="what 1,234 means")
    parser.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook")
    parser.add_argument("--table", choices=["demand", "stock", "receipts", "items"], help="what the file holds")
    parser.add_argument("--column", metavar="FIELD=HEADER", action="append", default=[], help="which column is which")
    parser.add_argument("--mapping", metavar="FILE", help="answers kept from an earlier run (its mapping.json)")
    parser.add_argument(
        "--as-of", metavar="YYYY-MM-DD", help="look back from this day; else from the last in the files"
    )
    parser.add_argument("--assume", metavar="NAME=VALUE", action="append", default=[], help="a number no file has")
    parser.add_argument("--rules", metavar="FILE.toml", help="rules of readiness instead of those that come along")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Analyse the files, write the report, print the summary."""
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
    from milkrun.engine.analysis.run import analyse
    from milkrun.engine.tables import Source, Undecided, Unreadable

    settings, answers, rules = _settings(args), _answers(args), _rules(args.rules)
    sources = [Source(Path(name).name, Path(name)) for name in args.files]
    if len({source.name for source in sources}) < len(sources):
        raise Ended("same_name_twice", "Two files have the same name; give each one a name of its own.")
    try:
        return analyse(sources, settings, answers, rules=rules)
    except Unreadable as wrong:
        raise Ended(wrong.code, wrong.sentence) from wrong
    except Undecided as open_question:
        raise Ended(open_question.code, str(open_question)) from open_question


def _settings(args: argparse.Namespace) -> "Settings":
    from milkrun.engine.analysis.settings import NotASetting, Settings

    try:
        as_of = date.fromisoformat(args.as_of) if args.as_of else None
    except ValueError:
        raise Ended("not_a_day", f"--as-of {args.as_of!r} is no day; write YYYY-MM-DD.") from None
    try:
        return Settings(as_of=as_of).with_answers(dict(_pair("--assume", text) for text in args.assume))
    except NotASetting as wrong:
        raise Ended("not_an_assumption", str(wrong)) from wrong


def _pair(flag: str, text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise Ended("not_a_pair", f"{flag} takes NAME=VALUE, not {text!r}.")
    return name.strip(), value.strip()


def _answers(args: argparse.Namespace) -> "dict[str, Answers]":
    from milkrun.engine.tables import Answers, Unreadable
    from milkrun.engine.tables.kept import answers_from

    columns = {header: field for field, header in (_pair("--column", text) for text in args.column)}
    said = Answers(args.date_order, args.decimal, args.sheet, args.table, columns)
    if not args.mapping:
        return {"": said}
    try:
        kept = answers_from(json.loads(Path(args.mapping).read_text(encoding="utf-8")), said)
    except (OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise Ended(error.code, error.sentence) from error
        raise Ended("unreadable_mapping", f"{args.mapping} is no mapping of columns: {error}") from error
    return {"": said, **kept}


def _rules(name: str | None) -> "Rulebook | None":
    if not name:
        return None
    from milkrun.engine.readiness.book import NotARulebook, rulebook

    try:
        return rulebook(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise Ended("unreadable_rules", f"{name}: {error.strerror or error}") from error
    except NotARulebook as wrong:
        raise Ended("not_a_rulebook", str(wrong)) from wrong


def _write(folder: Path, analysis: "Analysis") -> None:
    from milkrun.engine.report import written

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in written(analysis).items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise Ended("cannot_write", f"{folder}: {error.strerror or error}") from error
