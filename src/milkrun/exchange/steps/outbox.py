"""Put bytes into the outbox: a file for a partner's folder, an e-mail for an address."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.edi import Envelope, Party
from milkrun.exchange.errors import CannotBeWritten
from milkrun.exchange.models import Agreement, OutboxMessage
from milkrun.kernel import numbering


def queue(
    agreement: Agreement,
    *,
    document_type: str,
    document: tuple[str, int],
    number: str,
    write: Callable[[Envelope], bytes],
    at: datetime,
    version: int = 1,
    held: str = "",
    suffix: str = "edi",
    digits: int = 14,
) -> OutboxMessage:
    """Fix the bytes of a document and put them into the outbox, in the transaction of the business effect.

    Args:
        agreement: with whom, under which identifiers.
        document_type: "CONTRL", "997", "TA1", "DESADV" or "INVOIC".
        document: (kind, id) of the row the document is about.
        number: the document's number, for people.
        write: a pure writer that makes the bytes for an envelope.
        at: when.
        version: counts the documents of this type about the same row.
        held: why it waits for a person before it leaves; "" where it leaves at once.
        suffix: what the file's name ends with.
        digits: how long the control reference is that the dialect has room for.

    Raises:
        CannotBeWritten: a text does not fit the partner's character set or a field's length.
    """
    taken: int = numbering.take(f"interchange:{agreement.partner_id}")
    control = f"{taken % 10**digits:0{digits}d}"
    envelope = Envelope(
        sender=Party(agreement.our_id, agreement.our_qualifier),
        recipient=Party(agreement.their_id, agreement.their_qualifier),
        control=control,
        prepared_at=at,
    )
    try:
        payload = write(envelope)
    except ValueError as problem:
        raise CannotBeWritten(
            _("{document_type} {number} cannot be written: {problem}.").format(
                document_type=document_type, number=number, problem=str(problem).rstrip(".")
            )
        ) from problem
    return OutboxMessage.objects.create(
        partner_id=agreement.partner_id,
        document_type=document_type,
        document_kind=document[0],
        document_id=document[1],
        version=version,
        document_number=number,
        control=control,
        file_name=f"{document_type}_{control}.{suffix}",
        payload=payload,
        sha256=hashlib.sha256(payload).hexdigest(),
        state="held" if held else "queued",
        last_error=held,
        created_at=at,
        due_at=at,
    )


def queue_mail(
    payload: bytes,
    *,
    partner_id: int,
    address: str,
    token: str,
    document: tuple[str, int],
    number: str,
    at: datetime,
    version: int = 1,
) -> OutboxMessage:
    """Put the bytes of an e-mail into the outbox.

    Args:
        payload: the whole message as it will be handed to the mail server.
        partner_id: the company it goes to.
        address: whom it goes to there.
        token: its random id; no other message to this partner has it.
        document: (kind, id) of the row it is about.
        number: what it is about, for people.
        at: when.
        version: counts the e-mails about the same row.
    """
    return OutboxMessage.objects.create(
        channel="email",
        partner_id=partner_id,
        address=address,
        document_type="EMAIL",
        document_kind=document[0],
        document_id=document[1],
        version=version,
        document_number=number[:40],
        control=token,
        file_name=f"{token}.eml",
        payload=payload,
        sha256=hashlib.sha256(payload).hexdigest(),
        created_at=at,
        due_at=at,
    )
