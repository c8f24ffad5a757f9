"""Take a partner's oldest unsent messages under a lease, so that one worker at a time sends them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from milkrun.exchange.models import Agreement, OutboxMessage
from milkrun.kernel.command import command
from milkrun.kernel.lock import hold, lock

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message to send, under a lease number."""

    outbox_id: int
    lease: int
    partner_code: str
    file_name: str
    payload_hex: str


@dataclass(frozen=True, slots=True)
class OutboxClaimed:
    """Messages of one partner in the order they must leave."""

    parcels: tuple[Parcel, ...]


@command
def claim_outbox(*, partner_id: int, at: datetime, limit: int = 50) -> OutboxClaimed:
    """Lease the head of a partner's queue; nothing where another worker holds it or the head is not due yet."""
    hold("outbox", partner_id)
    rows = lock(
        OutboxMessage.objects.filter(
            pk__in=list(
                OutboxMessage.objects.filter(partner_id=partner_id, state="queued")
                .order_by("pk")
                .values_list("pk", flat=True)[:limit]
            ),
            state="queued",
        )
    )
    if not rows or any(row.leased_until and row.leased_until > at for row in rows) or rows[0].due_at > at:
        return OutboxClaimed(())

    for row in rows:
        row.lease += 1
        row.leased_until = at + LEASE
    OutboxMessage.objects.bulk_update(rows, ["lease", "leased_until"])

    code = Agreement.objects.values_list("partner__code", flat=True).get(partner_id=partner_id)
    return OutboxClaimed(
        tuple(Parcel(row.pk, row.lease, code, row.file_name, bytes(row.payload).hex()) for row in rows)
    )
