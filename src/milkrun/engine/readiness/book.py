"""The rules of readiness as data: weights, scales and rules from a TOML file, checked as a whole before use."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from milkrun.engine.readiness.facts import ItemFacts

ORDER = ("mto", "jit", "kanban", "ddmrp", "hybrid", "jic")
APART = ("run_down", "insufficient")
FACTS = frozenset(field.name for field in fields(ItemFacts)) | {"score"}
WEIGHED = ("demand", "supplier", "lead_time", "order", "consequence", "value")
SCALED = ("demand", "supplier", "lead_time", "lead_time_variation", "order", "value")
LIMITS = ("enough_receipts", "single_source_costs", "unknown")

Known = Mapping[str, Any]
"""Facts by name, the score among them."""
Condition = Callable[[Known], bool]


class NotARulebook(ValueError):
    """A file that does not describe rules; `problems` holds all that is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a raw value counts fully and where not at all, linear between."""

    full: float
    none: float

    def of(self, value: float) -> float:
        """Place a value on the scale.

        Example:
            >>> Scale(0.20, 0.60).of(0.40)
            0.5
        """
        share = (value - self.none) / (self.full - self.none)
        return round(min(1.0, max(0.0, share)), 12)


@dataclass(frozen=True, slots=True)
class Rule:
    """A verdict and the conditions under which it is given."""

    number: int
    verdict: str
    why: str
    holds: Condition


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that decides a verdict."""

    weights: Mapping[str, float]
    scales: Mapping[str, Scale]
    caps: Mapping[str, float]
    consequence: Mapping[str, float]
    limits: Mapping[str, float]
    rules: tuple[Rule, ...]

    def first(self, known: Known) -> Rule:
        """Return the first rule that fits."""
        return next(rule for rule in self.rules if rule.holds(known))


def rank(verdict: str) -> int | None:
    """Place a verdict from most (0) to least just-in-time; None for one that stands apart.

    Example:
        >>> rank("jit"), rank("jic"), rank("run_down")
        (1, 5, None)
    """
    return ORDER.index(verdict) if verdict in ORDER else None


@cache
def shipped() -> Rulebook:
    """Return the rules that come with the product."""
    return rulebook(files("milkrun.engine.readiness").joinpath("rules.toml").read_text("utf-8"))


def rulebook(text: str) -> Rulebook:
    """Read rules.

    Raises:
        NotARulebook: with every problem at once.

    Example:
        >>> try:
        ...     rulebook("[weights]\\ndemand = 2")
        ... except NotARulebook as wrong:
        ...     print(wrong.problems[0])
        weights: supplier, lead_time, order, consequence, value missing.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotARulebook([f"This is no TOML: {error}."]) from error
    problems = [*_numbers_wrong(data), *_rules_wrong(data.get("rules"))]
    if problems:
        raise NotARulebook(problems)
    scales = {name: Scale(float(scale["full"]), float(scale["none"])) for name, scale in data["scales"].items()}
    rules = tuple(Rule(rule["number"], rule["verdict"], rule["why"], _condition(rule)) for rule in data["rules"])
    return Rulebook(data["weights"], scales, data["caps"], data["consequence"], data["limits"], rules)


def _numbers_wrong(data: Known) -> list[str]:
    wanted = {"weights": WEIGHED, "consequence": ("none", "medium", "critical"), "limits": LIMITS, "caps": ()}
    problems = []
    for part, names in wanted.items():
        found = data.get(part)
        if not isinstance(found, dict) or not all(_number(value) for value in found.values()):
            problems.append(f"{part}: a table of numbers is missing.")
        elif missing := [name for name in names if name not in found]:
            problems.append(f"{part}: {', '.join(missing)} missing.")
        elif part == "weights" and (min(found.values()) < 0 or abs(sum(found.values()) - 1) > 1e-9):
            problems.append(f"weights: they are not below 0 and add up to 1, not to {sum(found.values()):g}.")
    scales = data.get("scales")
    for name in SCALED:
        scale = scales.get(name) if isinstance(scales, dict) else None
        if not isinstance(scale, dict) or not all(_number(scale.get(end)) for end in ("full", "none")):
            problems.append(f"scales: {name} needs `full` and `none`.")
        elif scale["full"] == scale["none"]:
            problems.append(f"scales: {name} is full and none at the same value.")
    return problems


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _rules_wrong(rules: object) -> list[str]:
    if not isinstance(rules, list) or not rules:
        return ["rules: there are none."]
    problems = []
    for place, rule in enumerate(rules, 1):
        if (
            not isinstance(rule, dict)
            or not isinstance(rule.get("number"), int)
            or not isinstance(rule.get("why"), str)
        ):
            problems.append(f"rule {place}: it needs a `number` and a `why`.")
            continue
        if rule.get("verdict") not in (*ORDER, *APART):
            problems.append(f"rule {rule['number']}: its verdict is one of {', '.join((*ORDER, *APART))}.")
        problems += [f"rule {rule['number']}: {problem}" for part in _parts(rule) for problem in _condition_wrong(part)]
    if isinstance(rules[-1], dict) and _parts(rules[-1]):
        problems.append("rules: the last one fits always, so that every item gets a verdict.")
    return problems


def _parts(node: Known) -> list[Any]:
    """Return the conditions directly under a rule or a group."""
    parts = [*node.get("all", ()), *node.get("any", ())]
    return [*parts, node["not"]] if "not" in node else parts


COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "above": lambda left, right: left > right,
    "at_least": lambda left, right: left >= right,
    "below": lambda left, right: left < right,
    "at_most": lambda left, right: left <= right,
    "is": lambda left, right: left == right,
    "in": lambda left, right: left in right,
}


def _condition_wrong(node: object) -> list[str]:
    if not isinstance(node, dict):
        return ["a condition is a table."]
    if "fact" not in node:
        found = [problem for part in _parts(node) for problem in _condition_wrong(part)]
        return found if _parts(node) else ["a condition names a fact, or groups others by all, any or not."]
    fact, (word, *more) = node["fact"], [key for key in node if key != "fact"] or [""]
    if fact not in FACTS:
        return [f"there is no fact {fact!r}."]
    if more or word not in COMPARED:
        return [f"{fact} is compared by one of {', '.join(COMPARED)}."]
    wanted = node[word]
    fits = isinstance(wanted, list) if word == "in" else _number(wanted) or word == "is" or wanted in FACTS
    return [] if fits else [f"{fact} cannot be compared with {wanted!r}."]


def _condition(node: Known) -> Condition:
    """Turn a table into a function; in a comparison a text that names a fact stands for its value."""
    if "fact" in node:
        return _comparison(node)
    every, some = [_condition(part) for part in node.get("all", ())], [_condition(part) for part in node.get("any", ())]
    refused = _condition(node["not"]) if "not" in node else None

    def holds(known: Known) -> bool:
        if refused is not None and refused(known):
            return False
        return all(part(known) for part in every) and (not some or any(part(known) for part in some))

    return holds


def _comparison(node: Known) -> Condition:
    fact = node["fact"]
    word = next(key for key in node if key != "fact")
    compare, wanted = COMPARED[word], node[word]
    other = wanted if word not in ("is", "in") and isinstance(wanted, str) else None

    def holds(known: Known) -> bool:
        value, against = known[fact], wanted if other is None else known[other]
        return value is not None and against is not None and compare(value, against)

    return holds
