"""Counting: lists, one list with its differences, and the blind page for the phone."""

import secrets
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milkrun.kernel.errors import Forbidden, Invalid, NotFound, Problem, Refusal
from milkrun.measure.gs1 import read_scan
from milkrun.measure.wording import amount, quantity
from milkrun.parts import queries as parts
from milkrun.stock import queries as stock
from milkrun.stock.commands.approve_count import approve_count
from milkrun.stock.commands.close_count import close_count
from milkrun.stock.commands.create_count import create_count
from milkrun.stock.commands.record_count import record_count
from milkrun.stock.commands.recount import recount
from milkrun.stock.commands.reverse_count import reverse_count
from milkrun.stock.queries import counting, lots, space
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, done_before, typed_quantity, typed_text
from milkrun.web.history import history
from milkrun.web.keeping.actions import number
from milkrun.web.keeping.places import whole
from milkrun.web.keeping.views import money, today
from milkrun.web.tables import Column, Table, cell, download


@permit("view_stock")
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: StaffRequest) -> HttpResponse:
    """List count lists; a form makes a new one."""
    if request.method != "POST":
        return _lists_page(request)
    try:
        if "create_count" not in request.access.actions:
            raise Forbidden(_("Your roles do not allow this: create count. Ask an administrator."))
        typed = typed_text(request, "part", longest=40)
        hit = next((hit for hit in parts.find(typed) if hit.exact), None) if typed else None
        if typed and hit is None:
            raise NotFound(_("There is no item “%s”. Write its number.") % typed)
        place = request.POST.get("location", "")
        done = create_count(
            site_id=request.site.id, title=typed_text(request, "title", longest=80),
            zone=request.POST.get("zone", "")[:24],
            location_ids=(stock.place(request.site.id, place).pk,) if place else (),
            part_ids=(parts.part(hit.public_id).id,) if hit else (), sample=whole(request, "sample") or None,
            seed=secrets.randbelow(2**31), **doing(request, "create_count"),
        )  # fmt: skip
    except Refusal as refusal:
        return _lists_page(request, refusal)
    messages.success(request, _("List %(number)s: %(n)d places to count.") % {"number": done.number, "n": done.lines})
    return redirect("count", public_id=done.public_id)


def _lists_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    state = request.GET.get("state", "open")
    page = counting.counts(request.site.id, request.zone, "" if state == "all" else state, request.GET.get("after", ""))
    context = {
        "rows": page.rows, "state": state, "zones": space.zones(request.site.id),
        "locations": stock.locations(request.site.id), "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'state': state, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode({'state': state})}",
    }  # fmt: skip
    return pages.page(request, "counting/counts.html", context, refusal=refusal)


@permit("view_stock")
@require_safe
def one(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show a list with what differs."""
    return count_page(request, public_id)


def count_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one list."""
    found = counting.count(request.site.id, public_id, request.zone)
    if request.GET.get("file"):
        return download(_table(found), f"count-{found.row.number}")
    rows = [
        {"line": line, "counted": _written(line.counted, line.unit), "book": _written(line.book, line.unit),
         "difference": _written(line.difference, line.unit) if line.difference else "",
         "value": money(line.value_minor, line.currency) if line.difference else "",
         "earlier": [(by, quantity(qty, line.unit)) for by, qty in line.earlier[:-1]]}
        for line in found.lines
    ]  # fmt: skip
    context = {
        "count": found, "rows": rows, "values": [amount(value, currency) for currency, value in found.values],
        "differ": any(line.state == "differs" for line in found.lines),
        "history": history([("count", found.row.id)], request.zone, limit=20),
    }  # fmt: skip
    return pages.page(request, "counting/count.html", context, refusal=refusal)


def _written(value: object, unit: str) -> str:
    return "" if value is None else quantity(value, unit)  # type: ignore[arg-type]


def _table(found: counting.CountView) -> Table:
    columns = (_("Place"), _("Item"), _("Lot"), _("Book"), _("Counted"), _("Difference"), _("Value"), _("State"),
               _("Counted by"), _("At"), _("Reason"))  # fmt: skip
    return Table(
        [Column(title) for title in columns],
        [
            [cell(x.location), cell(x.part_number), cell(x.lot), cell(x.book), cell(x.counted), cell(x.difference),
             cell(money(x.value_minor, x.currency)), cell(words.state("count_line", x.state)[1]), cell(x.counted_by),
             cell(x.counted_at), cell(x.reason)]
            for x in found.lines
        ],
    )  # fmt: skip


@permit("record_count")
@require_http_methods(["GET", "HEAD", "POST"])
def blind(request: StaffRequest, public_id: str) -> HttpResponse:
    """Count without seeing the book."""
    if request.method != "POST":
        return _blind_page(request, public_id)
    try:
        if done_before(request, "record_count"):
            return redirect("count_blind", public_id=public_id)
        location_id, part_id, lot_id = _spot(request, public_id)
        done = record_count(
            count_id=counting.count_id(request.site.id, public_id), location_id=location_id, part_id=part_id,
            lot_id=lot_id, qty=typed_quantity(request.POST.get("qty", ""), "qty"), **doing(request, "record_count"),
        )  # fmt: skip
    except Refusal as refusal:
        return _blind_page(request, public_id, refusal)
    if done.left == 0:
        messages.success(request, _("Counted. Nothing is left on this list."))
        return redirect("count", public_id=public_id)
    messages.success(request, _("Counted. %d to go.") % done.left)
    return redirect("count_blind", public_id=public_id)


def _spot(request: StaffRequest, public_id: str) -> tuple[int, int, int | None]:
    """Find what is counted: a place of the list, or another one by scans of place, item and lot."""
    if request.POST.get("line"):
        key = number(request, "line", _("Choose a place."))
        for line in counting.count(request.site.id, public_id, request.zone).lines:
            if line.id == key:
                return line.location_id, line.part_id, line.lot_id
        raise NotFound(_("This place is not on the list. Load the page again."))
    place = stock.place(request.site.id, typed_text(request, "location", _("Scan the place."), 24))
    read = read_scan(typed_text(request, "scan", _("Scan the item."), 120), today=today(request))
    hit = next((hit for hit in parts.find(read.part or read.text) if hit.exact), None)
    if hit is None:
        raise NotFound(_("There is no item “%s”. Write its number.") % read.text[:40])
    part = parts.part(hit.public_id)
    lot_no = typed_text(request, "lot_no", longest=40) or read.lot
    found = lots.find_lots(lot_no, part.id) if lot_no else []
    if lot_no and not found:
        raise Invalid([Problem("lot_no", _("This item has no lot “%s”.") % lot_no)])
    return place.pk, part.id, found[0].id if found else None


def _blind_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    found = counting.count(request.site.id, public_id, request.zone)
    left = [line for line in found.lines if line.state == "open"]
    wanted = request.GET.get("line", "") or request.POST.get("line", "")
    chosen = next((line for line in left if str(line.id) == wanted), left[0] if left else None)
    context = {
        "count": found, "left": left[:100], "chosen": chosen, "here": reverse("count_blind", args=[public_id]),
        "done": len(found.lines) - len(left), "all": len(found.lines),
        "percent": 100 * (len(found.lines) - len(left)) // max(len(found.lines), 1),
    }  # fmt: skip
    return pages.page(request, "counting/blind.html", context, refusal=refusal)


def _keys(request: StaffRequest) -> list[int]:
    texts = [text for text in request.POST.getlist("line") if text.isascii() and text.isdigit() and len(text) < 19]
    if not texts:
        raise Invalid([Problem("line", _("Choose at least one place."))])
    return [int(text) for text in texts]


@permit("recount")
@require_POST
def again(request: StaffRequest, public_id: str) -> HttpResponse:
    """Ask for a second count."""
    try:
        key = counting.count_id(request.site.id, public_id)
        recount(count_id=key, line_ids=_keys(request), **doing(request, "recount"))
    except Refusal as refusal:
        return count_page(request, public_id, refusal)
    messages.success(request, _("Open again, for somebody else."))
    return redirect("count", public_id=public_id)


@permit("approve_count")
@require_POST
def approve(request: StaffRequest, public_id: str) -> HttpResponse:
    """Post differences."""
    try:
        key = counting.count_id(request.site.id, public_id)
        approve_count(
            count_id=key, line_ids=_keys(request), reason=typed_text(request, "reason"),
            **doing(request, "approve_count"),
        )  # fmt: skip
    except Refusal as refusal:
        return count_page(request, public_id, refusal)
    messages.success(request, _("Posted: the book says what was counted."))
    return redirect("count", public_id=public_id)


@permit("reverse_count")
@require_POST
def take_back(request: StaffRequest, public_id: str) -> HttpResponse:
    """Take a posted difference back."""
    try:
        reverse_count(
            count_id=counting.count_id(request.site.id, public_id),
            line_id=number(request, "line", _("Choose a place.")), reason=typed_text(request, "reason"),
            **doing(request, "reverse_count"),
        )  # fmt: skip
    except Refusal as refusal:
        return count_page(request, public_id, refusal)
    messages.success(request, _("Taken back by a movement in the other direction."))
    return redirect("count", public_id=public_id)


@permit("close_count")
@require_POST
def close(request: StaffRequest, public_id: str) -> HttpResponse:
    """Close a list."""
    try:
        close_count(count_id=counting.count_id(request.site.id, public_id), **doing(request, "close_count"))
    except Refusal as refusal:
        return count_page(request, public_id, refusal)
    messages.success(request, _("The list is closed."))
    return redirect("counts")
