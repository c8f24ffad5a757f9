"""What every recall does: lots are blocked, customers and our own people are told which deliveries it concerns."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from milkrun.exchange.steps import notify
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.measure.wording import moment
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.stock.models import Lot
from milkrun.stock.states import LOT_MOVES

TOLD_ROLES = ("shipping", "supervisor", "material_planner")


def block_all(lot_ids: Iterable[int], reason: str) -> list[tuple[Lot, str]]:
    """Block those lots that are not blocked yet; returns each of them with its state before."""
    lots = [(row, row.state) for row in lock(Lot.objects.filter(pk__in=list(lot_ids)).select_related("part"))]
    free = [row for row, before in lots if before != "blocked"]
    if free:
        move(free, LOT_MOVES, "block", noun="Lot", state_reason=reason[:400])
    return lots


def tell_recall(
    what: str,
    reason: str,
    deliveries: Sequence[Delivery],
    component_ids: Collection[int],
    *,
    document: tuple[str, int],
    notes: Sequence[str] = (),
    actor: Actor,
    at: datetime,
) -> None:
    """Tell each customer of its own deliveries, and our people of all.

    Args:
        what: what is recalled, as a customer reads it.
        reason: why, as a customer reads it.
        deliveries: those concerned, with partner and plant loaded.
        component_ids: what on them is concerned.
        document: what the notification leads to.
        notes: what our own people have to look after.
        actor: who recalls.
        at: when.
    """
    subject = _("Recall: {what}").format(what=what)[:200]
    by_customer: dict[int, list[Delivery]] = {}
    for row in deliveries:
        by_customer.setdefault(row.partner_id, []).append(row)
    readers: list[tuple[dict[str, Any], Sequence[Delivery], Sequence[str]]] = [
        *[({"partner_id": key}, mine, ()) for key, mine in by_customer.items()],
        *[({"role": role}, deliveries, notes) for role in TOLD_ROLES],
    ]
    for reader, concerned, more in readers:
        notify(
            kind="recall",
            subject=subject,
            body=_body(reason, concerned, component_ids, more),
            at=at,
            actor=actor,
            document_kind=document[0],
            document_id=document[1],
            **reader,
        )


def _body(reason: str, deliveries: Sequence[Delivery], component_ids: Collection[int], notes: Sequence[str]) -> str:
    lines = DeliveryLine.objects.filter(delivery__in=deliveries, component__in=list(component_ids))
    parts: dict[int, list[str]] = {}
    for line in lines.select_related("component", "hu").order_by("delivery_id", "line_no"):
        what = _("{qty} of {part} in {unit}").format(
            qty=f"{line.qty:f}", part=line.component.customer_part_no, unit=line.hu.sscc
        )
        parts.setdefault(line.delivery_id, []).append(f"  {what}")
    text = [_("Reason: {reason}").format(reason=reason.strip()), ""]
    for row in deliveries:
        left = moment(row.issued_at, row.ship_to.zone) if row.issued_at else _("not left yet, do not expect it")
        text.append(
            _("Delivery {number} to {plant}, {when}.").format(number=row.number, plant=row.ship_to.code, when=left)
        )
        text += parts.get(row.pk, [])[:100]
    if not deliveries:
        text = [text[0], _("Nothing of it was delivered.")]
    if notes:
        text += ["", _("Still in use here, decide on it yourself:"), *[f"  {note}" for note in notes[:50]]]
    return "\n".join(text)
