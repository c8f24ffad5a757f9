"""Note that a member of staff has read one notification, or all that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from milkrun.exchange.models import Reading
from milkrun.exchange.queries.telling import unread
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request


@dataclass(frozen=True, slots=True)
class NotificationsRead:
    """How many were unread before."""

    count: int


@command
def read_notifications(
    *,
    user_id: int,
    site_id: int,
    roles: Sequence[str],
    actor: Actor,
    at: datetime,
    public_id: str = "",
    request: Request | None = None,
) -> NotificationsRead:
    """Mark notifications to this person, or to a role of theirs at this site, as read.

    Args:
        user_id: the person.
        site_id: the site that is looked at.
        roles: the person's roles there.
        actor: who marks them.
        at: when.
        public_id: one notification; "" for all.
    """
    rows = unread(user_id, roles, site_id, at)
    if public_id:
        rows = rows.filter(public_id=public_id)

    keys = list(rows.values_list("pk", flat=True))
    Reading.objects.bulk_create(
        [Reading(notification_id=key, user_id=user_id, at=at) for key in keys], ignore_conflicts=True
    )

    return NotificationsRead(len(keys))
