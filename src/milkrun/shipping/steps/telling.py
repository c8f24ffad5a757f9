"""Tell the customer what left and what came back, and billing that there is something to bill."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.exchange.steps import notify
from milkrun.kernel.identity import Actor
from milkrun.measure.wording import moment, quantity
from milkrun.shipping.models import Delivery, DeliveryLine

NAMED = 50


def tell_issued(delivery: Delivery, lines: Sequence[DeliveryLine], notice: str, *, actor: Actor, at: datetime) -> None:
    """Tell that a delivery has left, with what is on it."""
    zone = delivery.ship_to.zone
    units = len({line.hu_id for line in lines})
    place = f"{delivery.ship_to.code} {delivery.unloading_point}".strip()
    subject = _("Delivery {number} has left for {place}").format(number=delivery.number, place=place)
    said = _("Delivery {number} left at {left_at} with {units} handling units.")
    if delivery.due_at:
        said = _("Delivery {number} left at {left_at} with {units} handling units; it is due at {due_at}.")
    body = said.format(
        number=delivery.number, left_at=moment(at, zone), units=units, due_at=moment(delivery.due_at, zone)
    )
    body += " " + _("Shipping notice {notice}.").format(notice=notice) if notice else ""
    body += f"\n{_content(lines)}"
    _tell(delivery, "delivery_issued", subject, body, ("billing",), actor, at)


def tell_reversed(
    delivery: Delivery, lines: Sequence[DeliveryLine], reason: str, *, actor: Actor, at: datetime
) -> None:
    """Tell that a delivery was taken back."""
    subject = _("Delivery {number} was taken back").format(number=delivery.number)
    body = _("Delivery {number} was taken back at {at}. Reason: {reason}").format(
        number=delivery.number, at=moment(at, delivery.ship_to.zone), reason=reason
    )
    body += f"\n{_content(lines)}"
    _tell(delivery, "delivery_reversed", subject, body, ("billing", "material_planner"), actor, at)


def _tell(
    delivery: Delivery, kind: str, subject: str, body: str, roles: tuple[str, ...], actor: Actor, at: datetime
) -> None:
    for reader in ({"partner_id": delivery.partner_id}, *({"role": role} for role in roles)):
        notify(
            kind=kind,
            subject=subject,
            body=body,
            actor=actor,
            at=at,
            site_id=delivery.site_id,
            document_kind="delivery",
            document_id=delivery.pk,
            **reader,  # type: ignore[arg-type]
        )


def _content(lines: Sequence[DeliveryLine]) -> str:
    shown = [
        _("{qty} {part}, call {call}").format(
            qty=quantity(line.qty, line.part.base_unit),
            part=line.component.customer_part_no,
            call=line.component.group.call,
        )
        for line in lines[:NAMED]
    ]
    return "\n".join(shown + ([_("and {n} more lines").format(n=len(lines) - NAMED)] if len(lines) > NAMED else []))
