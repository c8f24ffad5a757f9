"""Barcodes as patterns of modules, made and checked for their size here, drawn by the writers.

Code 128 is composed by this module, so that paper and printer get the very same symbol characters; Data Matrix and QR
patterns come from zxing-cpp.

Source of Code 128: ISO/IEC 15417; GS1-128 begins with FNC1 (GS1 General Specifications, 5.4).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Widths of the 107 symbol characters, in modules: bar, space, bar, space, bar, space (the stop has one bar more).
_PRINTED = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 "
    "113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 "
    "212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 "
    "113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 "
    "241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 "
    "211232 2331112"
)
_WIDTHS = _PRINTED.split()
CODE_B, CODE_C, START_B, START_C, FNC1, STOP = 100, 99, 104, 105, 102, 106
QUIET_1D = 10
QUIET_2D = {"data_matrix": 1, "qr": 4}
LONGEST_1D = 80


@dataclass(frozen=True, slots=True)
class Linear:
    """A Code 128: its symbol characters without check and stop, and what a scanner gives."""

    characters: tuple[int, ...]
    content: str
    gs1: bool = False

    @property
    def modules(self) -> int:
        """Count the modules from the first bar to the last."""
        return 11 * (len(self.characters) + 1) + 13

    def bars(self) -> list[tuple[int, int]]:
        """List the bars as (place, width) in modules."""
        return _bars(self.characters)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A Data Matrix or QR symbol: its size in modules, the modules row by row (0 is dark), and what it says."""

    columns: int
    rows: int
    modules: bytes
    content: str

    @property
    def runs(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """List the dark runs of each row as (place, length) in modules."""
        return _dark_runs(self.modules, self.columns)


@lru_cache(maxsize=2000)
def _bars(characters: tuple[int, ...]) -> list[tuple[int, int]]:
    check = (characters[0] + sum(n * c for n, c in enumerate(characters[1:], 1))) % 103
    widths = "".join(_WIDTHS[c] for c in (*characters, check, STOP))
    found, at = [], 0
    for number, width in enumerate(map(int, widths)):
        if number % 2 == 0:
            found.append((at, width))
        at += width
    return found


def linear(text: str) -> Linear | None:
    """Compose a Code 128 of a text; None where it is empty, too long or has letters Code 128 lacks."""
    if not _fits(text):
        return None
    return Linear(tuple(_characters(text)), text)


def linear_gs1(runs: Sequence[str]) -> Linear | None:
    """Compose a GS1-128 of the texts between its FNC1 signs; None where there is nothing, or too much."""
    if not runs or not all(_fits(run) for run in runs) or len("".join(runs)) > 48:
        return None
    return Linear(tuple(_gs1_characters(runs)), "\x1d".join(runs), gs1=True)


@lru_cache(maxsize=2000)
def matrix(kind: str, text: str) -> Matrix | None:
    """Compose a Data Matrix or QR symbol; None where the text is empty or too long for one."""
    import zxingcpp

    if not text or (kind == "data_matrix" and not text.isascii()):
        return None
    try:
        if kind == "qr":
            made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        else:
            # Bytes: no compaction a printer might not know, so that the printer's own symbol is never larger.
            made = zxingcpp.create_barcode(text.encode("ascii"), zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    except ValueError:
        return None
    image: Any = memoryview(made.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    rows, columns = image.shape
    return Matrix(columns, rows, bytes(image), text)


@lru_cache(maxsize=2000)
def _dark_runs(modules: bytes, columns: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    rows = [modules[start : start + columns] for start in range(0, len(modules), columns)]
    return tuple(tuple((run.start(), run.end() - run.start()) for run in re.finditer(rb"\x00+", row)) for row in rows)


def _fits(text: str) -> bool:
    return 0 < len(text) <= LONGEST_1D and all(" " <= letter <= "~" for letter in text)


def _characters(text: str) -> list[int]:
    """Choose symbol characters: code set C for pairs of digits where that is shorter, else B (ISO/IEC 15417, E)."""
    found: list[int] = []
    current = 0
    for digits, piece in _split(text):
        wanted = CODE_C if digits else CODE_B
        if not found:
            found.append(START_C if digits else START_B)
        elif current != wanted:
            found.append(wanted)
        current = wanted
        found += _pairs(piece) if digits else _letters(piece)
    return found


def _gs1_characters(runs: Sequence[str]) -> list[int]:
    """Choose one code set for a whole GS1 symbol, so that every printer makes the same of it: C for digits, else B."""
    pairs = all(run.isdigit() and len(run) % 2 == 0 for run in runs)
    found = [START_C if pairs else START_B]
    for run in runs:
        found += [FNC1, *(_pairs(run) if pairs else _letters(run))]
    return found


def _pairs(digits: str) -> list[int]:
    return [int(digits[n : n + 2]) for n in range(0, len(digits), 2)]


def _letters(text: str) -> list[int]:
    return [ord(letter) - 32 for letter in text]


def _split(text: str) -> list[tuple[bool, str]]:
    """Part a text into (digit pairs?, piece); a run of digits pays off from four on, inside the text from six on."""
    pieces: list[tuple[bool, str]] = []
    for found in re.finditer(r"\d+|\D+", text, re.ASCII):
        run = found.group()
        at_an_end = found.start() == 0 or found.end() == len(text)
        if not run.isdigit() or len(run) < (4 if at_an_end else 6):
            pieces.append((False, run))
        elif len(run) % 2:
            pieces += [(False, run[0]), (True, run[1:])]
        else:
            pieces.append((True, run))
    joined: list[tuple[bool, str]] = []
    for digits, piece in pieces:
        if joined and not digits and not joined[-1][0]:
            joined[-1] = (False, joined[-1][1] + piece)
        else:
            joined.append((digits, piece))
    return joined
