"""Queue the e-mail of an invoice whose paper was rendered: after the commit of the bill, from its snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.billing.models import Invoice
from milkrun.exchange.steps import Attachment, notify
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock_one
from milkrun.measure.wording import amount


@dataclass(frozen=True, slots=True)
class InvoiceMailed:
    """How many addresses the invoice goes to; 0 where it was queued before, or the customer has none."""

    invoice_id: int
    addresses: int


@command
def mail_invoice(*, invoice_id: int, attachments: Sequence[Attachment], actor: Actor, at: datetime) -> InvoiceMailed:
    """Send the files to every address the customer gave for invoices; a second time changes nothing.

    Args:
        invoice_id: the invoice or credit note.
        attachments: (file name, type, content) of each file.
        actor: who sends.
        at: when.

    Raises:
        NotFound: there is no such invoice.
    """
    row = lock_one(Invoice.objects.filter(pk=invoice_id).select_related("credits"), noun="invoice")
    if row.dispatched_at is not None:
        return InvoiceMailed(row.pk, 0)

    total = amount(row.gross_amount, row.currency)
    if row.credits is None:
        kind, subject = "invoice_issued", _("Invoice {number} of {issued_on} over {total}")
        body = _("Invoice {number} of {issued_on} over {total} is attached.")
    else:
        kind, subject = "credit_note_issued", _("Credit note {number} of {issued_on} over {total}")
        body = _("Credit note {number} of {issued_on} over {total} is attached.")
    about = {"number": row.number, "issued_on": row.issued_on, "total": total}
    due = " " + _("It is due on {due_on}.").format(due_on=row.due_on) if row.due_on else ""
    told = notify(
        kind=kind,
        subject=subject.format(**about),
        body=body.format(**about) + due,
        at=at,
        actor=actor,
        partner_id=row.partner_id,
        site_id=row.site_id,
        document_kind="invoice",
        document_id=row.pk,
        attachments=attachments,
    )
    Invoice.objects.filter(pk=row.pk).update(dispatched_at=at)

    copies = told.mails.count()
    facts = {"addresses": copies}
    entry = journal.Entry("mail_invoice", "invoice", row.pk, site_id=row.site_id, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return InvoiceMailed(row.pk, copies)
