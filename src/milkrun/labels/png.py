"""A scene as a PNG picture, a pixel for each printer dot: the preview on screens and what is measured against."""

import io
from functools import lru_cache
from typing import Any

from milkrun.labels.fonts import font_file
from milkrun.labels.placing import LINE_STEP, Bars, Dots, Rule, Scene, Words

CAPITALS = 0.73


def write_png(scene: Scene) -> bytes:
    """Draw a label in black on white."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (scene.width, scene.height), 255)
    draw = ImageDraw.Draw(image)
    for mark in scene.marks:
        if isinstance(mark, Words):
            _words(image, mark)
        elif isinstance(mark, Rule):
            _rule(draw, mark)
        else:
            for x, y, w, h in _blocks(mark):
                draw.rectangle((x, y, x + w - 1, y + h - 1), fill=0)
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def _blocks(mark: Bars | Dots) -> list[tuple[int, int, int, int]]:
    m = mark.module
    if isinstance(mark, Dots):
        return [
            (mark.x + at * m, mark.y + row * m, length * m, m)
            for row, line in enumerate(mark.symbol.runs)
            for at, length in line
        ]
    bars, whole = mark.symbol.bars(), mark.symbol.modules
    if mark.rotation in (180, 270):
        bars = [(whole - at - width, width) for at, width in bars]
    if mark.rotation in (90, 270):
        return [(mark.x, mark.y + at * m, mark.height, width * m) for at, width in bars]
    return [(mark.x + at * m, mark.y, width * m, mark.height) for at, width in bars]


def _rule(draw: Any, mark: Rule) -> None:
    corners = (mark.x, mark.y, mark.x + mark.w - 1, mark.y + mark.h - 1)
    if mark.thickness:
        draw.rectangle(corners, outline=0, width=mark.thickness)
    else:
        draw.rectangle(corners, fill=0)


def _words(image: Any, mark: Words) -> None:
    from PIL import Image, ImageDraw

    along, across = (mark.h, mark.w) if mark.rotation in (90, 270) else (mark.w, mark.h)
    place = Image.new("L", (max(along, 1), max(across, mark.size * 2)), 255)
    draw = ImageDraw.Draw(place)
    font = _font(mark.bold, max(round(mark.size / CAPITALS), 4))
    for number, line in enumerate(mark.lines):
        wide = max(draw.textlength(line, font=font), 1)
        strip = Image.new("L", (int(wide) + 1, font.size * 2), 255)
        # "ls": the place is that of the baseline, so that capitals reach up to the upper edge of the field.
        ImageDraw.Draw(strip).text((0, mark.size), line, font=font, fill=0, anchor="ls")
        if wide > along:
            strip = strip.resize((along, strip.height))
        start = {"left": 0, "center": (along - strip.width) // 2, "right": along - strip.width}[mark.align]
        place.paste(strip, (max(start, 0), round(number * mark.size * LINE_STEP)))
    shown = place.crop((0, 0, along, across)).rotate(-mark.rotation, expand=True)
    # Text never covers what was drawn before: the darker of both stays.
    from PIL import ImageChops

    box = (mark.x, mark.y, mark.x + shown.width, mark.y + shown.height)
    image.paste(ImageChops.darker(image.crop(box), shown), box)


@lru_cache(maxsize=64)
def _font(bold: bool, pixels: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(font_file(bold)), pixels)
