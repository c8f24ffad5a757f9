"""From a layout and its data to a scene: every mark with its place in whole printer dots.

Paper, picture and printer draw the same scene. A barcode gets the widest module (whole dots) with which it and its
quiet zone fit into the field; text is broken into lines and made smaller until it fits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from milkrun.labels.layout import BARCODES, BOX, CAPTION, LINE, TEXT, Field, Layout
from milkrun.labels.records import gs1_runs
from milkrun.labels.sources import elements, values
from milkrun.labels.symbols import QUIET_1D, QUIET_2D, Linear, Matrix, linear, linear_gs1, matrix

DOTS_PER_MM = 8  # 203 dpi, what label printers in plants have
SMALLEST_MM = 1.4
LINE_STEP = 1.22
COPY_MARK_MM = 2.6
_LARGEST_MODULE = 10


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text in a place; `size` is the height of the letters in dots."""

    x: int
    y: int
    w: int
    h: int
    size: int
    lines: tuple[str, ...]
    bold: bool = False
    align: str = "left"
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class Bars:
    """A Code 128 with its upper left corner and its size as it is seen on the label."""

    x: int
    y: int
    module: int
    height: int
    symbol: Linear
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class Dots:
    """A Data Matrix or QR symbol with its upper left corner."""

    kind: str
    x: int
    y: int
    module: int
    symbol: Matrix


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled rectangle, or the frame of one where `thickness` is given."""

    x: int
    y: int
    w: int
    h: int
    thickness: int = 0


Mark = Words | Bars | Dots | Rule


@dataclass(frozen=True, slots=True)
class Scene:
    """A label ready to be drawn, in dots, and what could not be shown."""

    title: str
    width: int
    height: int
    marks: tuple[Mark, ...]
    findings: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = field(default=())


def place(layout: Layout, data: Mapping[str, str]) -> Scene:
    """Place everything a layout shows of some data.

    A second copy says so whatever the layout: where it has no field for it, the mark stands in the lower right corner.
    """
    known = values(data)
    marks: list[Mark] = []
    findings: list[str] = []
    said: list[str] = []
    for number, row in enumerate(layout.fields, 1):
        if row.kind in BARCODES:
            made = _barcode(row, known)
            if isinstance(made, str):
                if made:
                    findings.append(f"Field {number}, {row.source}: {made}")
                continue
            marks.append(made)
            said.append(made.symbol.content)
        elif row.kind in (LINE, BOX):
            marks.append(_rule(row))
        else:
            text = row.text if row.kind == CAPTION else known[row.source]
            if text.strip():
                marks.append(_words(row, text))
    if known["copy"] and not any(row.kind == TEXT and row.source == "copy" for row in layout.fields):
        width = min(40.0, layout.width - 2)
        corner = Field(TEXT, layout.width - width - 1, layout.height - COPY_MARK_MM - 1, width, COPY_MARK_MM + 0.6,
                       size=COPY_MARK_MM, align="right", bold=True)  # fmt: skip
        marks.append(_words(corner, known["copy"]))
    return Scene(layout.title, dots(layout.width), dots(layout.height), tuple(marks), tuple(findings), tuple(said))


def dots(mm: float) -> int:
    """Turn millimetres into whole printer dots."""
    return round(mm * DOTS_PER_MM)


def _barcode(row: Field, known: Mapping[str, str]) -> Bars | Dots | str:
    """Return the placed symbol, or why there is none ("" where there simply is nothing to say)."""
    text = known[row.source]
    if not text:
        return ""
    width, height = dots(row.w), dots(row.h)
    if row.kind in QUIET_2D:
        found = matrix(row.kind, text)
        if found is None:
            return "too long for this barcode, or has letters it lacks"
        module = min(min(width, height) // (found.columns + 2 * QUIET_2D[row.kind]), _LARGEST_MODULE)
        if module < 2:
            return "the field is too small for this barcode"
        around = (min(width, height) - module * found.columns) // 2
        return Dots(row.kind, dots(row.x) + around, dots(row.y) + around, module, found)
    symbol = linear_gs1(gs1_runs(elements(row.source, known))) if row.kind == "gs1_128" else linear(text)
    if symbol is None:
        return "has letters that Code 128 lacks, or is too long"
    along, across = (height, width) if row.rotation in (90, 270) else (width, height)
    module = min(along // (symbol.modules + 2 * QUIET_1D), _LARGEST_MODULE)
    if module < 2:
        return "the field is too small for this barcode"
    around = (along - module * symbol.modules) // 2
    x, y = dots(row.x), dots(row.y)
    if row.rotation in (90, 270):
        return Bars(x, y + around, module, across, symbol, row.rotation)
    return Bars(x + around, y, module, across, symbol, row.rotation)


def _rule(row: Field) -> Rule:
    thick = max(1, dots(row.size))
    x, y, w, h = dots(row.x), dots(row.y), dots(row.w), dots(row.h)
    if row.kind == LINE:
        return Rule(x, y, max(w, thick), max(h, thick))
    return Rule(x, y, max(w, thick), max(h, thick), thick)


def _words(row: Field, text: str) -> Words:
    sideways = row.rotation in (90, 270)
    along, across = (row.h, row.w) if sideways else (row.w, row.h)
    size, lines = fitted(text, along, across, row.size, row.lines, row.bold)
    return Words(
        dots(row.x), dots(row.y), dots(row.w), dots(row.h), max(dots(size), 1), lines, row.bold, row.align, row.rotation
    )


@lru_cache(maxsize=4000)
def fitted(text: str, width: float, height: float, size: float, most: int, bold: bool) -> tuple[float, tuple[str, ...]]:
    """Break text into at most so many lines and shrink it until it fits; what fits at no size ends with "…".

    Returns:
        The height of the letters in mm and the lines.
    """
    while True:
        room = max(1, min(most, int((height + size * (LINE_STEP - 1)) / (size * LINE_STEP) + 1e-6)))
        lines = broken(text, width, size, bold)
        if len(lines) <= room and all(breadth(line, size, bold) <= width for line in lines):
            return size, tuple(lines)
        if size * 0.92 < SMALLEST_MM:
            return size, tuple(_cut(lines[:room], len(lines) > room, width, size, bold))
        size *= 0.92


def broken(text: str, width: float, size: float, bold: bool) -> list[str]:
    """Break text into lines between words."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in paragraph.split(" "):
            longer = f"{current} {word}" if current else word
            if current and breadth(longer, size, bold) > width:
                lines.append(current)
                current = word
            else:
                current = longer
        lines.append(current)
    return lines


def _cut(lines: list[str], more: bool, width: float, size: float, bold: bool) -> list[str]:
    shown = []
    for number, line in enumerate(lines, 1):
        cut = line + ("…" if more and number == len(lines) else "")
        while len(cut) > 1 and breadth(cut, size, bold) > width:
            cut = cut.rstrip("…")[:-1] + "…"
        shown.append(cut)
    return shown


def breadth(text: str, size: float, bold: bool) -> float:
    """Measure text in mm, by the letters of Helvetica, whose capitals are 0.72 of its size."""
    widths = _letters(bold)
    return sum(widths.get(letter, 600) for letter in text) * size / 720


@lru_cache(maxsize=2)
def _letters(bold: bool) -> dict[str, int]:
    """Widths of letters in thousandths of the font's size (Adobe's metrics of Helvetica, as ReportLab has them)."""
    from reportlab.pdfbase.pdfmetrics import getFont

    font = getFont("Helvetica-Bold" if bold else "Helvetica")
    return {bytes([code]).decode("cp1252", "replace"): width for code, width in enumerate(font.widths) if width}
