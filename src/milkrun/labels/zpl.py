"""A scene as ZPL II, for label printers.

Text of people goes into `^FH^FD` only, every byte outside a small alphabet as its hexadecimal code, so that nothing a
person types can become a command. `^CI28` tells the printer that the bytes are UTF-8.

Source: ZPL II Programming Guide (Zebra), commands ^BC, ^BQ, ^BX, ^FH, ^GB.
"""

from collections.abc import Sequence
from functools import lru_cache

from milkrun.labels.placing import LINE_STEP, Bars, Dots, Mark, Rule, Scene, Words
from milkrun.labels.symbols import FNC1, START_B, START_C, Linear

_TURN = {0: "N", 90: "R", 180: "I", 270: "B"}
_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ./:,()+-#*=[]")
# What ^BC understands instead of symbol characters.
_INVOKED = {START_B: ">:", START_C: ">;", FNC1: ">8"}
# The letter that begins an escape inside ^BX. No text of ours can hold it: it is a control character.
_BX_ESCAPE = "\x1f"


def write_zpl(scenes: Sequence[Scene]) -> bytes:
    """Write labels one after the other, as bytes for a printer at 8 dots for a millimetre."""
    return "".join(_label(scene) for scene in scenes).encode("ascii")


def _label(scene: Scene) -> str:
    marks = "".join(_mark(mark) for mark in scene.marks)
    return f"^XA^CI28^LH0,0^PW{scene.width}^LL{scene.height}\n{marks}^PQ1^XZ\n"


def _mark(mark: Mark) -> str:
    if isinstance(mark, Words):
        return _words(mark)
    if isinstance(mark, Bars):
        turn = _TURN[mark.rotation]
        text, mode = (_invoked(mark.symbol), "N") if mark.symbol.gs1 else (escaped(mark.symbol.content), "A")
        return f"^FO{mark.x},{mark.y}^BY{mark.module}^BC{turn},{mark.height},N,N,N,{mode}^FH^FD{text}^FS\n"
    if isinstance(mark, Rule):
        thick = mark.thickness or min(mark.w, mark.h)
        return f"^FO{mark.x},{mark.y}^GB{mark.w},{mark.h},{thick}^FS\n"
    return _dots(mark)


def _dots(mark: Dots) -> str:
    if mark.kind == "qr":
        # M: the level of error correction; A: the printer chooses how to encode.
        return f"^FO{mark.x},{mark.y}^BQN,2,{mark.module}^FH^FDMA,{escaped(mark.symbol.content)}^FS\n"
    return f"^FO{mark.x},{mark.y}^BXN,{mark.module},200,,,,{_BX_ESCAPE}^FH^FD{escaped(mark.symbol.content)}^FS\n"


def _words(mark: Words) -> str:
    # A letter cell of the printer's font is 1.39 times as high as its capitals.
    cell = round(mark.size * 1.39)
    step = round(mark.size * LINE_STEP)
    turn = _TURN[mark.rotation]
    along = mark.h if mark.rotation in (90, 270) else mark.w
    block = "" if mark.align == "left" else f"^FB{along},1,0,{'C' if mark.align == 'center' else 'R'}"
    written = []
    for number, line in enumerate(mark.lines):
        if line.strip():
            x, y = _corner(mark, number * step, cell)
            # Inside a block a backslash begins an escape of its own.
            text = escaped(line.replace("\\", "\\\\") if block else line)
            written.append(f"^FO{x},{y}^A0{turn},{cell}{block}^FH^FD{text}^FS\n")
    return "".join(written)


def _corner(mark: Words, down: int, cell: int) -> tuple[int, int]:
    """Return where a line of a rotated place begins: its upper left corner as it is seen on the label."""
    if mark.rotation == 90:
        return max(mark.x + mark.w - down - cell, 0), mark.y
    if mark.rotation == 180:
        return mark.x, max(mark.y + mark.h - down - cell, 0)
    return (mark.x + down, mark.y) if mark.rotation == 270 else (mark.x, mark.y + down)


@lru_cache(maxsize=4000)
def escaped(text: str) -> str:
    """Write text for ^FH^FD: a few letters as they are, every other byte of its UTF-8 as _XX."""
    return "".join(
        letter if letter in _SAFE else "".join(f"_{byte:02X}" for byte in letter.encode("utf-8", "replace"))
        for letter in text
    )


def _invoked(symbol: Linear) -> str:
    """Write the characters of a GS1 symbol in the manner of ^BC, all of one code set."""
    pairs = symbol.characters[0] == START_C
    written = [
        _INVOKED.get(character) or (f"{character:02d}" if pairs else chr(character + 32).replace(">", ">0"))
        for character in symbol.characters
    ]
    return escaped("".join(written))
