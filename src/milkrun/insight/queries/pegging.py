"""Pegging both ways: from a job to the customers it serves, and from a call to all that was made for it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from milkrun.demand.models import JitCall
from milkrun.kernel.errors import NotFound
from milkrun.measure.wording import moment, quantity
from milkrun.production.models import Confirmation, Job, JobLine
from milkrun.shipping.models import DeliveryLine
from milkrun.stock.models import Movement, Posting


@dataclass(frozen=True, slots=True)
class ServedDelivery:
    """A delivery that took what was made."""

    number: str
    public_id: str
    state: str


@dataclass(frozen=True, slots=True)
class Served:
    """What a job line is for: a call of a customer with its deliveries, or the signal that asked for stock."""

    position: int
    part: str
    qty: str
    good: str
    signal: str
    signal_text: str
    call: str
    call_public_id: str
    call_state: str
    required: str
    customer: str
    customer_name: str
    ship_to: str
    deliveries: tuple[ServedDelivery, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A confirmation for a call: which job, how many, by whom and which system, its posting and lot."""

    job: str
    job_public_id: str
    job_state: str
    position: int
    part: str
    good: str
    scrap: str
    at: str
    actor: str
    source: str
    state: str
    posting: str
    lot: str
    used_lots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A job line that serves a call, made or not."""

    job: str
    job_public_id: str
    job_state: str
    position: int
    part: str
    qty: str
    good: str
    due: str


@dataclass(frozen=True, slots=True)
class CallPegging:
    """The jobs of a call and what they made."""

    lines: tuple[PlannedLine, ...]
    made: tuple[Made, ...]


def pegging_of_job(site_id: int, public_id: str, zone: str) -> tuple[Served, ...]:
    """Follow a job to the calls, deliveries and customers it serves.

    Raises:
        NotFound: there is no such job at this site.
    """
    job = Job.objects.filter(site_id=site_id, public_id=public_id).first()
    if job is None:
        raise NotFound(_("This job does not exist at this site."), job_id=public_id)
    lines = list(
        JobLine.objects.filter(job=job)
        .select_related("part", "component__group__call__partner", "component__group__call__ship_to")
        .order_by("position")
    )
    deliveries = _deliveries([line.component_id for line in lines if line.component_id])
    return tuple(_served(job, line, deliveries.get(line.component_id or 0, ()), zone) for line in lines)


def _deliveries(components: list[int]) -> dict[int, tuple[ServedDelivery, ...]]:
    found: dict[int, dict[int, ServedDelivery]] = {}
    rows = DeliveryLine.objects.filter(component__in=components, live=True).select_related("delivery").order_by("pk")
    for row in rows:
        taken = found.setdefault(row.component_id, {})
        taken[row.delivery_id] = ServedDelivery(row.delivery.number, row.delivery.public_id, row.delivery.state)
    return {key: tuple(rows.values()) for key, rows in found.items()}


def _served(job: Job, line: JobLine, deliveries: tuple[ServedDelivery, ...], zone: str) -> Served:
    call = line.component.group.call if line.component else None
    unit = line.part.base_unit
    return Served(
        line.position, line.part.number, quantity(line.qty, unit), quantity(line.good_qty, unit), job.signal,
        job.signal_text or job.reason, call.external_no if call else "", call.public_id if call else "",
        line.component.group.state if line.component else "", moment(call.required_at, zone) if call else "",
        call.partner.code if call else "", call.partner.name if call else "",
        call.ship_to.code if call and call.ship_to else "", deliveries,
    )  # fmt: skip


def pegging_of_call(site_id: int, public_id: str, zone: str) -> CallPegging:
    """Follow a call to its jobs, what they made, the postings and the lots.

    Raises:
        NotFound: there is no such call at this site.
    """
    call = JitCall.objects.filter(site_id=site_id, public_id=public_id).first()
    if call is None:
        raise NotFound(_("This call does not exist at this site."), call_id=public_id)
    lines = (
        JobLine.objects.filter(component__group__call=call).select_related("job", "part").order_by("job_id", "position")
    )
    rows = list(
        Confirmation.objects.filter(line__component__group__call=call)
        .exclude(state="reversed")
        .select_related("line__job", "line__part")
        .order_by("pk")
    )
    keys = [row.posting_id for row in rows if row.posting_id]
    used, postings = _used_lots(keys), dict(Posting.objects.filter(pk__in=keys).values_list("pk", "public_id"))
    return CallPegging(
        tuple(_planned(line, zone) for line in lines),
        tuple(
            _made(row, postings.get(row.posting_id or 0, ""), used.get(row.posting_id or 0, ()), zone) for row in rows
        ),
    )


def _planned(line: JobLine, zone: str) -> PlannedLine:
    unit = line.part.base_unit
    return PlannedLine(
        line.job.number, line.job.public_id, line.job.state, line.position, line.part.number,
        quantity(line.qty, unit), quantity(line.good_qty, unit), moment(line.job.due_at, zone),
    )  # fmt: skip


def _used_lots(postings: list[int]) -> dict[int, tuple[str, ...]]:
    """Name the lots of components that postings used up, as "part lot"."""
    rows = Movement.objects.filter(posting__in=postings, to_location__kind="production", lot__isnull=False)
    found: dict[int, list[str]] = {}
    for posting, part, lot in rows.order_by("pk").values_list("posting_id", "part__number", "lot__number"):
        found.setdefault(posting, []).append(f"{part} {lot}")
    return {key: tuple(dict.fromkeys(lots)) for key, lots in found.items()}


def _made(row: Confirmation, posting: str, used: tuple[str, ...], zone: str) -> Made:
    unit, job = row.line.part.base_unit, row.line.job
    return Made(
        job.number, job.public_id, job.state, row.line.position, row.line.part.number, quantity(row.good_qty, unit),
        quantity(row.scrap_qty, unit), moment(row.at, zone), row.actor, row.source, row.state, posting,
        row.lot_no, used,
    )  # fmt: skip
