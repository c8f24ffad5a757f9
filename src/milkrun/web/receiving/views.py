"""What is expected from suppliers, and one order with what has come of it."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from milkrun.kernel.errors import Refusal
from milkrun.measure.wording import day, quantity
from milkrun.purchasing import queries as purchasing
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history
from milkrun.web.keeping.places import flag_text
from milkrun.web.tables import Cell, Column, Table, cell, download


@permit("view_stock")
@require_safe
def expected(request: StaffRequest) -> HttpResponse:
    """List orders by the day they are expected."""
    state = request.GET.get("state", "open")
    text = request.GET.get("text", "").strip()[:80]
    as_file = bool(request.GET.get("file"))
    after = "" if as_file else request.GET.get("after", "")
    page = purchasing.orders(request.site.id, "" if state == "all" else state, text, after, 2000 if as_file else 50)
    table = Table(
        (Column(_("Order")), Column(_("Supplier")), Column(_("Expected")), Column(_("Lines"), True),
         Column(_("To come"), True), Column(_("State"))),
        [
            [Cell(row.number, reverse("purchase_order", args=[row.public_id])), cell(f"{row.supplier} "
             f"{row.supplier_name}"), cell(day(row.expected_on)), cell(row.lines), cell(row.open_lines or ""),
             cell(words.state("purchase_order", row.state)[1], tone=words.state("purchase_order", row.state)[0])]
            for row in page.rows
        ],
    )  # fmt: skip
    if as_file:
        return download(table, "orders")
    context = {
        "table": table, "text": text, "state": state, "here": "expected", "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'state': state, 'text': text, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode({'state': state, 'text': text})}",
    }  # fmt: skip
    return pages.page(request, "receiving/expected.html", context)


@permit("view_stock")
@require_safe
def order(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one order."""
    return order_page(request, public_id)


def order_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one order; a limit that its goods would exceed is flagged before they come."""
    found = purchasing.order(request.site.id, public_id, request.zone)
    flags = purchasing.flags(request.site.id, found.lines) if found.row.state == "open" else {}
    lines = [
        {"line": line, "qty": quantity(line.qty, line.unit), "received": quantity(line.received, line.unit),
         "left": quantity(line.left, line.unit) if line.left else "", "day": day(line.expected_on),
         "flags": [flag_text(flag) for flag in flags.get(line.id, ())]}
        for line in found.lines
    ]  # fmt: skip
    count = len(found.lines)
    context = {
        "order": found, "lines": lines, "day": day(found.row.expected_on),
        "lines_text": ngettext("%(n)d line", "%(n)d lines", count) % {"n": count},
        "history": history([("purchase_order", found.row.id)], request.zone),
    }  # fmt: skip
    return pages.page(request, "receiving/order.html", context, refusal=refusal)
