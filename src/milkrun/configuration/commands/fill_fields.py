"""Write what a row says in the extra fields of its noun."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from milkrun.configuration.errors import UnknownField, ValueNotPossible
from milkrun.configuration.models import ExtraField, ExtraValue
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request

_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class FieldsFilled:
    """The keys whose values changed."""

    changed: tuple[str, ...]


@command
def fill_fields(
    *, noun: str, row_id: int, values: Mapping[str, str], actor: Actor, at: datetime, request: Request | None = None
) -> FieldsFilled:
    """Keep the given values of a row; keys that are not given stay, an empty value is removed.

    Args:
        noun: call, part, delivery, job or partner.
        row_id: the row; the caller has looked it up where the actor may see it.
        values: key -> text: numbers as 12.5, dates as 2026-11-22, yes_no as yes or no.

    Raises:
        UnknownField: a key is no field of this noun.
        ValueNotPossible: lists the values that do not fit.
    """
    fields = {field.key: field for field in ExtraField.objects.filter(noun=noun, retired=False)}
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise UnknownField(
            _("There is no field {unknown} of a {noun}.").format(unknown=", ".join(unknown), noun=noun), keys=unknown
        )
    given = {key: text.strip() for key, text in values.items()}
    problems = [problem for key, text in given.items() if text for problem in _problems(fields[key], text)]
    if problems:
        raise ValueNotPossible(problems)

    ids = {fields[key].pk: key for key in given}
    rows = ExtraValue.objects.filter(field__in=ids, row_id=row_id)
    old = {ids[row.field_id]: row.value for row in rows}
    changed = {key: text for key, text in given.items() if old.get(key, "") != text}
    rows.filter(field__in=[fields[key].pk for key in changed]).delete()
    ExtraValue.objects.bulk_create(
        [ExtraValue(field=fields[key], row_id=row_id, value=text) for key, text in changed.items() if text]
    )

    if changed:
        facts = {"changed": {key: [old.get(key, ""), text] for key, text in changed.items()}}
        journal.write([journal.Entry("fill_fields", noun, row_id, facts=facts)], actor=actor, at=at)
    return FieldsFilled(tuple(sorted(changed)))


def _problems(field: ExtraField, text: str) -> list[Problem]:
    fits = {
        "text": len(text) <= LONGEST and text.isprintable(),
        "number": bool(_NUMBER.fullmatch(text)),
        "date": _is_date(text),
        "choice": text in field.choices,
        "yes_no": text in ("yes", "no"),
    }[field.kind]
    wanted = {
        "text": f"at most {LONGEST} characters", "number": "a number such as 12.5", "date": "a date such as 2026-11-22",
        "choice": "one of " + ", ".join(field.choices), "yes_no": "yes or no",
    }[field.kind]  # fmt: skip
    return (
        []
        if fits
        else [Problem(field.key, _("{label}: give {wanted}.").format(label=field.label, wanted=wanted), "does_not_fit")]
    )


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
