"""Make the shipping notice of a goods issue, or of its reversal, from what was posted; snapshot and bytes at once."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from milkrun import edi
from milkrun.exchange.models import Agreement
from milkrun.exchange.steps import queue
from milkrun.shipping.models import Delivery, DeliveryLine, ShippingNotice

_ADVICE = TypeAdapter(edi.DespatchAdvice)


def announce(
    delivery: Delivery,
    lines: Sequence[DeliveryLine],
    *,
    agreement: Agreement,
    posting_id: int,
    cancels: ShippingNotice | None,
    at: datetime,
) -> ShippingNotice:
    """Write the notice's snapshot and queue its bytes for the customer.

    Args:
        delivery: the delivery, its goods issue (or reversal) just posted.
        lines: its lines with component, group, call, part and handling unit loaded.
        posting_id: the posting the notice tells of.
        cancels: the notice that is withdrawn by this one, None for a goods issue.
    """
    version = delivery.notices.count() + 1
    number = delivery.number if version == 1 else f"{delivery.number}-{version}"
    advice = _advice(delivery, lines, agreement, number, cancels, at)
    snapshot: dict[str, Any] = _ADVICE.dump_python(advice, mode="json")
    notice = ShippingNotice.objects.create(
        delivery=delivery,
        version=version,
        function="cancel" if cancels else "original",
        number=number,
        posting_id=posting_id,
        snapshot=snapshot,
        sha256=hashlib.sha256(json.dumps(snapshot, sort_keys=True).encode()).hexdigest(),
        made_at=at,
    )
    queue(
        agreement,
        document_type="DESADV",
        document=("delivery", delivery.pk),
        number=number,
        write=lambda envelope: edi.write_despatch_advice(advice, envelope, version=agreement.despatch_advice_version),
        at=at,
        version=version,
    )
    return notice


def _advice(
    delivery: Delivery,
    lines: Sequence[DeliveryLine],
    agreement: Agreement,
    number: str,
    cancels: ShippingNotice | None,
    at: datetime,
) -> edi.DespatchAdvice:
    units = {line.hu_id: line.hu for line in lines}
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
        units=tuple(edi.DespatchUnit(unit.sscc, unit.kind.upper()) for unit in units.values()),
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
    )
