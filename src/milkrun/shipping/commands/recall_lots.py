"""Recall lots: what they are and what was made of them is blocked, and every customer who got or gets it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.shipping.models import Delivery
from milkrun.shipping.queries.following import Start
from milkrun.shipping.queries.trace import forward
from milkrun.shipping.steps.recalling import block_all, tell_recall
from milkrun.stock.models import Lot


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
    lots = block_all(trace.lot_ids, reason)

    deliveries = list(
        Delivery.objects.filter(pk__in=trace.delivery_ids)
        .exclude(state="cancelled")
        .select_related("partner", "ship_to")
        .order_by("pk")
    )
    names = sorted({row.number for row, _before in lots if row.pk in set(lot_ids)})
    tell_recall(
        _("lot {lots}").format(lots=", ".join(names[:5])), reason, deliveries, trace.component_ids,
        document=("lot", lot_ids[0]), actor=actor, at=at,
    )  # fmt: skip

    codes = tuple(sorted({row.partner.code for row in deliveries}))
    facts = {"customers": ", ".join(codes), "deliveries": len(deliveries)}
    journal.write(
        [
            journal.Entry(
                "recall_lots", "lot", row.pk, before=before, after=row.state, reason=reason,
                facts=facts,
            )
            for row, before in lots
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    blocked = tuple(row.number for row, before in lots if before != "blocked")
    return LotsRecalled(blocked, codes, tuple(row.number for row in deliveries))
