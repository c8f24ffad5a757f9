"""Settle something that went wrong at picking: the bin was counted, the goods were brought back."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move
from milkrun.shipping.models import PickIssue
from milkrun.shipping.states import PICK_ISSUE_MOVES


@dataclass(frozen=True, slots=True)
class PickIssueSettled:
    """Somebody has looked at it."""

    issue_id: int


@command
def settle_pick_issue(
    *, issue_id: int, note: str, actor: Actor, at: datetime, request: Request | None = None
) -> PickIssueSettled:
    """Close an issue with what was done; a place that was found empty is offered again from now on.

    Raises:
        Invalid: nothing is said of what was done.
        IllegalMove: it is settled already.
    """
    if not note.strip():
        raise Invalid([Problem("note", _("Say what was found and done."), "note_missing")])
    issue = lock_one(PickIssue.objects.filter(pk=issue_id).select_related("task"), noun="issue")

    move(
        [issue],
        PICK_ISSUE_MOVES,
        "settle",
        noun="Issue",
        settled_at=at,
        settled_by=actor.name,
        note=note.strip()[:400],
    )

    journal.write(
        [
            journal.Entry(
                "settle_pick_issue",
                "wave",
                issue.task.wave_id,
                site_id=issue.site_id,
                reason=note,
                facts={"issue": issue.text[:60]},
            )
        ],
        actor=actor,
        at=at,
    )
    return PickIssueSettled(issue.pk)
