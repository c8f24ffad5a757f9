"""Scans of those who receive, put away, move and count."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.measure.gs1 import Scanned, read_scan, read_sscc
from milkrun.measure.wording import quantity
from milkrun.parts import queries as parts
from milkrun.purchasing import queries as purchasing
from milkrun.purchasing.commands.receive_order import receive_order
from milkrun.stock import queries as stock
from milkrun.stock.commands.count_place import count_place
from milkrun.stock.commands.move_handling_unit import move_handling_unit
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.put_away import put_away
from milkrun.stock.commands.receive_stock import LotFacts, receive_stock
from milkrun.stock.errors import ManyPlaces
from milkrun.stock.queries import lots
from milkrun.stock.queries.aside import Loose, loose
from milkrun.stock.queries.waiting import to_put_away
from milkrun.web.access import StaffRequest
from milkrun.web.acting import typed_quantity
from milkrun.web.floor.working import allow
from milkrun.web.keeping.views import today

Fields = Mapping[str, str]


def receive(request: StaffRequest, fields: Fields, who: dict[str, Any]) -> str:
    """Take goods in: for the order that was scanned, or without one."""
    read = read_scan(fields["scan"], today=today(request))
    part = _part(read)
    qty = typed_quantity(fields["qty"], "qty") if fields["qty"] else read.count
    if qty is None:
        raise Invalid([Problem("qty", _("Say how many came: the label does not tell."))])
    made: dict[str, Any] = {
        "qty": qty, "lot_no": fields["lot"],
        "facts": LotFacts(supplier_lot=read.lot, made_on=read.made_on, expires_on=read.expires_on),
    }  # fmt: skip
    told = {"qty": quantity(qty, part.base_unit), "part": part.number}
    if not fields["subject"]:
        allow(request, "receive_stock")
        receive_stock(site_id=request.site.id, part_id=part.id, reason=fields["note"], **made, **who)
        return _("%(qty)s of %(part)s received, without an order.") % told
    allow(request, "receive_order")
    line = _ordered(request, fields["subject"], part)
    done = receive_order(line_id=line.id, note_no=fields["note"], **made, **who)
    told["order"], told["left"] = line.order_number, quantity(done.open_qty, part.base_unit)
    return _("%(qty)s of %(part)s received for order %(order)s, %(left)s still to come.") % told


def put_in_bin(request: StaffRequest, fields: Fields, who: dict[str, Any]) -> str:
    """Put goods that wait in a staging place into the bin that was scanned."""
    part, lot_id = _goods(request, fields["scan"])
    waiting = [row for row in to_put_away(request.site.id) if row.part_id == part.id and lot_id in (None, row.lot_id)]
    if not waiting:
        raise NotFound(_("No %s waits to be put away. Was it put away before?") % part.number)
    row = waiting[0]
    qty = typed_quantity(fields["qty"], "qty") if fields["qty"] else row.free
    done = put_away(
        site_id=request.site.id, part_id=part.id, from_location_id=row.location_id, lot_id=row.lot_id,
        bin_code=fields["subject"], qty=qty, **who,
    )  # fmt: skip
    told = {"qty": quantity(qty, row.unit), "part": part.number, "bin": done.location}
    if done.exceeded:
        return _("%(qty)s of %(part)s at %(bin)s. The bin is fuller than it should be.") % told
    return _("%(qty)s of %(part)s at %(bin)s.") % told


def move(request: StaffRequest, fields: Fields, who: dict[str, Any]) -> str:
    """Carry a handling unit, a lot or loose goods to the bin that was scanned."""
    target = stock.place(request.site.id, fields["subject"])
    told: dict[str, Any] = {"bin": target.code}
    unit = next((hit for hit in stock.find(request.site.id, fields["scan"]) if hit.exact), None)
    if unit is not None:
        allow(request, "move_handling_unit")
        (key,) = stock.handling_unit_ids(request.site.id, [unit.public_id])
        move_handling_unit(site_id=request.site.id, hu_id=key, to_location_id=target.pk, **who)
        return _("%(unit)s stands at %(bin)s.") % {**told, "unit": read_sscc(fields["scan"])}
    allow(request, "move_stock")
    part, lot_id = _goods(request, fields["scan"])
    row = _stands(request, part, lot_id, fields["from"], target.code)
    qty = typed_quantity(fields["qty"], "qty") if fields["qty"] else row.free
    move_stock(
        site_id=request.site.id, part_id=part.id, from_location_id=row.location_id, to_location_id=target.pk, qty=qty,
        lot_id=row.lot_id, **who,
    )  # fmt: skip
    told |= {"qty": quantity(qty, row.unit), "part": part.number, "from": row.location}
    return _("%(qty)s of %(part)s from %(from)s to %(bin)s.") % told


def count(request: StaffRequest, fields: Fields, who: dict[str, Any]) -> str:
    """Keep what was counted in a bin, and say how far it is from the book."""
    place = stock.place(request.site.id, fields["subject"])
    part, lot_id = _goods(request, fields["scan"], fields["lot"])
    if not fields["qty"]:
        raise Invalid([Problem("qty", _("Type what you counted, 0 where nothing is there."))])
    qty = typed_quantity(fields["qty"], "qty")
    done = count_place(
        site_id=request.site.id, location_id=place.pk, part_id=part.id, lot_id=lot_id, qty=qty,
        counted_at=who["at"] - _waited(fields["age"]), **who,
    )  # fmt: skip
    told = {
        "qty": quantity(qty, part.base_unit), "part": part.number, "bin": place.code, "list": done.number,
        "left": done.left, "off": _signed(done.difference, part.base_unit),
    }  # fmt: skip
    if not done.difference:
        return _("%(qty)s of %(part)s at %(bin)s, as in the book. %(left)d left to count here.") % told
    return _("%(qty)s of %(part)s at %(bin)s: %(off)s against the book, to approve on list %(list)s.") % told


def _waited(age: str) -> timedelta:
    """Tell how long a scan waited on the phone, from its milliseconds; a phone that does not tell has just scanned."""
    return timedelta(milliseconds=int(age)) if age.isascii() and age.isdigit() and len(age) < 12 else timedelta()


def _signed(difference: Decimal, unit: str) -> str:
    return f"{'+' if difference > 0 else '−'}{quantity(abs(difference), unit)}"


def _part(read: Scanned) -> parts.PartView:
    text = read.part or read.text
    hit = next((hit for hit in parts.find(text) if hit.exact), None)
    if hit is None:
        raise NotFound(_("There is no item “%s”. Write its number.") % text[:40])
    return parts.part(hit.public_id)


def _goods(request: StaffRequest, scan: str, lot_no: str = "") -> tuple[parts.PartView, int | None]:
    """Tell part and lot of a scan: the number of a lot, of a part, or a label that names both."""
    read = read_scan(scan, today=today(request))
    known = next((hit for hit in parts.find(read.part or read.text) if hit.exact), None)
    wanted = lot_no or read.lot or ("" if known else read.text)
    part = parts.part(known.public_id) if known else None
    if not wanted and part is not None:
        return part, None
    found = lots.find_lots(wanted, part.id if part else None)
    if not found:
        raise NotFound(_("There is no item or lot “%s”. Scan the label again.") % (wanted or scan)[:40])
    # Our own number says which lot it is; a supplier's or a heat's may stand for many.
    found = [lot for lot in found if lot.number.casefold() == wanted.strip().casefold()] or found
    if len({lot.part_id for lot in found}) > 1:
        raise ManyPlaces(_("More than one item has a lot “%s”. Scan the item's label.") % wanted[:40])
    if len(found) > 1:
        numbers = ", ".join(lot.number for lot in found[:5])
        raise ManyPlaces(
            _("“%(scan)s” stands for several lots of %(part)s: %(lots)s. Scan or write the number of one of them.")
            % {"scan": wanted[:40], "part": found[0].part_number, "lots": numbers},
            lots=numbers,
        )
    return parts.part(found[0].part_public_id), found[0].id


def _stands(request: StaffRequest, part: parts.PartView, lot_id: int | None, source: str, target: str) -> Loose:
    code = source.strip().upper()
    there = [row for row in loose(request.site.id, part.id, lot_id) if row.location != target]
    rows = [row for row in there if not code or row.location == code]
    if not rows:
        raise NotFound(_("No free %s stands there. Look at the item's page for where it is.") % part.number)
    if len(rows) > 1:
        places = ", ".join(dict.fromkeys(row.location for row in rows))
        raise ManyPlaces(
            _("%(part)s stands at %(places)s. Write the place it comes from, or scan its lot.")
            % {"part": part.number, "places": places},
            places=places,
        )
    return rows[0]


def _ordered(request: StaffRequest, number: str, part: parts.PartView) -> purchasing.OrderLineRow:
    lines = purchasing.expected_lines(request.site.id, number)
    line = next((line for line in lines if line.part_id == part.id), None)
    if line is None:
        raise NotFound(
            _("Order %(order)s does not wait for %(part)s. Look at the delivery note, or receive it without an order.")
            % {"order": number[:40], "part": part.number}
        )
    return line
