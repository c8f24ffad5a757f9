"""Reads of the configuration: words, extra fields with values, how numbers are written, automatic steps."""

from collections.abc import Iterable
from dataclasses import dataclass

from milkrun.configuration.models import AUTOMATIC_STEPS, KINDS, NOUNS, AutomaticStep, ExtraField, ExtraValue, StateWord
from milkrun.kernel import numbering

__all__ = ["AUTOMATIC_STEPS", "KINDS", "NOUNS"]


@dataclass(frozen=True, slots=True)
class FieldView:
    """An extra field; `value` is what one row says in it."""

    noun: str
    key: str
    label: str
    kind: str
    choices: tuple[str, ...]
    retired: bool
    value: str = ""


@dataclass(frozen=True, slots=True)
class NumberView:
    """How the numbers of a kind are written, with the first of them as an example."""

    kind: str
    prefix: str
    digits: int
    example: str


def state_words(language: str) -> dict[tuple[str, str], str]:
    """Read every renamed state of a language: (noun, state) -> word."""
    rows = StateWord.objects.filter(language=language).values_list("noun", "state", "word")
    return {(noun, state): word for noun, state, word in rows}


def fields(noun: str = "") -> tuple[FieldView, ...]:
    """List the extra fields of a noun, or of all nouns, also retired ones, in their order."""
    rows = ExtraField.objects.order_by("noun", "position", "id")
    return tuple(_field(row) for row in (rows.filter(noun=noun) if noun else rows))


def filled(noun: str, row_id: int) -> tuple[FieldView, ...]:
    """List the extra fields that are in use with what a row says in them."""
    rows = list(ExtraField.objects.filter(noun=noun, retired=False).order_by("position", "id"))
    values = values_of(noun, [row_id]).get(row_id, {}) if rows else {}
    return tuple(_field(row, values.get(row.key, "")) for row in rows)


def values_of(noun: str, row_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Read what rows say in their extra fields: row -> key -> value; for exports and the API."""
    rows = ExtraValue.objects.filter(field__noun=noun, field__retired=False, row_id__in=list(row_ids))
    found: dict[int, dict[str, str]] = {}
    for row_id, key, value in rows.values_list("row_id", "field__key", "value"):
        found.setdefault(row_id, {})[key] = value
    return found


def _field(row: ExtraField, value: str = "") -> FieldView:
    return FieldView(row.noun, row.key, row.label, row.kind, tuple(row.choices), row.retired, value)


def numbers() -> tuple[NumberView, ...]:
    """List the kinds of numbers and how they are written."""
    return tuple(NumberView(kind, *numbering.format_of(kind), numbering.written(kind, 1)) for kind in numbering.FORMATS)


def automatic_steps() -> dict[str, frozenset[str]]:
    """Read which steps are done by themselves, by the customer's code."""
    found: dict[str, set[str]] = {}
    for code, step in AutomaticStep.objects.order_by("id").values_list("partner_code", "step"):
        found.setdefault(code, set()).add(step)
    return {code: frozenset(steps) for code, steps in found.items()}
