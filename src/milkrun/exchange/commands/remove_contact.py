"""Take an e-mail address of a partner away."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.exchange.models import Contact
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one


@dataclass(frozen=True, slots=True)
class ContactRemoved:
    """Nothing is sent to this address any more for this kind."""

    email: str
    kind: str


@command
def remove_contact(*, contact_id: int, actor: Actor, at: datetime, request: Request | None = None) -> ContactRemoved:
    """Remove an address; what was sent to it stays in the list of messages.

    Raises:
        NotFound: there is none.
    """
    row = lock_one(Contact.objects.filter(pk=contact_id), noun="contact")

    Contact.objects.filter(pk=row.pk).delete()

    facts = {"email": row.email, "kind": row.kind}
    journal.write([journal.Entry("remove_contact", "partner", row.partner_id, facts=facts)], actor=actor, at=at)
    return ContactRemoved(row.email, row.kind)
