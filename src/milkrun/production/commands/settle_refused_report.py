"""Say what was done about a report that was refused."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move
from milkrun.production.models import RefusedReport
from milkrun.production.states import REFUSED_MOVES


@dataclass(frozen=True, slots=True)
class ReportSettled:
    """Nobody has to look at the report any more."""

    report_id: int


@command
def settle_refused_report(
    *, report_id: int, note: str, actor: Actor, at: datetime, request: Request | None = None
) -> ReportSettled:
    """Settle a refused report.

    Raises:
        Invalid: it is not said what was done.
        IllegalMove: it was settled before.
    """
    if not note.strip():
        raise Invalid([Problem("note", _("Say what was done about it."), "note_missing")])
    row = lock_one(RefusedReport.objects.filter(pk=report_id), noun="report")

    move([row], REFUSED_MOVES, "settle", noun="Report", settled_at=at, settled_by=actor.name, note=note.strip()[:400])

    journal.write(
        [journal.Entry("settle_refused_report", "job", row.job_id, site_id=row.site_id, reason=note.strip())],
        actor=actor,
        at=at,
    )
    return ReportSettled(row.pk)
