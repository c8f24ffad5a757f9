"""The tasks about partners' files: the inbox, what a dead process left behind, the outbox.

A file or message that cannot be worked on is tried five times and then put aside with its reason; what stands behind it
goes on meanwhile. A database or disk that is away is nobody's fault: then nothing is counted and everything waits.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from milkrun.exchange.queries import due_partners, partner_codes
from milkrun.gateway.folders import Arrival, arrivals, enough_space, put_aside
from milkrun.gateway.inbox import take_arrival
from milkrun.gateway.mail import send_mail
from milkrun.gateway.process import give_up, left_behind, take_over_again
from milkrun.gateway.receive import IngestReport
from milkrun.gateway.send import send_to
from milkrun.kernel.identity import Actor

LOG = logging.getLogger("milkrun.worker")
ATTEMPTS = 5
NOBODYS_FAULT = (OperationalError, InterfaceError)

Print = tuple[int, int]


class DiskNearlyFull(Exception):
    """There is too little room to promise that a file is kept."""


class Inbox:
    """Takes in the files of all partners' inboxes, oldest first; remembers which ones are growing or have failed."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._seen: dict[Path, Print] = {}
        self._failures: dict[tuple[Path, Print], int] = {}

    def __call__(self, at: datetime) -> Mapping[str, Any]:
        """Take in what has not changed since the last look."""
        waiting = {arrival: _print(arrival.path) for arrival in arrivals(self._home, partner_codes())}
        ready = [arrival for arrival, size in waiting.items() if size and self._seen.get(arrival.path) == size]
        self._seen = {arrival.path: size for arrival, size in waiting.items() if size}
        if ready and not enough_space(self._home):
            raise DiskNearlyFull(_("The disk is nearly full, so files stay in the inbox. Free some space."))
        for arrival in ready:
            self._take(arrival, at)
        return {"waiting": len(waiting) - len(ready)}

    def _take(self, arrival: Arrival, at: datetime) -> None:
        key = (arrival.path, self._seen[arrival.path])
        try:
            reports = take_arrival(arrival, home=self._home, actor=Actor(f"EDI {arrival.partner_code}", "edi"), at=at)
            self._failures.pop(key, None)
        except NOBODYS_FAULT:
            raise
        except Exception as problem:
            self._failures[key] = self._failures.get(key, 0) + 1
            _note("file failed", problem, file=arrival.path.name, partner=arrival.partner_code)
            if self._failures[key] >= ATTEMPTS:
                del self._failures[key]
                self._set_aside(arrival, problem)
            return
        _tell(arrival, reports)

    def _set_aside(self, arrival: Arrival, problem: Exception) -> None:
        target = put_aside(arrival.path, self._home, arrival.partner_code)
        reason = target.with_name(f"{target.name}.reason.txt")
        reason.write_text(f"Tried {ATTEMPTS} times. {type(problem).__name__}: {problem}\n", encoding="utf-8")
        LOG.error("file put aside", extra={"file": arrival.path.name, "partner": arrival.partner_code})


def _print(path: Path) -> Print | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def _tell(arrival: Arrival, reports: list[IngestReport]) -> None:
    for report in reports:
        LOG.info(
            "file taken in",
            extra={
                "file": arrival.path.name,
                "partner": arrival.partner_code,
                "verdict": report.verdict,
                "duplicate": report.duplicate,
                "interchange": report.interchange,
            },
        )


class LeftBehind:
    """Takes over messages that were stored by a process which died before it could give them their effect."""

    def __init__(self) -> None:
        self._failures: dict[int, int] = {}

    def __call__(self, at: datetime) -> Mapping[str, Any]:
        """Take over what has waited for half a minute."""
        actor = Actor("worker", "worker")
        done = 0
        for interchange_id, waiting in left_behind(at=at).items():
            try:
                done += take_over_again(waiting, actor=actor, at=at)
                self._failures.pop(interchange_id, None)
            except NOBODYS_FAULT:
                raise
            except Exception as problem:
                self._failures[interchange_id] = self._failures.get(interchange_id, 0) + 1
                _note("message failed", problem, interchange=interchange_id)
                if self._failures[interchange_id] >= ATTEMPTS:
                    give_up(waiting, reason=f"{type(problem).__name__}: {problem}", actor=actor, at=at)
        if done:
            LOG.info("messages taken over", extra={"messages": done})
        return {}


class Outbox:
    """Hands what is due to every partner; one partner's trouble is not another's."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __call__(self, at: datetime) -> Mapping[str, Any]:
        """Send what is due, in order by partner."""
        failed: Exception | None = None
        for partner_id in due_partners(at):
            try:
                sent = send_to(partner_id, home=self._home, actor=Actor("worker", "worker"), at=at)
            except NOBODYS_FAULT:
                raise
            except Exception as problem:
                _note("sending failed", problem, partner=partner_id)
                failed = problem
                continue
            if sent:
                LOG.info("files sent", extra={"partner": partner_id, "files": sent})
        if failed is not None:
            raise failed
        return {}


class Mail:
    """Hands e-mails to the mail server; its trouble is not that of the partners' folders."""

    def __call__(self, at: datetime) -> Mapping[str, Any]:
        """Send what is due."""
        sent = send_mail(actor=Actor("worker", "worker"), at=at)
        if sent:
            LOG.info("e-mails sent", extra={"mails": sent})
        return {}


def _note(what: str, problem: Exception, **facts: object) -> None:
    LOG.error(what, extra={**facts, "error": f"{type(problem).__name__}: {problem}"}, exc_info=problem)
