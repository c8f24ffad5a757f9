"""Take a partner's oldest unsent messages under a lease, so that one worker at a time sends them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from milkrun.exchange.models import OutboxMessage
from milkrun.exchange.states import CHANNELS_IN_ORDER
from milkrun.kernel.command import command
from milkrun.kernel.lock import hold, lock
from milkrun.partners.models import Partner

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message to send, under a lease number."""

    outbox_id: int
    lease: int
    partner_code: str
    file_name: str
    payload_hex: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class OutboxClaimed:
    """Messages of one partner in the order they must leave."""

    parcels: tuple[Parcel, ...]


@command
def claim_outbox(*, partner_id: int, at: datetime, limit: int = 50, channel: str = "folder") -> OutboxClaimed:
    """Lease what is due to a partner by one way.

    Files leave in their order: nothing where another worker holds the queue or its head is not due yet. E-mails leave
    each on its own.
    """
    hold("outbox", partner_id)
    queued = OutboxMessage.objects.filter(partner_id=partner_id, channel=channel, state="queued").order_by("pk")
    if channel not in CHANNELS_IN_ORDER:
        queued = queued.filter(due_at__lte=at).filter(Q(leased_until=None) | Q(leased_until__lte=at))
    rows = lock(OutboxMessage.objects.filter(pk__in=list(queued.values_list("pk", flat=True)[:limit]), state="queued"))
    if not rows or any(row.leased_until and row.leased_until > at for row in rows) or rows[0].due_at > at:
        return OutboxClaimed(())

    for row in rows:
        row.lease += 1
        row.leased_until = at + LEASE
    OutboxMessage.objects.bulk_update(rows, ["lease", "leased_until"])

    code = Partner.objects.values_list("code", flat=True).get(pk=partner_id)
    return OutboxClaimed(
        tuple(Parcel(row.pk, row.lease, code, row.file_name, bytes(row.payload).hex(), row.address) for row in rows)
    )
