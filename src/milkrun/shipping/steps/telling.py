"""Tell the customer what left and what came back, and billing that there is something to bill."""

from collections.abc import Sequence
from datetime import datetime

from milkrun.exchange.steps import notify
from milkrun.kernel.identity import Actor
from milkrun.measure.wording import moment, quantity
from milkrun.shipping.models import Delivery, DeliveryLine

NAMED = 50


def tell_issued(delivery: Delivery, lines: Sequence[DeliveryLine], notice: str, *, actor: Actor, at: datetime) -> None:
    """Tell that a delivery has left, with what is on it."""
    zone = delivery.ship_to.zone
    units = len({line.hu_id for line in lines})
    subject = f"Delivery {delivery.number} has left for {delivery.ship_to.code} {delivery.unloading_point}".strip()
    body = (
        f"Delivery {delivery.number} left at {moment(at, zone)} with {units} handling units; it is due at "
        f"{moment(delivery.due_at, zone)}.{f' Shipping notice {notice}.' if notice else ''}\n{_content(lines)}"
    )
    _tell(delivery, "delivery_issued", subject, body, ("billing",), actor, at)


def tell_reversed(
    delivery: Delivery, lines: Sequence[DeliveryLine], reason: str, *, actor: Actor, at: datetime
) -> None:
    """Tell that a delivery was taken back."""
    subject = f"Delivery {delivery.number} was taken back"
    body = f"{subject} at {moment(at, delivery.ship_to.zone)}. Reason: {reason}\n{_content(lines)}"
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
        f"{quantity(line.qty, line.part.base_unit)} {line.component.customer_part_no}, call {line.component.group.call}"
        for line in lines[:NAMED]
    ]
    return "\n".join(shown + ([f"and {len(lines) - NAMED} more lines"] if len(lines) > NAMED else []))
