"""Say how the numbers of a kind of document are written."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.configuration.errors import NumberFormatNotPossible
from milkrun.kernel import journal, numbering
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request

# The last character is no digit, so that two ways of writing never give the same text for two numbers.
_PREFIX = re.compile(r"([A-Z0-9/-]{0,5}[A-Z/-])?", re.ASCII)
FEWEST, MOST = 4, 10


@dataclass(frozen=True, slots=True)
class NumbersConfigured:
    """How the next numbers look."""

    kind: str
    example: str


@command
def configure_numbers(
    *, kind: str, prefix: str, digits: int, actor: Actor, at: datetime, request: Request | None = None
) -> NumbersConfigured:
    """Write the numbers of a document with another prefix and length from now on; counting goes on without a gap.

    Args:
        kind: delivery, invoice, job, run or wave.
        prefix: up to six capital letters, digits, slashes or dashes, no digit last.
        digits: at least so many digits, filled with zeros.

    Raises:
        NumberFormatNotPossible: lists what is wrong.
    """
    wrong = {
        "kind": kind not in numbering.FORMATS
        and _("Numbers can be set for: {formats}.").format(formats=", ".join(sorted(numbering.FORMATS))),
        "prefix": not _PREFIX.fullmatch(prefix)
        and _("A prefix has at most 6 capital letters, digits, slashes or dashes and does not end in a digit."),
        "digits": not FEWEST <= digits <= MOST
        and _("Give between {fewest} and {most} digits.").format(fewest=FEWEST, most=MOST),
    }
    problems = [Problem(field, str(sentence)) for field, sentence in wrong.items() if sentence]
    if problems:
        raise NumberFormatNotPossible(problems)
    before = numbering.written(kind, 1)

    numbering.keep_format(kind, prefix, digits)

    facts = {"kind": kind, "before": before, "after": numbering.written(kind, 1)}
    journal.write([journal.Entry("configure_numbers", "configuration", 0, facts=facts)], actor=actor, at=at)
    return NumbersConfigured(kind, numbering.written(kind, 1))
