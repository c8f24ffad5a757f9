"""Recall lots: what they are and what was made of them is blocked, and every customer who got or gets it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.exchange.steps import notify
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.measure.wording import moment
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.queries.following import Start, Trace
from milkrun.shipping.queries.trace import forward
from milkrun.stock.models import Lot
from milkrun.stock.states import LOT_MOVES

TOLD_ROLES = ("shipping", "supervisor", "material_planner")


@dataclass(frozen=True, slots=True)
class LotsRecalled:
    """Lots blocked now, and the customers who were told with the deliveries that concern them."""

    blocked: tuple[str, ...]
    customers: tuple[str, ...]
    deliveries: tuple[str, ...]


@command
def recall_lots(
    *, lot_ids: Sequence[int], reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> LotsRecalled:
    """Block these lots and all lots made of them, at every site, and tell the customers and our own people.

    Raises:
        NotFound: a lot does not exist.
        Invalid: no reason is given.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the lots are recalled."), "reason_missing")])
    if not lot_ids or Lot.objects.filter(pk__in=lot_ids).count() != len(set(lot_ids)):
        raise NotFound(_("A lot you chose does not exist."))
    trace = forward(Start("lot", "", lot_ids=tuple(lot_ids)), "UTC")
    lots = lock(Lot.objects.filter(pk__in=trace.lot_ids).select_related("part"))

    free = [row for row in lots if row.state != "blocked"]
    moved = move(free, LOT_MOVES, "block", noun="Lot", state_reason=reason[:400]) if free else {}
    deliveries = list(
        Delivery.objects.filter(pk__in=trace.delivery_ids)
        .exclude(state="cancelled")
        .select_related("partner", "ship_to")
        .order_by("pk")
    )
    by_customer: dict[int, list[Delivery]] = {}
    for row in deliveries:
        by_customer.setdefault(row.partner_id, []).append(row)
    names = sorted({row.number for row in lots if row.pk in set(lot_ids)})
    for partner_id, mine in by_customer.items():
        notify(
            kind="recall",
            subject=f"Recall: lot {', '.join(names[:5])}",
            body=_body(reason, mine, trace),
            at=at,
            actor=actor,
            partner_id=partner_id,
            document_kind="lot",
            document_id=lot_ids[0],
        )
    for role in TOLD_ROLES:
        notify(
            kind="recall",
            subject=f"Recall: lot {', '.join(names[:5])}",
            body=_body(reason, deliveries, trace),
            at=at,
            actor=actor,
            role=role,
            document_kind="lot",
            document_id=lot_ids[0],
        )

    codes = tuple(sorted({row.partner.code for row in deliveries}))
    facts = {"customers": ", ".join(codes), "deliveries": len(deliveries)}
    journal.write(
        [
            journal.Entry(
                "recall_lots", "lot", row.pk, before=moved.get(row.pk, ("", ""))[0], after=row.state, reason=reason,
                facts=facts,
            )
            for row in lots
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    return LotsRecalled(tuple(row.number for row in free), codes, tuple(row.number for row in deliveries))


def _body(reason: str, deliveries: Sequence[Delivery], trace: Trace) -> str:
    lines = DeliveryLine.objects.filter(delivery__in=deliveries, component__in=trace.component_ids)
    parts: dict[int, list[str]] = {}
    for line in lines.select_related("component", "hu").order_by("delivery_id", "line_no"):
        what = f"  {line.qty:f} of {line.component.customer_part_no} in {line.hu.sscc}"
        parts.setdefault(line.delivery_id, []).append(what)
    text = [f"Reason: {reason.strip()}", ""]
    for row in deliveries:
        left = moment(row.issued_at, row.ship_to.zone) if row.issued_at else "not left yet, do not expect it"
        text.append(
            _("Delivery {number} to {code}, {left}.").format(number=row.number, code=row.ship_to.code, left=left)
        )
        text += parts.get(row.pk, [])[:100]
    return "\n".join(text) if deliveries else _("{text}\nNothing of it was delivered.").format(text=text[0])
