"""Writes of exchange, for use inside a higher command's transaction."""

from milkrun.exchange.steps.mail import Attachment
from milkrun.exchange.steps.notifying import notify
from milkrun.exchange.steps.outbox import queue, queue_mail

__all__ = ["Attachment", "notify", "queue", "queue_mail"]
