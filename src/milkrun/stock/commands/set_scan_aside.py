"""Keep a scan that a phone could not bring in, as work for a person; it is never dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.stock.models import SetAsideScan


@dataclass(frozen=True, slots=True)
class ScanSetAside:
    """The scan is kept and waits for a planner."""

    scan_id: int
    public_id: str


@command
def set_scan_aside(
    *,
    site_id: int,
    mode: str,
    subject: str,
    scan: str,
    scanned_by: str,
    actor: Actor,
    at: datetime,
    content: Mapping[str, str] | None = None,
    code: str = "",
    message: str = "",
    request: Request | None = None,
) -> ScanSetAside:
    """Keep a scan as it came; nothing is booked.

    Args:
        mode: what the person was doing ("pack").
        subject: what it was about ("" where there is none), a rack or a bin.
        scan: what was scanned.
        scanned_by: whose scan it is, where another person hands it over.
        content: what else the phone sent with it.
        code: why the plant refused it, as a code.
        message: the same as a sentence.

    Raises:
        Invalid: there is no scan.
    """
    if not scan.strip():
        raise Invalid([Problem("scan", _("This scan cannot be read. Scan it again."))])

    row = SetAsideScan.objects.create(
        site_id=site_id, mode=mode[:12], subject=subject[:80], scan=scan.strip()[:80], content=dict(content or {}),
        code=code[:40], message=message[:400], scanned_by=scanned_by[:120], actor=actor.name[:120], at=at,
    )  # fmt: skip

    facts = {"mode": mode, "subject": subject, "scan": scan, "scanned_by": scanned_by}
    entry = journal.Entry(
        "set_scan_aside", "set_aside_scan", row.pk, site_id=site_id, after=row.state, reason=row.message, facts=facts
    )
    journal.write([entry], actor=actor, at=at)
    return ScanSetAside(row.pk, row.public_id)
