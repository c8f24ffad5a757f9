"""Empty the partners' inboxes: a file is removed only after it was stored, and put aside when it was refused."""

import os
from datetime import datetime
from pathlib import Path

from milkrun.exchange.queries import partner_codes
from milkrun.gateway.folders import Arrival, arrivals, put_aside, read_whole, take_away
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
    name = printable(arrival.path.name)
    try:
        seen = read_whole(arrival.path)
    except FileNotFoundError:
        return []
    except OSError:
        put_aside(arrival.path, home, arrival.partner_code)
        return [keep_unreadable(arrival.partner_code, name, actor=actor, at=at)]
    if seen.content is None:
        reports = [keep_unreadable(arrival.partner_code, name, actor=actor, at=at)]
    else:
        reports = take_in(
            seen.content, partner_code=arrival.partner_code, file_name=name, source="inbox", actor=actor, at=at
        )
    away = take_away(arrival.path, seen)
    if away is not None and all(report.verdict == "rejected" and not report.duplicate for report in reports):
        put_aside(away, home, arrival.partner_code, name)
    elif away is not None:
        away.unlink()
    return reports


def printable(name: str) -> str:
    """Bring a file name that may be in any encoding into text that can be kept."""
    return os.fsencode(name).decode("utf-8", "replace")
