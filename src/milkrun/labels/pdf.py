"""Scenes as one PDF, a page for each label, drawn as vectors by ReportLab."""

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from milkrun.labels.fonts import font_for
from milkrun.labels.placing import DOTS_PER_MM, LINE_STEP, Bars, Dots, Rule, Scene, Words, breadth
from milkrun.labels.symbols import Matrix

POINTS_PER_DOT = 72 / 25.4 / DOTS_PER_MM
CAPITALS = 0.72


def write_pdf(scenes: Sequence[Scene], title: str = "") -> bytes:
    """Write labels as a PDF; the same labels give the same bytes."""
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    # Bytes as they are: writing them as letters of ASCII takes a third of the time and helps nobody.
    rl_config.useA85 = 0
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1, pageCompression=1)
    canvas.setTitle(title or (scenes[0].title if scenes else ""))
    canvas.setCreator("Milkrun")
    for scene in scenes:
        canvas.setPageSize((scene.width * POINTS_PER_DOT, scene.height * POINTS_PER_DOT))
        # From here on one unit is one dot, and y grows downwards as on the label.
        canvas.addLiteral(f"{POINTS_PER_DOT:.6f} 0 0 {-POINTS_PER_DOT:.6f} 0 {scene.height * POINTS_PER_DOT:.4f} cm")
        for mark in scene.marks:
            if isinstance(mark, Words):
                _words(canvas, mark)
            else:
                canvas.addLiteral(_path(mark))
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _path(mark: Bars | Dots | Rule) -> str:
    if isinstance(mark, Bars):
        return _bars(mark)
    if isinstance(mark, Dots):
        return f"q {mark.module} 0 0 {mark.module} {mark.x} {mark.y} cm {_runs(mark.symbol)} f Q"
    if not mark.thickness:
        return f"{mark.x} {mark.y} {mark.w} {mark.h} re f"
    half = mark.thickness / 2
    w, h = mark.w - mark.thickness, mark.h - mark.thickness
    return f"q {mark.thickness} w {mark.x + half} {mark.y + half} {w} {h} re S Q"


@lru_cache(maxsize=2000)
def _runs(symbol: Matrix) -> str:
    return " ".join(f"{at} {row} {length} 1 re" for row, line in enumerate(symbol.runs) for at, length in line)


@lru_cache(maxsize=2000)
def _bars(mark: Bars) -> str:
    bars = mark.symbol.bars()
    if mark.rotation in (180, 270):
        whole = mark.symbol.modules
        bars = [(whole - at - width, width) for at, width in bars]
    if mark.rotation in (90, 270):
        drawn = " ".join(f"0 {at * mark.module} {mark.height} {width * mark.module} re" for at, width in bars)
    else:
        drawn = " ".join(f"{at * mark.module} 0 {width * mark.module} {mark.height} re" for at, width in bars)
    return f"q 1 0 0 1 {mark.x} {mark.y} cm {drawn} f Q"


def _words(canvas: Any, mark: Words) -> None:
    along = mark.h if mark.rotation in (90, 270) else mark.w
    size = mark.size / CAPITALS
    turn = {
        0: f"1 0 0 1 {mark.x} {mark.y}",
        90: f"0 1 -1 0 {mark.x + mark.w} {mark.y}",
        180: f"-1 0 0 -1 {mark.x + mark.w} {mark.y + mark.h}",
        270: f"0 -1 1 0 {mark.x} {mark.y + mark.h}",
    }[mark.rotation]
    written = [f"q {turn} cm"]
    for number, line in enumerate(mark.lines):
        wide, shown = _line(canvas, line, size, mark.bold)
        # A font with wider letters than those measured with is pressed together rather than cut.
        press = min(1.0, along / wide) if wide else 1.0
        start = {"left": 0.0, "center": (along - wide * press) / 2, "right": along - wide * press}[mark.align]
        base = mark.size + number * mark.size * LINE_STEP
        written.append(f"BT {press:.4f} 0 0 -1 {start:.2f} {base:.2f} Tm {shown} ET")
    canvas.addLiteral(" ".join([*written, "Q"]))


def _line(canvas: Any, line: str, size: float, bold: bool) -> tuple[float, str]:
    """Return the width of a line in dots and the operators that show it."""
    font = font_for(line, bold)
    if font.startswith("Helvetica"):
        wide = breadth(line, size * CAPITALS, bold)
        name, letters = canvas._doc.getInternalFontName(font), canvas._escape(line.encode("cp1252"))
        return wide, f"{name} {size:.2f} Tf ({letters}) Tj"
    # A font that is put into the file brings its letters in pieces of 256.
    shown = " ".join(f"{name} {size:.2f} Tf ({text}) Tj" for name, text in _pieces(canvas, font, line))
    return canvas.stringWidth(line, font, size), shown


def _pieces(canvas: Any, font: str, line: str) -> list[tuple[str, str]]:
    from reportlab.pdfbase.pdfmetrics import getFont

    face = getFont(font)
    return [
        (face.getSubsetInternalName(subset, canvas._doc), canvas._escape(text))
        for subset, text in face.splitString(line, canvas._doc)
    ]
