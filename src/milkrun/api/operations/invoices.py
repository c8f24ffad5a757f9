"""Invoices: issued for a delivery or for all that is due, credited, cancelled."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Count, Cursor, Listed, Reason, listed
from milkrun.api.operations.calls import Nothing, ReasonBody
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.routes import reads, runs
from milkrun.billing.commands.cancel_invoice import cancel_invoice
from milkrun.billing.commands.issue_credit_note import issue_credit_note
from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.billing.commands.issue_invoices import issue_invoices
from milkrun.billing.queries import invoice_id as invoice_key
from milkrun.billing.queries.records import InvoiceDetail, InvoiceRecord, invoice_record, invoice_records
from milkrun.demand.queries.records import call_public_ids
from milkrun.shipping.queries.records import delivery_id as delivery_key

router = Router(tags=["invoices"])


class InvoiceIssuedReply(Schema):
    """The invoice, its amounts in units of the currency, and the calls it completed."""

    invoice_id: str
    number: str
    net: str
    tax: str
    gross: str
    currency: str
    completed_call_ids: list[str]


@runs(router, "/sites/{site}/deliveries/{delivery_id}/invoice", "issue_invoice", InvoiceIssuedReply)
def post_invoice(request: HttpRequest, site: SiteCode, delivery_id: Id, body: Nothing) -> Any:
    """Bill every line of an issued delivery; the calls are completed and the invoice is queued."""
    done = issue_invoice(delivery_id=delivery_key(site_of(site).id, delivery_id), **by(request))
    return InvoiceIssuedReply(
        invoice_id=done.public_id,
        number=done.number,
        net=f"{done.net:f}",
        tax=f"{done.tax:f}",
        gross=f"{done.gross:f}",
        currency=done.currency,
        completed_call_ids=list(call_public_ids(done.completed_call_ids)),
    )


class NotBilledReply(Schema):
    """Deliveries that were left out, and why."""

    partner: str
    deliveries: list[str]
    reason: str


class InvoicesIssuedReply(Schema):
    """The numbers of the invoices, what was left out, and how many deliveries wait for their day or week to end."""

    numbers: list[str]
    left_out: list[NotBilledReply]
    not_due: int


class CreditBody(Body):
    """Lines of the invoice, and why they are credited."""

    lines: Annotated[list[Count], Field(min_length=1, max_length=1000)]
    reason: Reason


class CreditNoteReply(Schema):
    """The credit note, and the calls that are open for billing again."""

    invoice_id: str
    number: str
    reopened_call_ids: list[str]


@runs(router, "/sites/{site}/invoices/due", "issue_invoices", InvoicesIssuedReply)
def post_due(request: HttpRequest, site: SiteCode, body: Nothing) -> Any:
    """Bill everything that is due by the customers' rules; what has no price is left out and named."""
    done = issue_invoices(site_id=site_of(site).id, **by(request))
    left = [NotBilledReply(partner=x.partner, deliveries=list(x.deliveries), reason=x.reason) for x in done.left_out]
    return InvoicesIssuedReply(numbers=list(done.numbers), left_out=left, not_due=done.not_due)


@runs(router, "/sites/{site}/invoices/{invoice_id}/credit", "issue_credit_note", CreditNoteReply)
def post_credit(request: HttpRequest, site: SiteCode, invoice_id: Id, body: CreditBody) -> Any:
    """Credit whole lines of an invoice; what they billed can be billed again."""
    key = invoice_key(site_of(site).id, invoice_id)
    done = issue_credit_note(invoice_id=key, lines=tuple(body.lines), reason=body.reason, **by(request))
    calls = list(call_public_ids(done.reopened_call_ids))
    return CreditNoteReply(invoice_id=done.public_id, number=done.number, reopened_call_ids=calls)


@runs(router, "/sites/{site}/invoices/{invoice_id}/cancel", "cancel_invoice", CreditNoteReply)
def post_cancel(request: HttpRequest, site: SiteCode, invoice_id: Id, body: ReasonBody) -> Any:
    """Cancel a bill by a credit note over all of it; its calls are open again."""
    done = cancel_invoice(invoice_id=invoice_key(site_of(site).id, invoice_id), reason=body.reason, **by(request))
    calls = list(call_public_ids(done.reopened_call_ids))
    return CreditNoteReply(invoice_id=done.public_id, number=done.number, reopened_call_ids=calls)


@reads(router, "/sites/{site}/invoices", "list_invoices", Listed[InvoiceRecord], action="view_billing")
def list_invoices(request: HttpRequest, site: SiteCode, query: Query[Cursor]) -> Any:
    """List the invoices of a site, newest first."""
    return listed(invoice_records(site_of(site).id, query.cursor, query.limit))


@reads(router, "/sites/{site}/invoices/{invoice_id}", "get_invoice", InvoiceDetail, action="view_billing")
def get_invoice(request: HttpRequest, site: SiteCode, invoice_id: Id) -> Any:
    """Read one invoice with its lines."""
    return invoice_record(site_of(site).id, invoice_id)
