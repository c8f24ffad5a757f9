"""Empty the partners' inboxes: a file is removed only after it was stored, and put aside when it was refused."""

from datetime import datetime
from pathlib import Path

from milkrun.exchange.queries import partner_codes
from milkrun.gateway.folders import Arrival, arrivals, put_aside, read_whole
from milkrun.gateway.receive import IngestReport, keep_unreadable, take_in
from milkrun.kernel.identity import Actor


def take_arrivals(*, home: Path, actor: Actor, at: datetime) -> list[IngestReport]:
    """Take in every complete file of every partner, oldest first."""
    reports: list[IngestReport] = []
    for arrival in arrivals(home, partner_codes()):
        reports += take_arrival(arrival, home=home, actor=actor, at=at)
    return reports


def take_arrival(arrival: Arrival, *, home: Path, actor: Actor, at: datetime) -> list[IngestReport]:
    """Take in one file of an inbox."""
    try:
        data = read_whole(arrival.path)
    except FileNotFoundError:
        return []
    except OSError:
        data = None
    if data is None:
        put_aside(arrival.path, home, arrival.partner_code)
        return [keep_unreadable(arrival.partner_code, arrival.path.name, actor=actor, at=at)]
    reports = take_in(
        data, partner_code=arrival.partner_code, file_name=arrival.path.name, source="inbox", actor=actor, at=at
    )
    if all(report.verdict == "rejected" and not report.duplicate for report in reports):
        put_aside(arrival.path, home, arrival.partner_code)
    else:
        arrival.path.unlink(missing_ok=True)
    return reports
