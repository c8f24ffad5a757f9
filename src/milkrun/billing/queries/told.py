"""Invoices as events tell of them."""

from collections.abc import Iterable

from milkrun.billing.models import Invoice
from milkrun.measure.money import from_minor


def invoices_told(ids: Iterable[int]) -> dict[int, dict[str, object]]:
    """Describe invoices by their key; amounts in units of the currency."""
    rows = Invoice.objects.filter(pk__in=list(ids)).select_related("site", "partner")
    return {
        row.pk: {
            "site": row.site.code,
            "invoice_id": row.public_id,
            "number": row.number,
            "customer": row.partner.code,
            "net": f"{from_minor(row.net_amount, row.currency):f}",
            "tax": f"{from_minor(row.tax_amount, row.currency):f}",
            "gross": f"{from_minor(row.gross_amount, row.currency):f}",
            "currency": row.currency,
        }
        for row in rows
    }
