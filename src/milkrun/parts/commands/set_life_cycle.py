"""Say where a part stands in its life: when it ends, what comes after it, how long it keeps."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import hold, lock
from milkrun.parts.errors import SuccessorRing, UnknownPart
from milkrun.parts.models import STAGES, Part


@dataclass(frozen=True, slots=True)
class LifeCycleSet:
    """The part's life as it stands now."""

    part_id: int


@command
def set_life_cycle(
    *,
    part_id: int,
    stage: str,
    actor: Actor,
    at: datetime,
    obsolete_on: date | None = None,
    successor_id: int | None = None,
    shelf_life_days: int | None = None,
    request: Request | None = None,
) -> LifeCycleSet:
    """Set stage, end, successor and shelf life of a part; what is not given is emptied.

    Args:
        stage: coming, active, ending or obsolete.
        obsolete_on: the first day on which nobody uses the part any more.
        successor_id: the part that is used instead.
        shelf_life_days: days from making to expiry.

    Raises:
        UnknownPart: the part or its successor does not exist.
        Invalid: the stage is not known, an ending part has no end, or the shelf life is impossible.
        SuccessorRing: the successor is, at the end of its own line, followed by this part.
    """
    # Two people linking A to B and B to A at once would each see no ring.
    hold("succeed", 0)
    rows = {row.pk: row for row in lock(Part.objects.filter(pk__in={part_id, successor_id or part_id}))}
    if part_id not in rows or (successor_id is not None and successor_id not in rows):
        raise UnknownPart(_("This part does not exist."))
    problems = []
    if stage not in STAGES:
        problems.append(
            Problem(
                "stage",
                _("{stage} is no stage; there are {stages}.").format(stage=stage, stages=", ".join(STAGES)),
                "unknown_stage",
            )
        )
    if stage == "ending" and obsolete_on is None:
        problems.append(Problem("obsolete_on", _("Say from which day nobody uses the part any more."), "end_missing"))
    if shelf_life_days is not None and not 1 <= shelf_life_days <= 36500:
        problems.append(Problem("shelf_life_days", _("A shelf life is 1 to 36,500 days."), "shelf_life_impossible"))
    if problems:
        raise Invalid(problems)
    _refuse_ring(rows[part_id], successor_id)

    was = rows[part_id].stage
    Part.objects.filter(pk=part_id).update(
        stage=stage, obsolete_on=obsolete_on, successor_id=successor_id, shelf_life_days=shelf_life_days
    )

    facts = {
        "obsolete_on": obsolete_on.isoformat() if obsolete_on else "",
        "successor": rows[successor_id].number if successor_id else "",
        "shelf_life_days": shelf_life_days or 0,
    }
    entry = journal.Entry("set_life_cycle", "part", part_id, before=was, after=stage, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return LifeCycleSet(part_id)


def _refuse_ring(part: Part, successor_id: int | None) -> None:
    key = successor_id
    while key is not None:
        if key == part.pk:
            raise SuccessorRing(
                _("{part} would follow itself. Choose another successor.").format(part=part), part=part.number
            )
        key = Part.objects.values_list("successor_id", flat=True).get(pk=key)
