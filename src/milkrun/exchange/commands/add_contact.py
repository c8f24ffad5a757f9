"""Add an e-mail address of a partner, for one kind of notification or for all."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.exchange.errors import ContactTaken
from milkrun.exchange.models import Contact
from milkrun.exchange.states import NOTIFICATION_KINDS
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.partners.models import Partner

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class ContactAdded:
    """The partner is told at this address from now on."""

    contact_id: int
    email: str
    kind: str


@command
def add_contact(
    *,
    partner_id: int,
    email: str,
    actor: Actor,
    at: datetime,
    kind: str = "",
    name: str = "",
    request: Request | None = None,
) -> ContactAdded:
    """Add an address; notifications written before are not sent to it.

    Args:
        partner_id: the company.
        email: the address; kept in small letters.
        actor: who adds it.
        at: when.
        kind: one of the kinds of notification, "" for all of them.
        name: the person or desk behind it.

    Raises:
        Invalid: no address, or no such kind.
        ContactTaken: the partner has this address for this kind already.
    """
    email = email.strip().lower()
    problems = []
    if not _ADDRESS.fullmatch(email) or ".." in email:
        problems.append(Problem("email", _("“{email}” is no e-mail address.").format(email=email[:60]), "no_address"))
    if kind and kind not in NOTIFICATION_KINDS:
        problems.append(
            Problem(
                "kind",
                _("Known kinds are {notification_kinds}.").format(notification_kinds=", ".join(NOTIFICATION_KINDS)),
                "unknown_kind",
            )
        )
    if problems:
        raise Invalid(problems)
    partner = lock_one(Partner.objects.filter(pk=partner_id), noun="partner")
    if Contact.objects.filter(partner=partner, email=email, kind=kind).exists():
        raise ContactTaken(_("{email} is told of this already.").format(email=email), email=email, kind=kind)

    row = Contact.objects.create(partner=partner, email=email, kind=kind, name=name.strip()[:80])

    facts = {"email": email, "kind": kind}
    journal.write([journal.Entry("add_contact", "partner", partner.pk, facts=facts)], actor=actor, at=at)
    return ContactAdded(row.pk, email, kind)
