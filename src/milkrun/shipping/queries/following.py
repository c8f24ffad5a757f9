"""Where a lot went and what something came from: lots, jobs, handling units, deliveries and customers, level by level.

The ledger tells which lots a posting of production used up and which it brought; a confirmation tells the job and the
call it was made for. Pieces without a lot of their own are followed by the call they were made for. Each level takes a
fixed number of statements, however many lots it has; what was taken back does not count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from milkrun.measure.gs1 import read_sscc
from milkrun.measure.wording import moment, quantity
from milkrun.partners.models import Site
from milkrun.production.models import Confirmation, Job
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.stock.models import Balance, Lot, Movement

DEEPEST = 12
# More lots than these on one level are not followed; the trace says so.
WIDEST = 1_000


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A line of the tree: how deep, what it is, and the page that tells more."""

    level: int
    kind: str
    title: str
    detail: str
    qty: str
    state: str
    public_id: str


@dataclass(slots=True)
class Found:
    """What a trace has come by so far: keys of lots, postings with their confirmations, components and deliveries."""

    lots: dict[int, int] = field(default_factory=dict)
    postings: dict[int, int] = field(default_factory=dict)
    components: set[int] = field(default_factory=set)
    deliveries: set[int] = field(default_factory=set)
    edges: list[tuple[str, int, str, int, Decimal, str]] = field(default_factory=list)
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """One way of a trace: its tree, the lots in it, the deliveries that left or wait, and who got them."""

    rows: tuple[TraceRow, ...]
    lot_ids: tuple[int, ...]
    delivery_ids: tuple[int, ...]
    component_ids: tuple[int, ...]
    customers: tuple[str, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class Start:
    """What was asked for: lots by number, supplier's lot or heat; a job, a delivery or a handling unit."""

    kind: str
    title: str
    lot_ids: tuple[int, ...] = ()
    job_ids: tuple[int, ...] = ()
    delivery_ids: tuple[int, ...] = ()
    component_ids: tuple[int, ...] = ()


def start_of(text: str) -> Start | None:
    """Find what a number stands for: lots first, then jobs, deliveries and handling units."""
    text = text.strip()
    if not text:
        return None
    lots = Lot.objects.filter(Q(number=text) | Q(supplier_lot=text) | Q(heat=text)).order_by("pk")[:WIDEST]
    if lots:
        return Start("lot", text, lot_ids=tuple(row.pk for row in lots))
    jobs = Job.objects.filter(number__iexact=text).values_list("pk", flat=True)
    if jobs:
        return Start("job", text, job_ids=tuple(jobs))
    deliveries = Delivery.objects.filter(number__iexact=text).values_list("pk", flat=True)
    if deliveries:
        return Start("delivery", text, delivery_ids=tuple(deliveries))
    lines = DeliveryLine.objects.filter(hu__sscc=read_sscc(text))
    components = tuple(lines.values_list("component_id", flat=True).distinct())
    return Start("unit", read_sscc(text), component_ids=components) if components else None


def follow_forward(start: Start) -> Found:
    """Follow lots to the jobs that used them, to the lots these brought, and to all deliveries."""
    found = Found(lots=dict.fromkeys(start.lot_ids, 0))
    postings = _postings_of_jobs(start.job_ids)
    _take_outputs(found, postings, 0)
    level, wave = 0, list(found.lots)
    while wave and level < DEEPEST:
        level += 1
        used = _moved(wave, to_production=True)
        for posting, document, lot, qty, unit in used:
            found.edges.append(("lot", lot, "posting", posting, qty, unit))
            found.postings[posting] = document
        before = set(found.lots)
        _take_outputs(found, {posting: document for posting, document, *_ in used}, level)
        wave = [key for key in found.lots if key not in before]
        found.cut = found.cut or len(wave) > WIDEST
        wave = wave[:WIDEST]
    found.deliveries |= set(start.delivery_ids)
    _follow_out(found)
    return found


def follow_backward(start: Start) -> Found:
    """Follow what something is made of: its jobs, the lots they used, what brought those, down to suppliers' heats."""
    found = Found(deliveries=set(start.delivery_ids), components=set(start.component_ids))
    if start.delivery_ids:
        lines = DeliveryLine.objects.filter(delivery__in=start.delivery_ids)
        found.components |= set(lines.values_list("component_id", flat=True))
        issued = Movement.objects.filter(
            posting__document_kind="delivery", posting__document_id__in=start.delivery_ids, posting__kind="goods_issue",
            posting__reversed_by=None, site_id__in=_sites(), lot__isnull=False,
        )  # fmt: skip
        for lot, delivery, qty, unit in issued.values_list("lot_id", "posting__document_id", "qty", "part__base_unit"):
            found.lots.setdefault(lot or 0, 0)
            found.edges.append(("delivery", delivery or 0, "lot", lot or 0, qty, unit))
    found.lots |= dict.fromkeys(start.lot_ids, 0)
    postings = _postings_of_jobs(start.job_ids) | _postings_of_components(found.components)
    level, wave = 0, list(found.lots)
    while (wave or postings) and level < DEEPEST:
        level += 1
        for posting, document, lot, qty, unit in _moved(wave, to_production=False):
            found.edges.append(("lot", lot, "posting", posting, qty, unit))
            postings[posting] = document
        new = {key: value for key, value in postings.items() if key not in found.postings}
        found.postings |= new
        before = set(found.lots)
        for posting, lot, qty, unit in _used_by(new):
            found.lots.setdefault(lot, level)
            found.edges.append(("posting", posting, "lot", lot, qty, unit))
        wave = [key for key in found.lots if key not in before]
        found.cut = found.cut or len(wave) > WIDEST
        wave, postings = wave[:WIDEST], {}
    return found


def _sites() -> list[int]:
    return list(Site.objects.values_list("pk", flat=True))


def _standing_movements() -> QuerySet[Movement]:
    return Movement.objects.filter(site_id__in=_sites(), posting__reverses=None, posting__reversed_by=None)


def _moved(lots: Sequence[int], *, to_production: bool) -> list[tuple[int, int, int, Decimal, str]]:
    """List (posting, confirmation, lot, quantity, unit) where these lots were used up, or brought, by production."""
    if not lots:
        return []
    side = {"to_location__kind": "production"} if to_production else {"from_location__kind": "production"}
    rows = _standing_movements().filter(lot_id__in=lots, posting__document_kind="confirmation", **side)
    return [
        (posting, document or 0, lot or 0, qty, unit)
        for posting, document, lot, qty, unit in rows.order_by("pk").values_list(
            "posting_id", "posting__document_id", "lot_id", "qty", "part__base_unit"
        )
    ]


def _used_by(postings: Iterable[int]) -> list[tuple[int, int, Decimal, str]]:
    rows = _standing_movements().filter(
        posting_id__in=list(postings), to_location__kind="production", lot__isnull=False
    )
    return [(p, lot or 0, qty, unit) for p, lot, qty, unit in rows.order_by("pk").values_list(
        "posting_id", "lot_id", "qty", "part__base_unit")]  # fmt: skip


def _take_outputs(found: Found, postings: dict[int, int], level: int) -> None:
    """Note what postings brought: lots of their own, or pieces for a call."""
    found.postings |= postings
    rows = _standing_movements().filter(
        posting_id__in=list(postings), from_location__kind="production", lot__isnull=False
    )
    for posting, lot, qty, unit in rows.order_by("pk").values_list("posting_id", "lot_id", "qty", "part__base_unit"):
        found.lots.setdefault(lot or 0, level)
        found.edges.append(("posting", posting, "lot", lot or 0, qty, unit))
    pegged = Confirmation.objects.filter(pk__in=list(postings.values()), line__component__isnull=False)
    for key, component in pegged.values_list("posting_id", "line__component_id"):
        found.components.add(component or 0)
        found.edges.append(("posting", key or 0, "component", component or 0, Decimal(0), ""))


def _postings_of_jobs(jobs: Iterable[int]) -> dict[int, int]:
    rows = Confirmation.objects.filter(line__job_id__in=list(jobs), state="posted", posting_id__isnull=False)
    return {posting or 0: key for posting, key in rows.values_list("posting_id", "pk")}


def _postings_of_components(components: Iterable[int]) -> dict[int, int]:
    rows = Confirmation.objects.filter(
        line__component_id__in=list(components), state="posted", posting_id__isnull=False
    )
    return {posting or 0: key for posting, key in rows.values_list("posting_id", "pk")}


def _follow_out(found: Found) -> None:
    """Find the deliveries: of the calls that pieces were made for, and of the lots that were issued themselves."""
    lines = DeliveryLine.objects.filter(component_id__in=found.components, live=True)
    for component, delivery, qty, unit in lines.values_list("component_id", "delivery_id", "qty", "part__base_unit"):
        found.deliveries.add(delivery)
        found.edges.append(("component", component, "delivery", delivery, qty, unit))
    issued = _standing_movements().filter(lot_id__in=list(found.lots), posting__kind="goods_issue")
    for lot, leaving, qty, unit in issued.order_by("pk").values_list(
        "lot_id", "posting__document_id", "qty", "part__base_unit"
    ):
        found.deliveries.add(leaving or 0)
        found.edges.append(("lot", lot or 0, "delivery", leaving or 0, qty, unit))


def on_hand_of_lots(lots: Iterable[int]) -> dict[int, Decimal]:
    """Return what is left of lots at all our sites."""
    rows = Balance.objects.filter(lot_id__in=list(lots), on_hand__gt=0).values_list("lot_id").order_by()
    return {key or 0: there for key, there in rows.annotate(there=Sum("on_hand"))}


def told(row: Delivery, zone: str) -> str:
    """Say of a delivery to whom and when."""
    return f"{row.partner.code} {row.partner.name}, {row.ship_to.code}" + (
        f", {moment(row.issued_at, zone)}" if row.issued_at else ""
    )


def amount(qty: Decimal, unit: str) -> str:
    """Write a quantity, nothing for none."""
    return quantity(qty, unit) if qty else ""
