"""Tell the party that a change concerns: a partner by e-mail, a role or a person on their pages."""

from collections.abc import Sequence
from datetime import datetime

from milkrun.exchange.models import Contact, Mail, Notification
from milkrun.exchange.steps.mail import Attachment, write_mail
from milkrun.exchange.steps.outbox import queue_mail
from milkrun.kernel.identity import Actor, new_public_id
from milkrun.kernel.told import told
from milkrun.partners.queries import writing_to
from milkrun.partners.steps import own_house


def notify(
    *,
    kind: str,
    subject: str,
    body: str,
    at: datetime,
    actor: Actor,
    partner_id: int | None = None,
    role: str = "",
    user_id: int | None = None,
    site_id: int | None = None,
    document_kind: str = "",
    document_id: int | None = None,
    attachments: Sequence[Attachment] = (),
    mail_to: Sequence[str] = (),
) -> Notification:
    """Write a notification, and an e-mail to each address that the partner gave for this kind.

    A partner without an address still has the notification in its list: what it could not be told is seen there.

    Args:
        kind: what happened ("delivery_issued"); a partner's addresses are kept by kind.
        subject: one line.
        body: plain text, the whole of the change: old and new value, document and date.
        at: when.
        actor: who made the change.
        partner_id: the company it concerns.
        role: everybody with this role, at the site where one is given.
        user_id: one person.
        site_id: our site it is about.
        document_kind: the row it is about ("delivery"); "" where there is none.
        document_id: its key.
        attachments: files that go with the e-mails.
        mail_to: addresses of people of ours who get it by e-mail too.
    """
    row = Notification.objects.create(
        kind=kind,
        subject=" ".join(subject.split())[:200],
        body=body,
        partner_id=partner_id,
        role=role,
        user_id=user_id,
        site_id=site_id,
        document_kind=document_kind,
        document_id=document_id,
        actor=actor.name[:120],
        at=at,
    )
    if partner_id is not None:
        contacts = Contact.objects.filter(partner_id=partner_id, kind__in=("", row.kind))
        addresses = contacts.order_by("email").values_list("email", flat=True).distinct()
        _mail(row, partner_id, list(addresses), at, attachments)
    elif mail_to:
        _mail(row, own_house().pk, mail_to, at, attachments)
    return row


def _mail(
    row: Notification, partner_id: int, addresses: Sequence[str], at: datetime, attachments: Sequence[Attachment]
) -> None:
    with writing_to(partner_id):
        subject, body = told(row.subject), told(row.body)
    for version, address in enumerate(addresses, 1):
        token = new_public_id() + new_public_id()
        message = write_mail(to=address, subject=subject, body=body, token=token, at=at, attachments=attachments)
        queued = queue_mail(
            message,
            partner_id=partner_id,
            address=address,
            token=token,
            document=("notification", row.pk),
            number=row.kind,
            version=version,
            at=at,
        )
        Mail.objects.create(notification=row, address=address, token=token, outbox=queued)
