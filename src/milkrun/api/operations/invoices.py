"""Invoices: issued for a delivery that has left."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from milkrun.api.door import by
from milkrun.api.fields import Cursor, Listed, listed
from milkrun.api.operations.calls import Nothing
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.routes import reads, runs
from milkrun.billing.commands.issue_invoice import issue_invoice
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


@reads(router, "/sites/{site}/invoices", "list_invoices", Listed[InvoiceRecord], action="view_billing")
def list_invoices(request: HttpRequest, site: SiteCode, query: Query[Cursor]) -> Any:
    """List the invoices of a site, newest first."""
    return listed(invoice_records(site_of(site).id, query.cursor, query.limit))


@reads(router, "/sites/{site}/invoices/{invoice_id}", "get_invoice", InvoiceDetail, action="view_billing")
def get_invoice(request: HttpRequest, site: SiteCode, invoice_id: Id) -> Any:
    """Read one invoice with its lines."""
    return invoice_record(site_of(site).id, invoice_id)
