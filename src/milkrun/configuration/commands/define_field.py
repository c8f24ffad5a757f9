"""Give every row of a noun a field of this company's own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.configuration.errors import FieldNotPossible, FieldTaken
from milkrun.configuration.models import KINDS, NOUNS, ExtraField
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request

_KEY = re.compile(r"[a-z][a-z0-9_]{0,23}", re.ASCII)
MOST_FIELDS = 20


@dataclass(frozen=True, slots=True)
class FieldDefined:
    """An extra field as it is now."""

    field_id: int
    key: str


@command
def define_field(
    *,
    noun: str,
    key: str,
    label: str,
    kind: str,
    actor: Actor,
    at: datetime,
    choices: Sequence[str] = (),
    retired: bool = False,
    request: Request | None = None,
) -> FieldDefined:
    """Make an extra field, or change the label, choices and place of one that exists.

    Args:
        noun: call, part, delivery, job or partner.
        key: its name in files and the API: small letters, digits and underscores.
        label: what people read.
        kind: text, number, date, choice or yes_no.
        choices: of the kind choice.
        retired: no longer shown and filled; what stands in it is kept.

    Raises:
        FieldNotPossible: lists what is wrong.
        FieldTaken: the key exists with another kind, and values of one kind are no values of another.
    """
    options = list(dict.fromkeys(choice.strip() for choice in choices if choice.strip()))
    row = ExtraField.objects.filter(noun=noun, key=key).first()
    others = ExtraField.objects.filter(noun=noun, retired=False).exclude(key=key).count()
    _refuse_impossible(noun, key, label.strip(), kind, options, others)
    if row is not None and row.kind != kind:
        raise FieldTaken(
            _("The field {key} exists already and is a {kind}. Choose another key.").format(key=key, kind=row.kind),
            key=key,
        )

    values = {"label": label.strip(), "choices": options, "retired": retired}
    if row is None:
        row = ExtraField.objects.create(noun=noun, key=key, kind=kind, position=others + 1, **values)
    else:
        ExtraField.objects.filter(pk=row.pk).update(**values)

    facts = {"noun": noun, "key": key, "kind": kind, **values}
    journal.write([journal.Entry("define_field", "extra_field", row.pk, facts=facts)], actor=actor, at=at)
    return FieldDefined(row.pk, key)


def _refuse_impossible(noun: str, key: str, label: str, kind: str, options: list[str], others: int) -> None:
    wrong = {
        "noun": noun not in NOUNS and _("Fields can be added to: {nouns}.").format(nouns=", ".join(NOUNS)),
        "key": not _KEY.fullmatch(key)
        and _("A key has up to 24 small letters, digits and underscores, a letter first."),
        "label": not 0 < len(label) <= 60 and _("Give a label of at most 60 characters."),
        "kind": kind not in KINDS and _("Kinds are {kinds}.").format(kinds=", ".join(KINDS)),
        "choices": kind == "choice" and not 1 < len(options) <= 50 and _("Give between 2 and 50 choices."),
        "count": others >= MOST_FIELDS
        and _("There are {most_fields} fields already. Retire one first.").format(most_fields=MOST_FIELDS),
    }
    long = any(len(option) > 60 for option in options)
    wrong["choice"] = long and _("A choice has at most 60 characters.")
    problems = [Problem(field, str(sentence)) for field, sentence in wrong.items() if sentence]
    if problems:
        raise FieldNotPossible(problems)
