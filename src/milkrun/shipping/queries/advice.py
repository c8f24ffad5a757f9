"""What a shipping notice says: made of the delivery before it leaves to be looked at, and when it leaves to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun import edi
from milkrun.demand.models import ComponentGroup
from milkrun.exchange.models import Agreement
from milkrun.exchange.queries import readable
from milkrun.kernel.errors import NotFound
from milkrun.shipping.models import Delivery, DeliveryLine, ShippingNotice, ShippingRule
from milkrun.shipping.queries.loads import frames_under


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """A notice as it would be sent now: its content, its bytes as text, and whether it leaves at once."""

    content: edi.DespatchAdvice
    text: str
    by_hand: bool


def next_notice(delivery: Delivery) -> tuple[int, str]:
    """Return version and number of the delivery's next notice."""
    version = delivery.notices.count() + 1
    return version, delivery.number if version == 1 else f"{delivery.number}-{version}"


def preview(site_id: int, public_id: str, at: datetime) -> NoticePreview | None:
    """Show the notice that a goods issue would send at this instant; None where the customer takes none.

    Only its number and time are not final, and its control reference is taken when it is made.

    Raises:
        NotFound: there is no such delivery at this site.
    """
    delivery = (
        Delivery.objects.filter(site_id=site_id, public_id=public_id).select_related("partner", "ship_to").first()
    )
    if delivery is None:
        raise NotFound(_("This delivery does not exist at this site. Search for its number."), public_id=public_id)
    agreement = Agreement.objects.select_related("site").filter(partner=delivery.partner).first()
    if agreement is None:
        return None
    lines = DeliveryLine.objects.filter(delivery=delivery).order_by("line_no")
    lines = lines.select_related("component__group__call__stream", "part", "hu")
    content = advice_of(delivery, list(lines), agreement, next_notice(delivery)[1], None, at)
    envelope = edi.Envelope(
        sender=edi.Party(agreement.our_id, agreement.our_qualifier),
        recipient=edi.Party(agreement.their_id, agreement.their_qualifier),
        control="PREVIEW",
        prepared_at=at,
    )
    try:
        text = edi.write_despatch_advice(content, envelope, version=agreement.despatch_advice_version)
        shown = readable(text)
    except ValueError as problem:
        shown = _("It cannot be written: {problem}.").format(problem=problem)
    by_hand = ShippingRule.objects.filter(partner=delivery.partner, asn_by_hand=True).exists()
    return NoticePreview(content, shown, by_hand)


def advice_of(
    delivery: Delivery,
    lines: Sequence[DeliveryLine],
    agreement: Agreement,
    number: str,
    cancels: ShippingNotice | None,
    at: datetime,
) -> edi.DespatchAdvice:
    """Tell of a delivery as a shipping notice does.

    Args:
        delivery: the delivery with partner and plant.
        lines: its lines with component, group, call, stream, part and handling unit loaded.
        agreement: under which identifiers.
        number: the notice's number.
        cancels: the notice that is withdrawn, None for an announcement.
        at: when the notice is made.
    """
    units = {line.hu_id: line.hu for line in lines}
    frames = {row.pk: row for row in frames_under(units)}
    return edi.DespatchAdvice(
        number=number,
        function="cancel" if cancels else "original",
        issued_at=at,
        shipped_at=delivery.issued_at or at,
        arrival_at=None,
        seller=delivery.partner.our_number or agreement.our_id,
        buyer=delivery.partner.code,
        ship_to=delivery.ship_to.code,
        ship_from=agreement.site.code,
        unloading_point=delivery.unloading_point,
        delivery_no=delivery.number,
        cancels=cancels.number if cancels else None,
        # A frame is listed before the racks that stand on it.
        units=tuple(
            edi.DespatchUnit(
                unit.sscc, unit.kind.upper(), frames[unit.parent_id].sscc if unit.parent_id in frames else None
            )
            for unit in [*frames.values(), *units.values()]
        ),
        lines=tuple(_line(line) for line in lines),
        zone=delivery.ship_to.zone,
    )


def _line(line: DeliveryLine) -> edi.DespatchLine:
    component = line.component
    call = component.group.call
    return edi.DespatchLine(
        line_no=str(line.line_no),
        sscc=line.hu.sscc,
        buyer_part=component.customer_part_no,
        supplier_part=line.part.number,
        quantity=line.qty,
        unit=line.part.base_unit,
        order_no=component.order_no,
        call_no=call.transmission_no or call.external_no,
        line_feed=call.line_feed,
        vin=call.vin,
        production_no=call.production_no,
        family=component.group.code,
        line=call.stream.code if call.stream else "",
        sequence_no=call.sequence_text,
        replaces=_replaces(component.group),
    )


def _replaces(group: ComponentGroup) -> str:
    """Name the call that left before and whose part this one stands for."""
    first = group.predecessor
    return first.call.external_no if first is not None and first.call_id != group.call_id else ""
