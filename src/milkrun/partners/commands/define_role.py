"""Say what a role may do here, or make a role of the company's own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.errors import RoleNotPossible
from milkrun.partners.models import RoleRights
from milkrun.partners.queries.rights import ACTIONS, ROLES

_NAME = re.compile(r"[a-z][a-z0-9_]{1,23}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RoleDefined:
    """What the role may do from the next request on."""

    name: str
    actions: tuple[str, ...]


@command
def define_role(
    *,
    name: str,
    actions: Sequence[str],
    actor: Actor,
    at: datetime,
    title: str = "",
    request: Request | None = None,
) -> RoleDefined:
    """Keep the rights of a role; those of the product's own table are kept as "unchanged", so that updates reach them.

    Args:
        name: a role of the product, or small letters, digits and underscores for one of the company's own.
        actions: what it may do; everybody with the role may do so from the next request on.
        title: what people read; the product's word where it is empty.

    Raises:
        RoleNotPossible: lists what is wrong; an administrator's rights cannot be changed.
    """
    unknown = sorted(set(actions) - ACTIONS)
    wrong = {
        "name": not _NAME.fullmatch(name)
        and _("A name has 2 to 24 small letters, digits, underscores, a letter first."),
        "admin": name == "admin" and _("An administrator may do everything, so that nobody is locked out."),
        "title": len(title.strip()) > 40 and _("A title has at most 40 characters."),
        "needs_title": name not in ROLES and not title.strip() and _("Give the role a title that people read."),
        "actions": unknown and _("There is no action {unknown}.").format(unknown=", ".join(unknown)),
    }
    problems = [Problem(field, str(sentence)) for field, sentence in wrong.items() if sentence]
    if problems:
        raise RoleNotPossible(problems)
    wanted = tuple(sorted(set(actions)))
    row = RoleRights.objects.filter(pk=name).first()
    before = frozenset(row.actions) if row else ROLES.get(name, frozenset())

    if frozenset(wanted) == ROLES.get(name) and not title.strip():
        RoleRights.objects.filter(pk=name).delete()
    else:
        RoleRights.objects.update_or_create(name=name, defaults={"title": title.strip(), "actions": list(wanted)})

    facts = {"role": name, "given": sorted(set(wanted) - before), "taken": sorted(before - set(wanted))}
    journal.write([journal.Entry("define_role", "role", 0, facts=facts)], actor=actor, at=at)
    return RoleDefined(name, wanted)
