"""Say whether a part is made at all, and whether only where somebody asks for it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.parts.errors import UnknownPart
from milkrun.parts.models import Part


@dataclass(frozen=True, slots=True)
class MakingSet:
    """How a part is made was changed."""

    part_id: int
    made_here: bool
    make_to_order: bool


@command
def set_making(
    *,
    part_id: int,
    made_here: bool,
    make_to_order: bool,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> MakingSet:
    """Say how a part is made.

    Args:
        made_here: production makes it.
        make_to_order: a job for it needs a call that asks for it; jobs that exist are left as they are.

    Raises:
        UnknownPart: no such part.
    """
    part = next(iter(lock(Part.objects.filter(pk=part_id))), None)
    if part is None:
        raise UnknownPart(_("This part does not exist."))

    before = {"made here": part.made_here, "made to order": part.make_to_order}
    Part.objects.filter(pk=part.pk).update(made_here=made_here, make_to_order=make_to_order)

    after = {"made here": made_here, "made to order": make_to_order}
    changes = {name: f"{before[name]} > {value}" for name, value in after.items() if before[name] != value}
    journal.write([journal.Entry("set_making", "part", part.pk, facts=changes)], actor=actor, at=at)
    return MakingSet(part.pk, made_here, make_to_order)
