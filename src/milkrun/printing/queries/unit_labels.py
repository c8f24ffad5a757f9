"""What a handling unit's label says at this moment, and whether the last one still says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from milkrun.demand.models import Component, PackingGroup, PackingSlot, RackFrame
from milkrun.demand.queries import racks_of_units
from milkrun.kernel.plugins import points
from milkrun.labels import SOURCES, layout_from, values
from milkrun.labels.sources import Source
from milkrun.measure.wording import moment
from milkrun.parts.models import CustomerPart
from milkrun.printing.models import PrintJob
from milkrun.shipping.models import DeliveryLine
from milkrun.stock.models import Balance, HandlingUnit
from milkrun.stock.steps.handling_units import tree

# What changes by itself, or stands on the paper only.
NOT_COMPARED = frozenset({"date", "copy", "link", "hu.location"})


@dataclass(frozen=True, slots=True)
class LastLabel:
    """The last label that was printed for a unit, and what has changed since: (meaning, printed, now)."""

    template: str
    copy_no: int
    at: str
    by: str
    changed: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    number: str
    customer_number: str
    description: str
    qty: Decimal
    unit: str
    lot: str
    order: str
    call: Any


# What plug-ins add stands in the one list of what labels can show.
SOURCES.update({name: Source(meaning, sample) for name, (meaning, sample, _say) in points().placeholders.items()})


def unit_data(unit: HandlingUnit, at: datetime) -> dict[str, str]:
    """Gather what a label can say of a unit now; what is not known is left out.

    Args:
        unit: with site, location and parent loaded.
        at: the time of printing.
    """
    key = racks_of_units([unit.pk]).get(unit.pk)
    rack = PackingGroup.objects.filter(pk=key or 0).select_related("partner", "stream").first()
    lines = list(
        DeliveryLine.objects.filter(hu=unit, live=True)
        .select_related("delivery__partner", "delivery__ship_to", "part", "component__group__call")
        .order_by("line_no")
    )
    pieces = [_of_line(line) for line in lines] or _inside(unit, rack)
    known = {
        **_of_unit(unit, at),
        **_of_rack(rack),
        **_of_frame(unit),
        **_of_pieces(pieces),
        **_of_calls([piece.call for piece in pieces if piece.call]),
        **(_of_delivery(lines[0]) if lines else {}),
    }
    plain = {name: text for name, text in known.items() if text}
    added = {name: say(plain) for name, (_meaning, _sample, say) in points().placeholders.items()}
    return plain | {name: text for name, text in added.items() if text}


def _of_unit(unit: HandlingUnit, at: datetime) -> dict[str, str]:
    site = unit.site
    inner = HandlingUnit.objects.filter(parent=unit).count()
    base = settings.MILKRUN_PUBLIC_URL.rstrip("/")
    return {
        "company.name": site.name,
        "company.address": ", ".join(filter(None, (site.street, site.city))),
        "sscc": unit.sscc,
        "tag.number": unit.sscc,
        "parent.sscc": unit.parent.sscc if unit.parent else "",
        "hu.kind": unit.kind,
        "hu.location": unit.location.code,
        "boxes": str(inner or ""),
        "date": at.astimezone(ZoneInfo(site.zone)).date().isoformat(),
        "link": f"{base}/stock/units/{unit.public_id}" if base else "",
    }


def _of_rack(rack: PackingGroup | None) -> dict[str, str]:
    if rack is None or rack.stream is None:
        return _customer(rack.partner) if rack else {}
    slots = list(
        PackingSlot.objects.filter(packing_group=rack, group__isnull=False)
        .select_related("group__call")
        .prefetch_related("group__components")
        .order_by("position")
    )
    lines = []
    for slot in slots:
        if slot.group:
            parts = ", ".join(row.customer_part_no for row in sorted(slot.group.components.all(), key=_line_no))
            lines.append(f"{slot.position}  {slot.group.call.sequence_text}  {parts}")
    texts = [slot.group.call.sequence_text for slot in slots if slot.group]
    return {
        **_customer(rack.partner),
        "rack.title": str(rack),
        "rack.number": str(rack.rack_no),
        "rack.load": str(rack.load_no),
        "sequence.from": texts[0] if texts else "",
        "sequence.to": texts[-1] if texts else "",
        "slots": "\n".join(lines),
    }


def _of_frame(unit: HandlingUnit) -> dict[str, str]:
    """Say what a frame carries: its racks, each with the first and the last of its sequence."""
    frame = RackFrame.objects.filter(hu=unit).select_related("stream").first()
    if frame is None:
        return {}
    lines, ends = [], []
    for rack in frame.racks.select_related("partner").order_by("rack_no"):
        slots = PackingSlot.objects.filter(packing_group=rack, group__isnull=False).order_by("position")
        texts = list(slots.values_list("group__call__sequence_text", flat=True))
        ends += texts
        lines.append(f"{rack}  {texts[0]} - {texts[-1]}" if texts else str(rack))
    partner = frame.racks.select_related("partner").first()
    return {
        **(_customer(partner.partner) if partner else {}),
        "rack.title": str(frame),
        "rack.number": str(frame.frame_no),
        "rack.load": str(frame.load_no),
        "sequence.from": ends[0] if ends else "",
        "sequence.to": ends[-1] if ends else "",
        "slots": "\n".join(lines),
    }


def _line_no(row: Component) -> int:
    return row.line_no


def _customer(partner: Any) -> dict[str, str]:
    return {"customer.name": partner.name, "customer.code": partner.code, "supplier.number": partner.our_number}


def _of_delivery(line: DeliveryLine) -> dict[str, str]:
    delivery = line.delivery
    return {
        **_customer(delivery.partner),
        "ship_to.name": delivery.ship_to.name,
        "ship_to.code": delivery.ship_to.code,
        "ship_to.address": ", ".join(filter(None, (delivery.ship_to.street, delivery.ship_to.city))),
        "dock": delivery.unloading_point,
        "delivery.number": delivery.number,
    }


def _of_calls(calls: list[Any]) -> dict[str, str]:
    if not calls:
        return {}
    plants = {call.ship_to_id: call.ship_to for call in calls if call.ship_to}
    plant = next(iter(plants.values())) if len(plants) == 1 else None
    return {
        "dock": _one(call.unloading_point for call in calls),
        "line": _one(call.line_feed for call in calls),
        # The number of a call for quantities is the customer's delivery order.
        "release.number": _one(call.external_no if call.kind == "summarized" else "" for call in calls),
        "ship_to.name": plant.name if plant else "",
        "ship_to.code": plant.code if plant else "",
        "ship_to.address": ", ".join(filter(None, (plant.street, plant.city))) if plant else "",
    }


def _one(texts: Iterable[str]) -> str:
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _of_line(line: DeliveryLine) -> _Piece:
    component = line.component
    return _Piece(
        line.part.number, component.customer_part_no, line.part.description, line.qty, line.part.base_unit, "",
        component.order_no, component.group.call,
    )  # fmt: skip


def _inside(unit: HandlingUnit, rack: PackingGroup | None) -> list[_Piece]:
    """List what is in a unit and the units inside it; in a rack or load with what the customer calls it."""
    called: dict[int, Component] = {}
    if rack is not None:
        rows = Component.objects.filter(group__slot__packing_group=rack, part__isnull=False)
        called = {row.part_id or 0: row for row in rows.select_related("group__call__ship_to")}
    stock = Balance.objects.filter(hu_id__in=tree([unit.pk]), on_hand__gt=0).select_related("part", "lot")
    names: dict[int, set[str]] = {}
    for part_id, number in CustomerPart.objects.filter(part__in=[row.part_id for row in stock]).values_list(
        "part_id", "number"
    ):
        names.setdefault(part_id, set()).add(number)
    return [
        _Piece(
            row.part.number,
            called[row.part_id].customer_part_no if row.part_id in called else _one(names.get(row.part_id, ())),
            row.part.description, row.on_hand, row.part.base_unit, row.lot.number if row.lot else "",
            called[row.part_id].order_no if row.part_id in called else "",
            called[row.part_id].group.call if row.part_id in called else None,
        )
        for row in stock.order_by("part__number", "lot__number", "id")
    ]  # fmt: skip


def _of_pieces(pieces: list[_Piece]) -> dict[str, str]:
    if not pieces:
        return {}
    sums: dict[tuple[str, str], Decimal] = {}
    for piece in pieces:
        key = (piece.customer_number or piece.number, piece.unit)
        sums[key] = sums.get(key, Decimal(0)) + piece.qty
    contents = "\n".join(f"{number}: {_plain(qty)} {unit}" for (number, unit), qty in sums.items())
    known = {
        "contents": contents, "order.number": _one(piece.order for piece in pieces),
        "lot": _one(piece.lot for piece in pieces),
    }  # fmt: skip
    if len(sums) > 1:
        return {**known, "part.customer_number": "MIXED", "part.description": f"{len(sums)} parts"}
    ((shown, unit), qty), first = next(iter(sums.items())), pieces[0]
    return {
        **known, "part.customer_number": shown, "part.number": first.number, "part.description": first.description,
        "quantity": _plain(qty), "unit": unit, "pieces": _plain(qty) if unit == "PCE" else "",
    }  # fmt: skip


def _plain(qty: Decimal) -> str:
    return f"{qty.normalize():f}"


def label_units(site_id: int, hu_ids: Iterable[int]) -> list[HandlingUnit]:
    """Load handling units as labels need them, in key order."""
    rows = HandlingUnit.objects.filter(site_id=site_id, pk__in=list(hu_ids))
    return list(rows.select_related("site", "location", "parent").order_by("pk"))


def fitting_template(unit: HandlingUnit) -> str:
    """Name the template that is offered first for a unit."""
    if (
        PackingGroup.objects.filter(hu=unit, stream__isnull=False).exists()
        or RackFrame.objects.filter(hu=unit).exists()
    ):
        return "rack"
    return "gs1_logistics" if DeliveryLine.objects.filter(hu=unit, live=True).exists() else "tag"


def last_labels(unit: HandlingUnit, at: datetime) -> list[LastLabel]:
    """Return the last label of each template that a unit carries, with what it no longer says rightly."""
    rows = PrintJob.objects.filter(site_id=unit.site_id, hu=unit).exclude(state="failed", unsure=False).order_by("id")
    latest = {row.template: row for row in rows}
    if not latest:
        return []
    now = values(unit_data(unit, at))
    return [
        LastLabel(
            row.template, row.copy_no, moment(row.sent_at or row.created_at, unit.site.zone), row.created_by,
            tuple(_changes(row, now)),
        )
        for row in sorted(latest.values(), key=lambda row: -row.pk)
    ]  # fmt: skip


def _changes(row: PrintJob, now: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    printed = values(row.data)
    for name in dict.fromkeys(field.source for field in layout_from(row.layout).fields if field.source):
        if name in NOT_COMPARED or name in row.typed or SOURCES[name].derived:
            continue
        if printed[name] != now[name]:
            yield SOURCES[name].meaning, printed[name], now[name]
