"""Give a webhook another name, address or choice of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from milkrun.connections.models import Webhook
from milkrun.connections.queries.kinds import problems_of_webhook
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one


@dataclass(frozen=True, slots=True)
class WebhookChanged:
    """The webhook is as asked for."""

    webhook_id: int
    state: str


@command
def change_webhook(
    *,
    webhook_id: int,
    name: str,
    url: str,
    kinds: Sequence[str],
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> WebhookChanged:
    """Change a webhook; what waits for it goes to the new address, and is tried at once.

    Raises:
        Invalid: no name, an address that is none, or no or unknown kinds.
        NotFound: there is no such webhook.
    """
    problems = problems_of_webhook(name, url, kinds)
    if problems:
        raise Invalid(problems)
    row = lock_one(Webhook.objects.exclude(state="removed").filter(pk=webhook_id), noun="webhook")

    Webhook.objects.filter(pk=row.pk).update(
        name=name.strip(), url=url.strip(), kinds=sorted(set(kinds)), due_at=at, failures=0, failing_since=None
    )

    facts = {"name": name.strip(), "host": urlsplit(url.strip()).hostname, "kinds": sorted(set(kinds))}
    journal.write(
        [journal.Entry("change_webhook", "webhook", row.pk, site_id=row.site_id, facts=facts)], actor=actor, at=at
    )
    return WebhookChanged(row.pk, row.state)
