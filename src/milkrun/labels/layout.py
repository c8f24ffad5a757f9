"""What a label looks like: its size and its fields, as data that can be stored, compared and edited."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from milkrun.labels.sources import SOURCES

TEXT, CAPTION, LINE, BOX = "text", "caption", "line", "box"
BARCODES = ("code128", "gs1_128", "data_matrix", "qr")
KINDS = (TEXT, CAPTION, *BARCODES, LINE, BOX)
ALIGNMENTS = ("left", "center", "right")
ROTATIONS = (0, 90, 180, 270)
LARGEST_MM = 400
MOST_FIELDS = 120
LONGEST_TEXT = 200
# What fits into a symbol that a hand scanner still reads.
SMALLEST_TEXT_MM, LARGEST_TEXT_MM = 1.2, 60


@dataclass(frozen=True, slots=True)
class Field:
    """One thing on a label.

    Args:
        kind: text and barcodes show a source, a caption its own `text`; lines and boxes are drawn.
        x, y, w, h: the place on the label in mm from its upper left corner; with a rotation still the place as it is
            seen on the label, text then runs along the rotated side.
        size: height of letters in mm; thickness in mm of lines and boxes.
        source: a name of the closed list.
        text: the words of a caption.
        rotation: clockwise, in degrees: 0, 90, 180 or 270.
        align: where text stands in its place.
        lines: as many lines as text may be broken into; it is made smaller where they do not suffice.
        bold: heavy letters.
    """

    kind: str
    x: float
    y: float
    w: float
    h: float
    size: float = 3.0
    source: str = ""
    text: str = ""
    rotation: int = 0
    align: str = "left"
    lines: int = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A label of a size in mm with its fields, drawn in this order."""

    name: str
    title: str
    width: float
    height: float
    fields: tuple[Field, ...]


class NotALayout(ValueError):
    """The data do not describe a label; `problems` lists every reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def layout_from(data: object) -> Layout:
    """Read a layout from plain data (JSON).

    Raises:
        NotALayout: with every problem.
    """
    problems: list[str] = []
    if not isinstance(data, Mapping):
        raise NotALayout(["A layout is an object with name, title, width, height and fields."])
    rows = data.get("fields")
    if not isinstance(rows, list | tuple):
        raise NotALayout(["A layout has a list of fields."])
    read = [_field(row, f"Field {number}", problems) for number, row in enumerate(rows, 1)]
    layout = Layout(
        _text(data.get("name", ""), "The layout's name", problems),
        _text(data.get("title", ""), "The layout's title", problems),
        _number(data.get("width"), "The layout's width", problems),
        _number(data.get("height"), "The layout's height", problems),
        tuple(read),
    )
    problems = problems or layout_problems(layout)
    if problems:
        raise NotALayout(problems)
    return layout


def plain(layout: Layout) -> dict[str, Any]:
    """Return a layout as plain data, leaving out what a field does not say."""
    default = {f.name: f.default for f in fields(Field)}
    return {
        "name": layout.name,
        "title": layout.title,
        "width": layout.width,
        "height": layout.height,
        "fields": [
            {key: value for key, value in asdict(field).items() if value != default[key]} for field in layout.fields
        ],
    }


def layout_problems(layout: Layout) -> list[str]:
    """List everything that is wrong with a layout, in words; empty where it can be printed."""
    problems = []
    if not (5 <= layout.width <= LARGEST_MM and 5 <= layout.height <= LARGEST_MM):
        problems.append(f"A label is between 5 and {LARGEST_MM} mm wide and high.")
    if not 1 <= len(layout.fields) <= MOST_FIELDS:
        problems.append(f"A label has between 1 and {MOST_FIELDS} fields.")
    for number, field in enumerate(layout.fields, 1):
        problems += [f"Field {number}: {problem}" for problem in _field_problems(field, layout)]
    return problems


def _field_problems(field: Field, layout: Layout) -> list[str]:
    found = []
    if field.kind not in KINDS:
        return [f"{field.kind[:20]!r} is no kind of field. There are {', '.join(KINDS)}."]
    if field.kind in (TEXT, *BARCODES) and field.source not in SOURCES:
        found.append(f"{field.source[:40]!r} is no placeholder of the list.")
    if field.kind == "gs1_128" and field.source in SOURCES and not SOURCES[field.source].gs1:
        found.append(f"{field.source} is not made of GS1 application identifiers; use code128.")
    if len(field.text) > LONGEST_TEXT:
        found.append(f"A caption has at most {LONGEST_TEXT} characters.")
    if field.rotation not in ROTATIONS:
        found.append("The rotation is 0, 90, 180 or 270.")
    if field.align not in ALIGNMENTS:
        found.append("The alignment is left, center or right.")
    if not 1 <= field.lines <= 60:
        found.append("Text has 1 to 60 lines.")
    if field.kind in (TEXT, CAPTION) and not SMALLEST_TEXT_MM <= field.size <= LARGEST_TEXT_MM:
        found.append(f"Letters are between {SMALLEST_TEXT_MM} and {LARGEST_TEXT_MM} mm high.")
    if field.kind in (LINE, BOX) and not 0.1 <= field.size <= 10:
        found.append("Lines are between 0.1 and 10 mm thick.")
    if field.x < 0 or field.y < 0 or field.w < 0 or field.h < 0 or not field.w + field.h:
        found.append("Place and size are not negative, and not both sides are 0.")
    # A tenth of a millimetre is lost in rounding and harms nobody.
    elif field.x + field.w > layout.width + 0.1 or field.y + field.h > layout.height + 0.1:
        found.append("It reaches over the edge of the label.")
    return found


def _field(row: object, where: str, problems: list[str]) -> Field:
    if not isinstance(row, Mapping):
        problems.append(f"{where}: it is an object.")
        return Field(CAPTION, 0, 0, 1, 1)
    known = {f.name for f in fields(Field)}
    problems += [f"{where}: {str(name)[:20]!r} is not known." for name in row if name not in known]
    values: dict[str, Any] = {}
    for name in ("kind", "source", "text", "align"):
        if name in row:
            values[name] = _text(row[name], f"{where}, {name}", problems)
    for name in ("x", "y", "w", "h", "size"):
        if name in row:
            values[name] = _number(row[name], f"{where}, {name}", problems)
    for name in ("rotation", "lines"):
        if name in row:
            values[name] = int(_number(row[name], f"{where}, {name}", problems))
    values["bold"] = row.get("bold") is True
    missing = {"kind", "x", "y", "w", "h"} - set(values)
    if missing:
        problems.append(f"{where}: {', '.join(sorted(missing))} must be given.")
    return Field(**{"kind": CAPTION, "x": 0, "y": 0, "w": 1, "h": 1, **values})


def _number(value: object, where: str, problems: list[str]) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -10_000 < value < 10_000:
        problems.append(f"{where}: write a number.")
        return 0
    return int(value) if value == int(value) else round(value, 3)


def _text(value: object, where: str, problems: list[str]) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value:
        problems.append(f"{where}: write a text of at most {LONGEST_TEXT} characters.")
        return ""
    return value
