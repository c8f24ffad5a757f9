"""What the verbs that read tables share: the flags that say how, and the answers that they give."""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from milkrun.cli.ending import Ended

if TYPE_CHECKING:
    from milkrun.engine.analysis.settings import Settings
    from milkrun.engine.readiness.book import Rulebook
    from milkrun.engine.tables import Source
    from milkrun.engine.tables.answers import Answers


def configure_reading(parser: argparse.ArgumentParser) -> None:
    """Describe files and the options of reading them."""
    parser.add_argument("files", metavar="FILE", nargs="*", help="CSV, TSV, XLSX or Parquet, also packed with gzip")
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


def sources(args: argparse.Namespace) -> "list[Source]":
    """Return the files."""
    from milkrun.engine.tables import Source

    if not args.files:
        raise Ended("no_file", "Name at least one file.")
    found = [Source(Path(name).name, Path(name)) for name in args.files]
    if len({source.name for source in found}) < len(found):
        raise Ended("same_name_twice", "Two files have the same name; give each one a name of its own.")
    return found


def settings(args: argparse.Namespace) -> "Settings":
    """Return the assumptions."""
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


def answers(args: argparse.Namespace) -> "dict[str, Answers]":
    """Return what a person said about the files."""
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


def rules(name: str | None) -> "Rulebook | None":
    """Return the rules of readiness of a file; None for those that come along."""
    if not name:
        return None
    from milkrun.engine.readiness.book import NotARulebook, rulebook

    try:
        return rulebook(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise Ended("unreadable_rules", f"{name}: {error.strerror or error}") from error
    except NotARulebook as wrong:
        raise Ended("not_a_rulebook", str(wrong)) from wrong
