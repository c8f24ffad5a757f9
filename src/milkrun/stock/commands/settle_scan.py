"""Say what was done about a scan that a phone set aside."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move
from milkrun.stock.models import SetAsideScan
from milkrun.stock.states import SCAN_MOVES


@dataclass(frozen=True, slots=True)
class ScanSettled:
    """Nobody has to look at the scan any more."""

    scan_id: int


@command
def settle_scan(*, scan_id: int, note: str, actor: Actor, at: datetime, request: Request | None = None) -> ScanSettled:
    """Settle a scan that was set aside.

    Raises:
        NotFound: there is no such scan.
        Invalid: it is not said what was done.
        IllegalMove: it was settled before.
    """
    if not note.strip():
        raise Invalid([Problem("note", _("Say what was done about it."), "note_missing")])
    row = lock_one(SetAsideScan.objects.filter(pk=scan_id), noun="scan")

    move([row], SCAN_MOVES, "settle", noun="Scan", settled_at=at, settled_by=actor.name, note=note.strip()[:400])

    entry = journal.Entry(
        "settle_scan", "set_aside_scan", row.pk, site_id=row.site_id, before="open", after=row.state,
        reason=row.note,
    )  # fmt: skip
    journal.write([entry], actor=actor, at=at)
    return ScanSettled(row.pk)
