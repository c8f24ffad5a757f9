"""Give a webhook a new secret; the former one signs too for a while, so that the receiver can change over in peace."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from milkrun.connections.models import Webhook
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one

BOTH_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SecretRotated:
    """The new version of the secret, and until when the former one is live; no result keeps the secret itself."""

    public_id: str
    version: int
    former_until: datetime


@command
def rotate_webhook_secret(
    *,
    webhook_id: int,
    actor: Actor,
    at: datetime,
    both_for: timedelta = BOTH_FOR,
    request: Request | None = None,
) -> SecretRotated:
    """Make the next version of the secret; messages carry both signatures until the former one's time is over.

    Args:
        both_for: how long the former secret stays live; none at all where it may have leaked.

    Raises:
        NotFound: there is no such webhook.
    """
    row = lock_one(Webhook.objects.exclude(state="removed").filter(pk=webhook_id), noun="webhook")

    version, until = row.secret_version + 1, at + both_for
    Webhook.objects.filter(pk=row.pk).update(secret_version=version, former_until=until)

    facts = {"version": version, "former_until": until.isoformat()}
    journal.write(
        [journal.Entry("rotate_webhook_secret", "webhook", row.pk, site_id=row.site_id, facts=facts)],
        actor=actor,
        at=at,
    )
    return SecretRotated(row.public_id, version, until)
