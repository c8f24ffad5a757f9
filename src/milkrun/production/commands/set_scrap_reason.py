"""Keep the list of causes of scrap that a site knows."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.production.models import ScrapReason


@dataclass(frozen=True, slots=True)
class ScrapReasonSet:
    """A cause of scrap as the list has it now."""

    code: str
    name: str
    active: bool


@command
def set_scrap_reason(
    *,
    site_id: int,
    code: str,
    name: str,
    actor: Actor,
    at: datetime,
    active: bool = True,
    request: Request | None = None,
) -> ScrapReasonSet:
    """Add a cause of scrap, give it another name, or take it out of use; what was reported keeps its code.

    Raises:
        Invalid: no code or no name.
    """
    code, name = code.strip().upper(), name.strip()
    problems = []
    if not 1 <= len(code) <= 24:
        problems.append(Problem("code", _("A reason needs a code of 1 to 24 characters."), "code_missing"))
    if not 1 <= len(name) <= 80:
        problems.append(Problem("name", _("Say in 1 to 80 characters what the reason means."), "name_missing"))
    if problems:
        raise Invalid(problems)

    row, __ = ScrapReason.objects.update_or_create(
        site_id=site_id, code=code, defaults={"name": name, "active": active}
    )

    journal.write(
        [
            journal.Entry(
                "set_scrap_reason",
                "scrap_reason",
                row.pk,
                site_id=site_id,
                facts={"code": code, "name": name, "in use": "yes" if active else "no"},
            )
        ],
        actor=actor,
        at=at,
    )
    return ScrapReasonSet(code, name, active)
