"""Receiving by scan, put-away and verdicts: pages for a phone at the gate."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.measure.gs1 import Scanned, read_scan
from milkrun.measure.wording import quantity
from milkrun.parts import queries as parts
from milkrun.purchasing import queries as purchasing
from milkrun.purchasing.commands.close_order import close_order
from milkrun.purchasing.commands.place_order import OrderedGoods, place_order
from milkrun.purchasing.commands.receive_order import receive_order
from milkrun.purchasing.commands.reverse_receipt import reverse_receipt
from milkrun.shipping.queries.waiting import waiting_for
from milkrun.stock import queries as stock
from milkrun.stock.commands.inspect_stock import inspect_stock
from milkrun.stock.commands.put_away import put_away
from milkrun.stock.commands.receive_stock import LotFacts, receive_stock
from milkrun.stock.queries.space import receiving_place
from milkrun.stock.queries.waiting import Waiting, in_quarantine, to_put_away
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, done_before, typed_quantity, typed_text
from milkrun.web.keeping.actions import number, typed_day
from milkrun.web.keeping.places import tell_flags
from milkrun.web.keeping.views import today
from milkrun.web.receiving.views import order_page

ORDER_LINES = 8


@permit("receive_stock")
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: StaffRequest) -> HttpResponse:
    """Receive by scan: find what a scan means, then take the goods in."""
    if request.method == "POST":
        return _take_in(request)
    return scan_page(request)


def scan_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render what the scans so far say: lines that expect the goods, or a part without an order, and a form."""
    data = request.POST if request.method == "POST" else request.GET
    text = data.get("scan", "").strip()[:120]
    read = read_scan(text, today=today(request))
    chosen, part, unknown = _meant(request, data.get("line", ""), data.get("part", ""), read, text)
    lines = [] if chosen or part else purchasing.expected_lines(request.site.id, _name(read, text)) if text else []
    if len(lines) == 1 and text:
        chosen, lines = lines[0], []
    if chosen:
        part = parts.part(chosen.part_public_id)
    context: dict[str, Any] = {
        "here": "scan", "scan": text, "lines": lines, "chosen": chosen, "part": part,
        "unknown": unknown and not lines and not chosen,
        "left": quantity(chosen.left, chosen.unit) if chosen else "",
        "place": receiving_place(request.site.id, part.id) if part else None,
        "locations": stock.locations(request.site.id) if part else (),
        "suggested": _suggested(read, chosen, data),
        "suppliers": purchasing.suppliers() if part and not chosen else (),
        "waiting": waiting_for(request.site.id, part.id, request.zone)[:3] if part else (),
    }  # fmt: skip
    return pages.page(request, "receiving/scan.html", context, refusal=refusal)


def _meant(
    request: StaffRequest, line: str, part_public_id: str, read: Scanned, text: str
) -> tuple[purchasing.OrderLineRow | None, parts.PartView | None, bool]:
    if line:
        return purchasing.order_line(request.site.id, line), None, False
    if part_public_id:
        return None, parts.part(part_public_id), False
    if not text or purchasing.expected_lines(request.site.id, _name(read, text), limit=1):
        return None, None, False
    hit = next((hit for hit in parts.find(_name(read, text)) if hit.exact), None)
    return None, parts.part(hit.public_id) if hit else None, hit is None


def _name(read: Scanned, text: str) -> str:
    """Return what in a scan names the goods: the part or the order, else the whole text."""
    return read.part or read.order or text


def _suggested(read: Scanned, chosen: purchasing.OrderLineRow | None, data: Any) -> dict[str, str]:
    """Fill the form from the scan; what was typed after a refusal wins."""
    count = f"{read.count:f}" if read.count is not None else f"{chosen.left:f}" if chosen and chosen.left else ""
    found = {
        "qty": count, "supplier_lot": read.lot,
        "expires_on": read.expires_on.isoformat() if read.expires_on else "",
        "made_on": read.made_on.isoformat() if read.made_on else "",
    }  # fmt: skip
    names = ("qty", "supplier_lot", "lot_no", "heat", "made_on", "expires_on", "note_no", "location", "supplier")
    return found | {name: data[name] for name in names if data.get(name)}


def _take_in(request: StaffRequest) -> HttpResponse:
    try:
        facts = LotFacts(
            supplier_id=number(request, "supplier", "") if request.POST.get("supplier") else None,
            supplier_lot=typed_text(request, "supplier_lot", longest=40), heat=typed_text(request, "heat", longest=40),
            made_on=typed_day(request, "made_on"), expires_on=typed_day(request, "expires_on"),
        )  # fmt: skip
        given: dict[str, Any] = {
            "qty": typed_quantity(request.POST.get("qty", ""), "qty"), "unit": request.POST.get("unit", ""),
            "location_id": stock.place(request.site.id, request.POST["location"]).pk
            if request.POST.get("location") else None,
            "lot_no": typed_text(request, "lot_no", longest=40), "facts": facts,
        }  # fmt: skip
        note = typed_text(request, "note_no", longest=35)
        line = request.POST.get("line", "")
        if line:
            done = receive_order(
                line_id=purchasing.order_line(request.site.id, line).id, note_no=note,
                accept_more=request.POST.get("accept_more") == "1" and "accept_more" in request.access.actions,
                **given, **doing(request, "receive_order"),
            )  # fmt: skip
            exceeded, left = done.exceeded, done.open_qty
            received = parts.part(purchasing.order_line(request.site.id, line).part_public_id)
        else:
            part = parts.part(request.POST.get("part", ""))
            free = receive_stock(
                site_id=request.site.id, part_id=part.id, reason=note, **given, **doing(request, "receive_stock")
            )
            exceeded, left, received = free.exceeded, Decimal(0), part
    except Refusal as refusal:
        return scan_page(request, refusal)
    messages.success(request, _("Received. %s still to come on this line.") % f"{left:f}" if left else _("Received."))
    tell_flags(request, exceeded)
    if "cross_dock_receipt" in request.access.actions and waiting_for(request.site.id, received.id, request.zone):
        return redirect(f"{reverse('cross_dock')}?{urlencode({'scan': received.number, 'taken': '1'})}")
    return redirect("receive_scan")


@permit("place_order")
@require_http_methods(["GET", "HEAD", "POST"])
def new_order(request: StaffRequest) -> HttpResponse:
    """Type an order to a supplier."""
    if request.method != "POST":
        return _order_form(request)
    try:
        expected_on = typed_day(request, "expected_on")
        if expected_on is None:
            raise Invalid([Problem("expected_on", _("Say when the goods are expected."))])
        done = place_order(
            site_id=request.site.id, supplier_id=number(request, "supplier", _("Choose a supplier.")),
            goods=_typed_lines(request), expected_on=expected_on, number=typed_text(request, "number", longest=35),
            over_basis_points=int(typed_quantity(request.POST.get("over", "") or "0", "over") * 100),
            **doing(request, "place_order"),
        )  # fmt: skip
    except Refusal as refusal:
        return _order_form(request, refusal)
    messages.success(request, _("Order %s is placed.") % done.number)
    return redirect("purchase_order", public_id=done.public_id)


def _order_form(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    rows = [
        {"n": n, "part": request.POST.get(f"part_{n}", ""), "qty": request.POST.get(f"qty_{n}", "")}
        for n in range(1, ORDER_LINES + 1)
    ]
    context = {"suppliers": purchasing.suppliers(), "rows": rows, "today": today(request).isoformat()}
    return pages.page(request, "receiving/new_order.html", context, refusal=refusal)


def _typed_lines(request: StaffRequest) -> tuple[OrderedGoods, ...]:
    found = []
    for n in range(1, ORDER_LINES + 1):
        text = typed_text(request, f"part_{n}", longest=40)
        if not text:
            continue
        hit = next((hit for hit in parts.find(text) if hit.exact), None)
        if hit is None:
            raise NotFound(_("There is no item “%s”. Write its number.") % text)
        qty = typed_quantity(request.POST.get(f"qty_{n}", ""), f"qty_{n}")
        found.append(OrderedGoods(parts.part(hit.public_id).id, qty))
    return tuple(found)


@permit("close_order")
@require_POST
def close(request: StaffRequest, public_id: str) -> HttpResponse:
    """Expect nothing more of an order."""
    try:
        row = purchasing.order(request.site.id, public_id, request.zone).row
        close_order(order_id=row.id, reason=typed_text(request, "reason"), **doing(request, "close_order"))
    except Refusal as refusal:
        return order_page(request, public_id, refusal)
    messages.success(request, _("The order is closed."))
    return redirect("purchase_order", public_id=public_id)


@permit("reverse_receipt")
@require_POST
def take_back(request: StaffRequest, public_id: str) -> HttpResponse:
    """Take a receipt back."""
    try:
        key = purchasing.receipt_id(request.site.id, public_id, number(request, "receipt", _("Choose a receipt.")))
        reverse_receipt(receipt_id=key, reason=typed_text(request, "reason"), **doing(request, "reverse_receipt"))
    except Refusal as refusal:
        return order_page(request, public_id, refusal)
    messages.success(request, _("Taken back; the goods are expected again."))
    return redirect("purchase_order", public_id=public_id)


@permit("put_away")
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: StaffRequest) -> HttpResponse:
    """Put goods away: what waits, with the bin proposed, confirmed by a scan of the bin."""
    if request.method != "POST":
        return _waiting_page(request)
    try:
        if done_before(request, "put_away"):
            return redirect("put_away")
        row = _row(to_put_away(request.site.id), number(request, "balance", _("Choose what to put away.")))
        done = put_away(
            site_id=request.site.id, part_id=row.part_id, from_location_id=row.location_id, lot_id=row.lot_id,
            bin_code=typed_text(request, "scan", _("Scan the bin."), longest=24),
            qty=typed_quantity(request.POST.get("qty", ""), "qty"), **doing(request, "put_away"),
        )  # fmt: skip
    except Refusal as refusal:
        return _waiting_page(request, refusal)
    messages.success(request, _("It stands at %s.") % done.location)
    tell_flags(request, done.exceeded)
    return redirect("put_away")


def _waiting_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    rows = to_put_away(request.site.id)
    text = data.get("find", "").strip()[:120]
    if text:
        rows = _found(rows, text, today(request))
    wanted = data.get("balance", "")
    chosen = next((row for row in rows if str(row.balance_id) == wanted), rows[0] if len(rows) == 1 else None)
    context = {
        "here": "put_away", "rows": [_shown(row) for row in rows], "chosen": _shown(chosen) if chosen else None,
        "find": text, "back": reverse("put_away"),
    }  # fmt: skip
    return pages.page(request, "receiving/put_away.html", context, refusal=refusal)


def _found(rows: list[Waiting], text: str, on: date) -> list[Waiting]:
    """Keep what a scan names: part, lot or both."""
    read = read_scan(text, today=on)
    key = parts.number_key(read.part or text)
    hits = [row for row in rows if parts.number_key(row.part_number) == key or (row.lot and row.lot == read.lot)]
    return hits or [row for row in rows if row.lot == text]


def _shown(row: Waiting) -> dict[str, Any]:
    why = {"fixed": _("its own bin"), "same_part": _("stands there already"), "empty": _("empty bin")}
    return {"row": row, "qty": quantity(row.free, row.unit), "plain": f"{row.free:f}", "why": why.get(row.why, ""),
            "all": quantity(row.on_hand, row.unit)}  # fmt: skip


def _row(rows: list[Waiting], key: int) -> Waiting:
    found = next((row for row in rows if row.balance_id == key), None)
    if found is None:
        raise NotFound(_("These goods no longer wait here. Load the page again."))
    return found


@permit("inspect_stock")
@require_http_methods(["GET", "HEAD", "POST"])
def quarantine(request: StaffRequest) -> HttpResponse:
    """Judge what stands in quarantine."""
    if request.method != "POST":
        return _quarantine_page(request)
    try:
        if done_before(request, "inspect_stock"):
            return redirect("quarantine")
        row = _row(in_quarantine(request.site.id), number(request, "balance", _("Choose what you inspected.")))
        done = inspect_stock(
            site_id=request.site.id, part_id=row.part_id, location_id=row.location_id, lot_id=row.lot_id,
            qty=typed_quantity(request.POST.get("qty", ""), "qty"), verdict=request.POST.get("verdict", ""),
            cause=request.POST.get("cause", "damaged"), reason=typed_text(request, "reason"),
            **doing(request, "inspect_stock"),
        )  # fmt: skip
    except Refusal as refusal:
        return _quarantine_page(request, refusal)
    messages.success(request, words.word("verdict_done", done.verdict))
    return redirect("quarantine")


def _quarantine_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    rows = [_shown(row) for row in in_quarantine(request.site.id)]
    context = {"here": "quarantine", "rows": rows, "causes": list(words.CAUSES.items())}
    return pages.page(request, "receiving/quarantine.html", context, refusal=refusal)
