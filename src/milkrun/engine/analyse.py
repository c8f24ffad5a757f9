"""The analysis: files in, one report out. Nothing here depends on the clock, the machine or chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from milkrun.engine.analysis import overview
from milkrun.engine.analysis.arithmetic import binding, worked
from milkrun.engine.analysis.book import Book, lay_out
from milkrun.engine.analysis.causes import causes
from milkrun.engine.analysis.classing import classes
from milkrun.engine.analysis.eight import eight
from milkrun.engine.analysis.figures import Figures, figures
from milkrun.engine.analysis.opportunities import opportunities
from milkrun.engine.analysis.rows import item_rows
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.analysis.splits import splits
from milkrun.engine.analysis.stockouts import StockoutFigures, stockouts
from milkrun.engine.analysis.verdicts import facts, judged, starting
from milkrun.engine.readiness.book import Rulebook
from milkrun.engine.readiness.verdict import Verdict, judge_group
from milkrun.engine.simulate.first_steps import steps
from milkrun.engine.tables.answers import Answers
from milkrun.engine.tables.intake import take_in
from milkrun.engine.tables.opening import Limits, Source

SHAPE = 1


@dataclass(frozen=True, slots=True)
class Analysis:
    """What came out.

    Args:
        report: everything as values of JSON, without the items.
        items: one row for each item, in the order of their numbers.
        book: the files laid out.
        figures: the arrays behind the rows.
        verdicts: one for each item.
    """

    report: dict[str, Any]
    items: list[dict[str, Any]]
    book: Book
    figures: Figures
    verdicts: tuple[Verdict, ...]

    @property
    def refused(self) -> int:
        """Rows refused in all files."""
        return sum(account.refused for account in self.book.accounts)


def analyse(
    sources: Sequence[Source], settings: Settings, answers: Mapping[str, Answers], *,
    limits: Limits | None = None, rules: Rulebook | None = None,
) -> Analysis:  # fmt: skip
    """Analyse files.

    Args:
        sources: the files; each holds one kind of table, several may hold the same kind.
        settings: assumptions.
        answers: what a person said about a file, by its name; under the empty name, about all others.
        limits: how much a file may be.
        rules: rules of readiness; those that come with the product where none are given.

    Raises:
        Unreadable: a file gives no table, or no row is left.
        Undecided: a file can be read in more than one way.
    """
    usual = answers.get("", Answers())
    tables = [take_in(source, answers.get(source.name, usual), limits or Limits()) for source in sources]
    book = lay_out(tables, settings)
    out = stockouts(book)
    found = figures(book, settings, out)
    known = facts(book, found, settings)
    verdicts = judged(known, rules)
    stairs = steps(book, found, settings)
    first = (stairs.suggested, stairs.proven) if stairs else None
    rows = item_rows(book, found, verdicts, first)
    report = _report(book, found, settings, verdicts, out)
    report["steps"] = overview.plain(stairs.told) if stairs else None
    report["worked"] = overview.plain(worked(book, found, settings, verdicts, known, rules))
    return Analysis(report, rows, book, found, verdicts)


def _report(
    book: Book, found: Figures, settings: Settings, verdicts: tuple[Verdict, ...], out: StockoutFigures | None
) -> dict[str, Any]:
    window = book.window
    report = {
        "milkrun_report": SHAPE, "as_of": book.as_of.isoformat(), "period": overview.period(book, window),
        "items": len(book.items), "value_basis": book.masters.basis or None, "files": overview.files(book),
        "assumptions": overview.assumptions(book, found, settings), "missing": overview.missing(book),
        "metrics": [overview.measure(one) for one in eight(book, found, settings, out)],
        "splits": splits(book, found, settings, out, window),
        "classes": classes(book, found, out) if book.items else None, "suppliers": overview.suppliers(book, settings),
        "causes": causes(book, found, settings), "readiness": _readiness(book, found, settings, verdicts),
        "opportunities": [asdict(one) for one in opportunities(book, found, settings, verdicts)],
        "playbooks": overview.playbooks(),
    }  # fmt: skip
    made: dict[str, Any] = overview.plain(report)
    return made


def _readiness(
    book: Book, found: Figures, settings: Settings, verdicts: tuple[Verdict, ...]
) -> dict[str, Any] | None:  # fmt: skip
    import numpy as np

    if not verdicts:
        return None
    weights = np.nan_to_num(found.use_value if book.masters.basis else found.use).tolist()
    whole = judge_group(zip(verdicts, weights, strict=True))
    counts: dict[str, int] = {}
    for one in verdicts:
        counts[one.code] = counts.get(one.code, 0) + 1
    groups = []
    for name in sorted(set(book.masters.texts["category"]) - {""}):
        inside = [at for at, label in enumerate(book.masters.texts["category"]) if label == name]
        group = judge_group((verdicts[at], weights[at]) for at in inside)
        if group:
            why = binding([verdicts[at] for at in inside])
            groups.append({"name": name, **asdict(group), "binding": [list(pair) for pair in why[:3]]})
    begin = starting(book, found, settings, verdicts)
    return {
        "counts": dict(sorted(counts.items())), "whole": asdict(whole) if whole else None, "categories": groups,
        "start": {**asdict(begin), "better": begin.better} if begin else None,
    }  # fmt: skip
