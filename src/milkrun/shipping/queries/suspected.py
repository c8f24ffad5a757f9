"""What may be of suspect goods, as rows to read and to hand on: what is still here, jobs, lots, calls, deliveries."""

from dataclasses import dataclass

from milkrun.demand.models import Component
from milkrun.measure.wording import quantity
from milkrun.production.models import Confirmation
from milkrun.shipping.models import Delivery
from milkrun.shipping.queries.following import TraceRow, told
from milkrun.shipping.queries.suspect import Suspicion, spread_of
from milkrun.stock.models import Balance, Lot

MOST = 500


@dataclass(frozen=True, slots=True)
class Suspected:
    """Rows of one level, by kind: place, job, lot, call and delivery; who gets told; and whether there is more."""

    title: str
    rows: tuple[TraceRow, ...]
    customers: tuple[str, ...]
    cut: bool


def suspected(site_id: int, suspicion: Suspicion, zone: str) -> Suspected:
    """List what a recall of goods without a lot would concern.

    Raises:
        Invalid, NotFound: see `spread_of`.
    """
    found = spread_of(site_id, suspicion)
    here = Balance.objects.filter(pk__in=found.balances).select_related("part", "location", "hu").order_by("pk")[:MOST]
    made = Confirmation.objects.filter(pk__in=found.confirmations).select_related("line__job", "line__part")
    jobs = {row.line.job_id: row for row in made.order_by("-pk")[:MOST]}
    lots = Lot.objects.filter(pk__in=found.lots).select_related("part").order_by("pk")[:MOST]
    calls = Component.objects.filter(pk__in=found.components).select_related("group__call").order_by("pk")[:MOST]
    leaving = Delivery.objects.filter(pk__in=found.deliveries).select_related("partner", "ship_to").order_by("pk")
    rows = [
        *[
            TraceRow(0, "place", str(row.hu or row.location.code), row.part.number,
                     quantity(row.on_hand, row.part.base_unit), "", row.part.public_id)
            for row in here
        ],
        *[
            TraceRow(0, "job", row.line.job.number, f"{row.line.part.number}, {row.actor}", "", row.line.job.state,
                     row.line.job.public_id)
            for row in jobs.values()
        ],
        *[TraceRow(0, "lot", row.number, row.part.number, "", row.state, row.part.public_id) for row in lots],
        *[
            TraceRow(0, "call", row.group.call.external_no, row.customer_part_no, "", row.group.state,
                     row.group.call.public_id)
            for row in calls
        ],
        *[TraceRow(0, "delivery", row.number, told(row, zone), "", row.state, row.public_id) for row in leaving[:MOST]],
    ]  # fmt: skip
    customers = tuple(sorted({row.partner.code for row in leaving if row.state != "cancelled"}))
    return Suspected(str(suspicion), tuple(rows), customers, found.cut or len(rows) > MOST)
