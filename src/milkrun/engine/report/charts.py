"""Charts as SVG inside of the page: no script, no font, no file beside it. Each has its numbers as text beside it."""

from collections.abc import Sequence

from milkrun.engine.report.figure_words import number, text

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 24, 16, 40
INNER_W, INNER_H = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
MOST_LABELS = 12


def bars(title: str, labels: Sequence[str], values: Sequence[float], unit: str = "") -> str:
    """Return upright bars.

    Args:
        title: what the chart says, for those who cannot see it.
        labels: one for each bar.
        values: heights; none below zero.
        unit: written at the axis.
    """
    most = max(values, default=0) or 1
    step = INNER_W / max(1, len(values))
    every = -(-len(labels) // MOST_LABELS)
    parts = [_axis(most, unit)]
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        tall = INNER_H * value / most
        left = LEFT + place * step
        parts.append(
            f'<rect class="bar" x="{left + step * 0.1:.1f}" y="{TOP + INNER_H - tall:.1f}" width="{step * 0.8:.1f}" '
            f'height="{tall:.1f}"><title>{text(label)}: {number(value, 0 if value >= 10 else 2)}</title></rect>'
        )
        if place % every == 0:
            parts.append(_label(left + step / 2, label))
    return _drawing(title, parts)


def _label(middle: float, label: str) -> str:
    return f'<text class="tick" x="{middle:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{text(label)}</text>'


def _axis(most: float, unit: str) -> str:
    lines = []
    for part in (0, 0.5, 1):
        height = TOP + INNER_H * (1 - part)
        lines.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}"/>')
        lines.append(
            f'<text class="tick" x="{LEFT - 6}" y="{height + 4:.1f}" text-anchor="end">{short(most * part)}</text>'
        )
    return "".join(lines) + f'<text class="tick" x="{LEFT}" y="{TOP - 4}">{text(unit)}</text>'


def short(value: float) -> str:
    """Return a number short enough for an axis.

    Example:
        >>> short(1234567), short(12000), short(950), short(0.25)
        ('1.23M', '12k', '950', '0.25')
    """
    for limit, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.3g}{letter}"
    return f"{value:.3g}"


def pareto(title: str, curves: Sequence[tuple[str, Sequence[Sequence[float]]]]) -> str:
    """Return curves of cumulated shares: items along, value up, both from 0 to 100 %."""
    parts = [_axis(100, "% of value")]
    for part in (0, 0.2, 0.4, 0.6, 0.8, 1):
        parts.append(_label(LEFT + INNER_W * part, f"{part:.0%}"))
    for place, (name, points) in enumerate(curves):
        drawn = " ".join(
            f"{LEFT + INNER_W * along:.1f},{TOP + INNER_H * (1 - up):.1f}" for along, up in [(0.0, 0.0), *points]
        )
        parts.append(f'<polyline class="line line{place}" points="{drawn}"><title>{text(name)}</title></polyline>')
        parts.append(
            f'<text class="key line{place}" x="{WIDTH - RIGHT - 8}" y="{TOP + INNER_H - 12 - 18 * place}" '
            f'text-anchor="end">{text(name)}</text>'
        )
    return _drawing(title, parts)


def curves(title: str, along: Sequence[str], lines: Sequence[tuple[str, Sequence[float]]], mark: int) -> str:
    """Return lines over the same steps, with one step marked as the chosen one."""
    most = max((value for _, values in lines for value in values), default=0) or 1
    step = INNER_W / max(1, len(along) - 1)
    parts = [_axis(most, "money a year")]
    parts += [_label(LEFT + step * place, label) for place, label in enumerate(along)]
    at = LEFT + step * mark
    parts.append(f'<line class="mark" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{TOP + INNER_H}"/>')
    for place, (name, values) in enumerate(lines):
        points = [(LEFT + step * at, TOP + INNER_H * (1 - value / most)) for at, value in enumerate(values)]
        drawn = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
        parts.append(f'<polyline class="line line{place}" points="{drawn}"><title>{text(name)}</title></polyline>')
        parts.append(
            f'<text class="key line{place}" x="{WIDTH - RIGHT - 8}" y="{TOP + 12 + 18 * place}" '
            f'text-anchor="end">{text(name)}</text>'
        )
    return _drawing(title, parts)


def scatter(title: str, lines: Sequence[tuple[str, Sequence[tuple[float, float]]]], unit: str) -> str:
    """Return one line for each segment: stock along, from nothing to its most, and service up, from 0 to 100 %."""
    parts = [_axis(100, "% of demand served at once")]
    parts += [_label(LEFT + INNER_W * part, f"{part:.0%}") for part in (0, 0.25, 0.5, 0.75, 1)]
    for place, (name, points) in enumerate(lines):
        most = max((along for along, _ in points), default=0) or 1
        where = [(LEFT + INNER_W * along / most, TOP + INNER_H * (1 - up)) for along, up in points]
        drawn = " ".join(f"{across:.1f},{down:.1f}" for across, down in where)
        parts.append(f'<polyline class="line line{place}" points="{drawn}"><title>{text(name)}</title></polyline>')
        parts.append(
            f'<text class="key line{place}" x="{WIDTH - RIGHT - 8}" y="{TOP + INNER_H - 12 - 18 * place}" '
            f'text-anchor="end">{text(name)}</text>'
        )
    parts.append(
        f'<text class="tick" x="{LEFT + INNER_W / 2}" y="{HEIGHT - 4}" text-anchor="middle">{text(unit)}</text>'
    )
    return _drawing(title, parts)


def heat(title: str, rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Return a table of counts in which the fuller cells are darker; each cell says its number."""
    most = max((count for row in counts for count in row), default=0) or 1
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in columns)
    body = ""
    for name, row in zip(rows, counts, strict=True):
        cells = "".join(f'<td class="h{round(9 * (count / most) ** 0.5)}">{count:,}</td>' for count in row)
        body += f'<tr><th scope="row">{text(name)}</th>{cells}</tr>'
    return f'<table class="heat"><caption>{text(title)}</caption><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>'


def lying(title: str, rows: Sequence[tuple[str, float, str]]) -> str:
    """Return bars that lie: a label, a length and what is written behind it."""
    most = max((value for _, value, _ in rows), default=0) or 1
    body = "".join(
        f'<tr><th scope="row">{text(label)}</th><td class="lie"><span class="fill w{round(100 * max(value, 0) / most)}"></span></td>'
        f'<td class="n">{text(said)}</td></tr>'
        for label, value, said in rows
    )
    return f'<table class="lying"><caption>{text(title)}</caption><tbody>{body}</tbody></table>'


def _drawing(title: str, parts: Sequence[str]) -> str:
    return f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{text(title)}">{"".join(parts)}</svg>'
