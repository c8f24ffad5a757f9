"""The tasks about other systems: events for webhooks, tables in the drop folders, and what is let go after its time."""

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError

from milkrun.connections.commands.forget_old_events import forget_old_events
from milkrun.connections.queries.webhooks import due_webhooks
from milkrun.gateway.addresses import Network, networks
from milkrun.gateway.events import derive_events
from milkrun.gateway.folders import enough_space, safe_name
from milkrun.gateway.tables.folders import REFUSED, Dropped, dropped, take_dropped
from milkrun.gateway.tables.kinds import Place
from milkrun.gateway.tables.reading import Told
from milkrun.gateway.webhooks import send_to
from milkrun.kernel.identity import Actor
from milkrun.kernel.once import forget
from milkrun.partners.queries import sites

LOG = logging.getLogger("milkrun.worker")
ATTEMPTS = 5
NOBODYS_FAULT = (OperationalError, InterfaceError)


class Webhooks:
    """Reads what happened and sends it to whoever wants to know; one receiver's trouble is not another's."""

    def __init__(self) -> None:
        self._allowed: list[Network] = networks(settings.MILKRUN_WEBHOOK_NETWORKS)

    def __call__(self, at: datetime) -> Mapping[str, Any]:
        """Make events of what happened since the last look, then send what is due."""
        derive_events(at=at)
        failed: Exception | None = None
        for webhook_id in due_webhooks(at):
            try:
                send_to(webhook_id, allowed=self._allowed, actor=Actor("worker", "worker"), at=at)
            except NOBODYS_FAULT:
                raise
            except Exception as problem:
                LOG.error("webhook failed", extra={"webhook": webhook_id, "error": str(problem)}, exc_info=problem)
                failed = problem
        if failed is not None:
            raise failed
        return {}


class Drop:
    """Takes in the tables of the drop folders; a file is taken when it has not changed since the last look."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._seen: dict[Path, tuple[int, int]] = {}
        self._failures: dict[Path, int] = {}

    def __call__(self, at: datetime) -> Mapping[str, Any]:
        """Take in what is complete, oldest first."""
        by_code = {site.code: site for site in sites()}
        waiting = {one: _print(one.path) for one in dropped(self._home, list(by_code))}
        ready = [one for one, size in waiting.items() if size and self._seen.get(one.path) == size]
        self._seen = {one.path: size for one, size in waiting.items() if size}
        if ready and not enough_space(self._home):
            raise OSError("The disk is nearly full, so files stay in the drop folders. Free some space.")
        told = Told(settings.MILKRUN_CSV_ENCODING, settings.MILKRUN_CSV_DECIMAL)
        for one in ready:
            site = by_code[one.site_code]
            self._take(one, Place(site.id, site.code, site.zone, Actor(f"drop {one.kind}", "drop"), at), told)
        return {"waiting": len(waiting) - len(ready)}

    def _take(self, one: Dropped, place: Place, told: Told) -> None:
        try:
            report = take_dropped(one, place, told)
        except NOBODYS_FAULT:
            raise
        except Exception as problem:
            failures = self._failures.pop(one.path, 0) + 1
            LOG.error("table failed", extra={"file": one.path.name, "error": str(problem)}, exc_info=problem)
            if failures >= ATTEMPTS:
                self._set_aside(one, problem)
            else:
                self._failures[one.path] = failures
            return
        if report is not None:
            LOG.info("table taken in", extra={"file": report.file_name, "rows": report.rows, "refused": report.refused})

    def _set_aside(self, one: Dropped, problem: Exception) -> None:
        folder = one.path.parent / REFUSED
        folder.mkdir(exist_ok=True)
        target = folder / f"{secrets.token_hex(4)}-{safe_name(one.path.name)}"
        one.path.replace(target)
        reason = target.with_name(f"{target.name}.reason.txt")
        reason.write_text(f"Tried {ATTEMPTS} times. {type(problem).__name__}: {problem}\n", encoding="utf-8")


def _print(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def forget_what_is_old(at: datetime) -> Mapping[str, Any]:
    """Let request keys, events and faults go after their time."""
    keys = forget(at)
    gone = forget_old_events(at=at)
    return {"request_keys": keys, "events": gone.events, "faults": gone.faults}
