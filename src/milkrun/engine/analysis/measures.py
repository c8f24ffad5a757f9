"""One measure as the report shows it: value, formula, inputs, period, light, and what was assumed or is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

GREEN, YELLOW, RED, NONE = "green", "yellow", "red", "none"


@dataclass(frozen=True, slots=True)
class Input:
    """A number that a measure is made of."""

    name: str
    value: float | None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the eight measures, or a figure that stands beside one.

    Args:
        key: what it is called in the JSON.
        title: what it is called on the page.
        value: None where it cannot be computed.
        unit: share, days, turns, money, events or percent points.
        formula: in words and signs.
        inputs: the numbers in the formula.
        period: first and last day it is about.
        light: green, yellow, red, or none where there is no value or no target.
        leading: whether it tells of what will come; a lagging one tells of what was.
        target: what the light compares with.
        assumed: names of assumptions that went in.
        needs: what is missing, where there is no value.
        note: what must be said beside it.
        beside: figures that stand beside it and are never mixed with it.
        playbook: the playbook for a red or yellow light.
    """

    key: str
    title: str
    value: float | None
    unit: str
    formula: str
    inputs: tuple[Input, ...] = ()
    period: tuple[str, str] | None = None
    light: str = NONE
    leading: bool = False
    target: str = ""
    assumed: tuple[str, ...] = ()
    needs: str = ""
    note: str = ""
    beside: tuple[Input, ...] = ()
    playbook: str = ""
    detail: Sequence[dict[str, object]] = field(default_factory=tuple)


def light(value: float | None, green: float, yellow: float, more_is_better: bool = True) -> str:
    """Return the light of a value.

    Args:
        value: None gives none.
        green: from here on (or up to here, where less is better) it is green.
        yellow: from here on it is yellow.

    Example:
        >>> light(0.96, 0.95, 0.90), light(0.93, 0.95, 0.90), light(0.2, 0.95, 0.90), light(30, 20, 40, False)
        ('green', 'yellow', 'red', 'yellow')
    """
    if value is None:
        return NONE
    sign = 1 if more_is_better else -1
    return GREEN if sign * value >= sign * green else YELLOW if sign * value >= sign * yellow else RED
