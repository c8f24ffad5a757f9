"""Make the shipping notice of a goods issue, or of its reversal, from what was posted; snapshot and bytes at once."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop
from pydantic import TypeAdapter

from milkrun import edi
from milkrun.exchange.models import Agreement
from milkrun.exchange.steps import queue
from milkrun.shipping.models import Delivery, DeliveryLine, ShippingNotice, ShippingRule
from milkrun.shipping.queries.advice import advice_of, next_notice

BY_HAND = gettext_noop("This customer's ASN is sent by hand. Look at it, then release it.")
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
    version, number = next_notice(delivery)
    advice = advice_of(delivery, lines, agreement, number, cancels, at)
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
        held=BY_HAND if ShippingRule.objects.filter(partner_id=delivery.partner_id, asn_by_hand=True).exists() else "",
    )
    return notice
