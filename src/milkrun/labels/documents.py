"""Business papers as PDF: delivery note, packing list, bill of lading, consignment note and invoice share one sheet.

A paper is data: who, what, tables, sums, boxes to sign. The same paper makes the same bytes. The document's number is
a Code 128 that a scanner reads.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from milkrun.labels.fonts import font_for
from milkrun.labels.symbols import linear
from milkrun.measure.wording import dated


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading.

    Args:
        heading: what the rows are.
        columns: their titles.
        rows: texts, as many as there are columns.
        widths: shares of the width of the page.
        numbers: columns that are set to the right.
    """

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that stands on a paper.

    Args:
        title: what it is ("Delivery note").
        number: its number, printed and as a barcode.
        parties: (role, lines) of each party.
        facts: (name, value) pairs under the parties.
        tables: in order.
        totals: (name, value) pairs at the end.
        notes: sentences below.
        boxes: fields to fill in or sign by hand.
    """

    title: str
    number: str
    parties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    totals: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()


def in_words(paper: Paper, say: Callable[[str], str]) -> Paper:
    """Say what is ours on a paper in other words: titles, columns, names of facts; numbers and addresses stay.

    Args:
        paper: as it is made.
        say: gives the words of another language for ours.
    """
    return replace(
        paper,
        title=say(paper.title),
        parties=tuple((say(role), lines) for role, lines in paper.parties),
        facts=tuple((say(name), say(dated(value))) for name, value in paper.facts),
        tables=tuple(
            replace(table, heading=say(table.heading), columns=tuple(map(say, table.columns))) for table in paper.tables
        ),
        totals=tuple((say(name), value) for name, value in paper.totals),
        notes=tuple(map(say, paper.notes)),
        boxes=tuple(map(say, paper.boxes)),
    )


def write_paper(paper: Paper) -> bytes:
    """Draw a paper on A4 pages.

    Returns:
        The bytes of a PDF.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    out = BytesIO()
    template = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=40 * mm, bottomMargin=20 * mm,
        title=f"{paper.title} {paper.number}", author="", invariant=1,
    )  # fmt: skip

    def frame(canvas: Any, page: Any) -> None:
        _head(canvas, paper)
        canvas.setFont("Helvetica", 8)
        canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, f"{paper.number} · {page.page}")

    template.build(list(_story(paper, A4[0] - 36 * mm)), onFirstPage=frame, onLaterPages=frame)
    return out.getvalue()


def _head(canvas: Any, paper: Paper) -> None:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm

    canvas.setFont(font_for(paper.title, True), 18)
    canvas.drawString(18 * mm, A4[1] - 22 * mm, paper.title)
    canvas.setFont(font_for(paper.number, True), 12)
    canvas.drawString(18 * mm, A4[1] - 29 * mm, paper.number)
    symbol = linear(paper.number)
    if symbol is None:
        return
    narrow, at = 0.33 * mm, A4[0] - 18 * mm
    at -= symbol.modules * narrow
    for start, width in symbol.bars():
        canvas.rect(at + start * narrow, A4[1] - 30 * mm, width * narrow, 14 * mm, stroke=0, fill=1)


def _story(paper: Paper, width: float) -> Sequence[Any]:
    from reportlab.platypus import Spacer

    story: list[Any] = []
    if paper.parties:
        story += [_grid([_party(*party) for party in paper.parties], width, 2), Spacer(1, 8)]
    if paper.facts:
        story += [_grid([_fact(*fact) for fact in paper.facts], width, 3), Spacer(1, 8)]
    for table in paper.tables:
        story += [_words(table.heading, 11, True), _table(table, width), Spacer(1, 10)]
    if paper.totals:
        story += [_totals(paper.totals, width), Spacer(1, 8)]
    story += [_words(note, 9) for note in paper.notes]
    if paper.boxes:
        story += [Spacer(1, 14), _boxes(paper.boxes, width)]
    return story or [Spacer(1, 1)]


def _words(text: str, size: float, bold: bool = False, right: bool = False) -> Any:
    from xml.sax.saxutils import escape

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "x", fontName=font_for(text, bold), fontSize=size, leading=size * 1.25, alignment=2 if right else 0,
        splitLongWords=True,
    )  # fmt: skip
    return Paragraph(escape(text).replace("\n", "<br/>") or "&nbsp;", style)


def _party(role: str, lines: tuple[str, ...]) -> list[Any]:
    return [_words(role, 8), *(_words(line, 10, number == 0) for number, line in enumerate(filter(None, lines)))]


def _fact(name: str, value: str) -> list[Any]:
    return [_words(name, 8), _words(value or "–", 10)]


def _grid(cells: list[list[Any]], width: float, columns: int) -> Any:
    from reportlab.platypus import Table as Rows

    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    rows[-1] = rows[-1] + [[]] * (columns - len(rows[-1]))
    return Rows(rows, colWidths=[width / columns] * columns, style=[("VALIGN", (0, 0), (-1, -1), "TOP")])


def _table(table: Table, width: float) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table as Rows

    shares = sum(table.widths)
    head = [_words(title, 8, True, n in table.numbers) for n, title in enumerate(table.columns)]
    body = [[_words(text, 9, False, n in table.numbers) for n, text in enumerate(row)] for row in table.rows]
    line = HexColor("#b9c3cb")
    return Rows(
        [head, *body],
        colWidths=[width * share / shares for share in table.widths],
        repeatRows=1,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, 0), 1, HexColor("#16222b")),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, line),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ],
    )


def _totals(totals: Sequence[tuple[str, str]], width: float) -> Any:
    from reportlab.platypus import Table as Rows

    last = len(totals) - 1
    rows = [[_words(name, 10, n == last, True), _words(value, 10, n == last, True)]
            for n, (name, value) in enumerate(totals)]  # fmt: skip
    return Rows(rows, colWidths=[width * 0.7, width * 0.3])


def _boxes(boxes: Sequence[str], width: float) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table as Rows

    columns = min(len(boxes), 3)
    cells = [[_words(text, 8)] for text in boxes]
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    rows[-1] = rows[-1] + [[]] * (columns - len(rows[-1]))
    ink = HexColor("#16222b")
    style = [("BOX", (0, 0), (-1, -1), 0.6, ink), ("INNERGRID", (0, 0), (-1, -1), 0.6, ink)]
    style.append(("VALIGN", (0, 0), (-1, -1), "TOP"))  # type: ignore[arg-type]
    return Rows(rows, colWidths=[width / columns] * columns, rowHeights=[54] * len(rows), style=style)
