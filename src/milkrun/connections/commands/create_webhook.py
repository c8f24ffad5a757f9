"""Tell another system what happens here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from milkrun.connections.models import FeedPosition, Webhook
from milkrun.connections.queries.kinds import problems_of_webhook
from milkrun.connections.queries.webhooks import JOURNAL, movements_of
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.models import Site
from milkrun.stock.queries.feed import latest_movement


@dataclass(frozen=True, slots=True)
class WebhookCreated:
    """A new webhook. Its secret is made from these two by the door that shows it once; no result keeps it."""

    webhook_id: int
    public_id: str
    version: int


@command
def create_webhook(
    *,
    name: str,
    url: str,
    kinds: Sequence[str],
    actor: Actor,
    at: datetime,
    site_id: int | None = None,
    request: Request | None = None,
) -> WebhookCreated:
    """Make a webhook. It is told of what happens from now on.

    Args:
        name: what people call the other system.
        url: where events are sent, https as a rule.
        kinds: the kinds of events it wants, `*` for all.
        site_id: only events of this site; all sites where none is given.

    Raises:
        Invalid: no name, an address that is none, or no or unknown kinds.
    """
    problems = problems_of_webhook(name, url, kinds)
    if problems:
        raise Invalid(problems)

    # Feeds that nobody has read yet are read from here on; the others go on from where they are.
    starts = {JOURNAL: journal.feed_end()}
    starts.update({movements_of(key): latest_movement() for key in Site.objects.values_list("pk", flat=True)})
    for feed, start in starts.items():
        FeedPosition.objects.get_or_create(name=feed, defaults={"position": start})
    row = Webhook.objects.create(
        name=name.strip(), url=url.strip(), kinds=sorted(set(kinds)), site_id=site_id, created_at=at, due_at=at
    )

    # An address may carry a password of the receiver's; the journal keeps only where it leads.
    facts = {"name": row.name, "host": urlsplit(row.url).hostname, "kinds": row.kinds}
    journal.write(
        [journal.Entry("create_webhook", "webhook", row.pk, site_id=site_id, facts=facts)], actor=actor, at=at
    )
    return WebhookCreated(row.pk, row.public_id, row.secret_version)
