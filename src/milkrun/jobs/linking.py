"""The tasks about other systems: events for webhooks, tables in the drop folders, and what is let go after its time."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError

from milkrun.connections.commands.forget_old_events import forget_old_events
from milkrun.connections.queries.webhooks import due_webhooks
from milkrun.gateway.addresses import Network, networks
from milkrun.gateway.events import derive_events
from milkrun.gateway.webhooks import send_to
from milkrun.kernel.identity import Actor
from milkrun.kernel.once import forget

LOG = logging.getLogger("milkrun.worker")
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


def forget_what_is_old(at: datetime) -> Mapping[str, Any]:
    """Let request keys, events and faults go after their time."""
    keys = forget(at)
    gone = forget_old_events(at=at)
    return {"request_keys": keys, "events": gone.events, "faults": gone.faults}
