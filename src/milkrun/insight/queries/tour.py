"""How far the demo's tour has come: a step is done when the journal tells so since its first call came in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from milkrun.demand.models import JitCall
from milkrun.exchange.models import OutboxMessage
from milkrun.kernel.models import JournalEntry

# The customer of the sample files of the demo, and his numbers in them.
CUSTOMER = "OEM01"
VEHICLES, BY_QUANTITY, FROM_STOCK = "CALL000201", "DON4712", "DON4713"
# What the journal says when a step was done, and at which kind of row.
SIGNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "calls": (("call", "receive_jit_call"),),
    "release": (("call", "release_call"),),
    "confirm": (("job", "confirm_job"),),
    "reprocess": (("job", "reprocess_posting"),),
    "release_packing": (("call", "release_for_packing"),),
    "pack": (("call", "confirm_packing"),),
    "delivery": (("delivery", "create_delivery"),),
    "split": (("delivery", "split_delivery"),),
    "reorder": (("call", "reorder_component"), ("group", "reorder_component")),
    "units": (("hu", "create_handling_unit"),),
    "warehouse": (("wave", "create_wave"),),
    "pick": (("wave", "finish_wave"),),
    "issue": (("delivery", "post_goods_issue"),),
    "bill": (("invoice", "issue_invoice"),),
}
# The files that leave by themselves, by the kind of document.
FILES = {"notice": "DESADV", "invoice": "INVOIC"}


@dataclass(frozen=True, slots=True)
class TourCall:
    """A call of the sample files and the state it has come to."""

    public_id: str
    number: str
    state: str


@dataclass(frozen=True, slots=True)
class Tour:
    """The calls of the tour, and the keys of the steps that were done since the first of them came in."""

    calls: tuple[TourCall, ...]
    done: frozenset[str]


def tour(site_id: int) -> Tour:
    """Tell how far the tour has come at a site; nothing is done before its files came in.

    Args:
        site_id: our plant.
    """
    ours = Q(external_no__startswith=VEHICLES) | Q(external_no__in=[BY_QUANTITY, FROM_STOCK])
    rows = JitCall.objects.filter(ours, site_id=site_id).order_by("required_at", "id")
    since = rows.aggregate(first=Min("received_at"))["first"]
    if since is None:
        return Tour((), frozenset())
    calls = tuple(TourCall(row.public_id, row.external_no, row.state) for row in rows[:10])
    return Tour(calls, _done(site_id, since))


def _done(site_id: int, since: datetime) -> frozenset[str]:
    rows = JournalEntry.objects.filter(site_id=site_id, at__gte=since)
    told = set(rows.order_by().values_list("subject_kind", "action").distinct())
    left = set(
        OutboxMessage.objects.filter(partner__code=CUSTOMER, sent_at__gte=since, document_type__in=FILES.values())
        .order_by()
        .values_list("document_type", flat=True)
        .distinct()
    )
    return frozenset(
        [step for step, signs in SIGNS.items() if told & set(signs)]
        + [step for step, kind in FILES.items() if kind in left]
    )
