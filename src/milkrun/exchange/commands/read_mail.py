"""Note that somebody opened the address an e-mail carries."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.exchange.models import Mail
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock


@dataclass(frozen=True, slots=True)
class MailRead:
    """What stands in the message, and when its address was opened first."""

    subject: str
    body: str
    sent_at: datetime
    read_at: datetime


@command
def read_mail(*, token: str, actor: Actor, at: datetime) -> MailRead:
    """Open a message by the random id of its copy; the first opening is kept as the time it was read.

    Raises:
        NotFound: no message has this id.
    """
    rows = lock(Mail.objects.filter(token=token).select_related("notification"))
    if not rows:
        raise NotFound(_("This message does not exist. Look at the address again: it must be complete."))
    row = rows[0]

    if row.read_at is None:
        row.read_at = at
        Mail.objects.filter(pk=row.pk).update(read_at=at)
        facts = {"address": row.address}
        entry = journal.Entry("read_mail", "notification", row.notification_id, facts=facts)
        journal.write([entry], actor=actor, at=at)

    told = row.notification
    return MailRead(told.subject, told.body, told.at, row.read_at)
