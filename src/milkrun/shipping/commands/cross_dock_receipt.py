"""Send goods that just came straight to the job or the call that waits for them: in and out, never put away."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, PackingGroup
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.measure.quantity import from_micro, to_micro, trouble_with
from milkrun.production.models import Job
from milkrun.shipping.errors import NothingWaits
from milkrun.shipping.queries.waiting import missing_of_component, missing_of_jobs, waiting_components
from milkrun.shipping.steps import give_unit, open_racks, pack_whole, seat_loose
from milkrun.stock import steps as stock_steps
from milkrun.stock.errors import HandlingUnitFrozen
from milkrun.stock.models import HandlingUnit, Lot
from milkrun.stock.queries import first_place, place
from milkrun.stock.steps import Incoming, Line, LotFacts


@dataclass(frozen=True, slots=True)
class Arrival:
    """Goods at hand: of which part and lot, how many base units, at which place.

    `known` where they were taken in already and stand there; otherwise they are taken in now, with the batch's facts.
    With `hu_id` they stand in that handling unit.
    """

    part_id: int
    location_id: int
    qty: Decimal
    lot_no: str = ""
    known: bool = False
    hu_id: int | None = None
    facts: LotFacts | None = None


@dataclass(frozen=True, slots=True)
class CrossDocked:
    """The goods are where they are needed: at a line (job) or in a handling unit at the dock (call)."""

    posting_id: int
    target: str
    sscc: str
    whole: bool


@command
def cross_dock_receipt(
    *,
    site_id: int,
    arrival: Arrival,
    actor: Actor,
    at: datetime,
    job_id: int | None = None,
    component_id: int | None = None,
    request: Request | None = None,
) -> CrossDocked:
    """Send goods to one job, or to one component of a call.

    A call that is served whole is packed; one that still lacks something shows as short and is completed by the next
    goods or by a wave.

    Raises:
        Invalid: the quantity is not positive, or not exactly one destination is named.
        NotFound: the job or the component does not exist.
        NothingWaits: the destination waits for less, or not at all.
        ShortStock: goods that should stand there do not.
        LotHeld: the lot is kept back.
        HandlingUnitFrozen: the unit the goods stand in is closed.
    """
    trouble = trouble_with(arrival.qty)
    if trouble:
        raise Invalid([Problem("qty", trouble, "not_positive")])
    if (job_id is None) == (component_id is None):
        raise Invalid([Problem("target", _("Choose the job or the call that the goods go to."), "no_target")])
    if arrival.hu_id and not HandlingUnit.objects.filter(pk=arrival.hu_id, site_id=site_id, state="open").exists():
        raise HandlingUnitFrozen(_("This handling unit is closed: its content is not changed."))
    if job_id is not None:
        return _to_job(site_id, arrival, job_id, actor, at)
    return _to_call(site_id, arrival, component_id or 0, actor, at)


def _to_job(site_id: int, arrival: Arrival, job_id: int, actor: Actor, at: datetime) -> CrossDocked:
    job = lock_one(Job.objects.filter(site_id=site_id, pk=job_id), noun="job")
    mine = [(micro, where) for line, micro, where in missing_of_jobs(site_id, arrival.part_id) if line.job_id == job_id]
    wanted = sum(micro for micro, __ in mine)
    _refuse_surplus(f"Job {job}", arrival, wanted)

    line = place(site_id, mine[0][1])
    posted = _post(site_id, arrival, line.pk, None, ("job", job.pk), actor, at)
    journal.write(
        [journal.Entry("cross_dock_receipt", "job", job.pk, site_id=site_id, facts=_facts(arrival, line.code))],
        actor=actor,
        at=at,
    )
    return CrossDocked(posted, line.code, "", to_micro(arrival.qty) == wanted)


def _to_call(site_id: int, arrival: Arrival, component_id: int, actor: Actor, at: datetime) -> CrossDocked:
    group_id = Component.objects.filter(site_id=site_id, pk=component_id).values_list("group_id", flat=True).first()
    if group_id is None:
        raise NotFound(_("This call does not exist any more."))
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk=group_id))
    component = next((c for c in waiting_components(site_id, arrival.part_id) if c.pk == component_id), None)
    _refuse_surplus(f"Call {groups[0]}", arrival, missing_of_component(component) if component else 0)

    dock = first_place(site_id, "dock")
    rack = _load(groups, dock.pk, actor, at)
    assert rack.hu is not None  # noqa: S101 - it was given one
    posted = _post(site_id, arrival, dock.pk, rack.hu.pk, ("component", component_id), actor, at)
    lot_id = _lot_id(arrival) or 0
    stock_steps.reserve_at(
        (arrival.part_id, rack.hu.location_id, lot_id, 0, rack.hu.pk), arrival.qty, ("component", component_id),
        site_id=site_id, at=at,
    )  # fmt: skip
    packed = Component.objects.values_list("packed_qty", flat=True).get(pk=component_id)
    Component.objects.filter(pk=component_id).update(packed_qty=from_micro(to_micro(packed) + to_micro(arrival.qty)))
    entries = [
        journal.Entry("cross_dock_receipt", "group", group_id, site_id=site_id, facts=_facts(arrival, rack.hu.sscc))
    ]
    journal.write(entries, actor=actor, at=at)
    whole = pack_whole(groups, rack, {"cross_dock": "yes"}, actor=actor, at=at)
    return CrossDocked(posted, dock.code, rack.hu.sscc, whole)


def _load(groups: list[ComponentGroup], dock: int, actor: Actor, at: datetime) -> PackingGroup:
    """Open the call's load at the dock, or go on with the one it has."""
    if groups[0].state == "created":
        how: dict[str, Any] = {"action": "cross_dock_receipt", "actor": actor, "at": at}
        demand_steps.advance(groups, "release", **how)
        demand_steps.advance(groups, "make_ready", production="not_needed", **how)
        demand_steps.advance(groups, "release_for_packing", packing="released", picking="short", **how)
        seat_loose(groups)
        rack = lock_one(PackingGroup.objects.filter(slots__group=groups[0]).select_related("hu"), noun="load")
        open_racks([rack], location_id=dock, at=at)
        return rack
    rack = lock_one(PackingGroup.objects.filter(slots__group=groups[0]).select_related("hu"), noun="load")
    give_unit(rack, location_id=dock, at=at)
    return rack


def _refuse_surplus(what: str, arrival: Arrival, wanted: int) -> None:
    if to_micro(arrival.qty) > wanted:
        raise NothingWaits(
            _("{what} waits for {wanted}, not for {qty}.").format(
                what=what, wanted=from_micro(max(wanted, 0)), qty=arrival.qty
            ),
            wanted=str(from_micro(max(wanted, 0))),
            sent=str(arrival.qty),
        )


def _lot_id(arrival: Arrival) -> int | None:
    found = Lot.objects.filter(part_id=arrival.part_id, number=arrival.lot_no) if arrival.lot_no else Lot.objects.none()
    return found.values_list("pk", flat=True).first()


def _post(
    site_id: int, arrival: Arrival, to: int, hu_id: int | None, document: tuple[str, int], actor: Actor, at: datetime
) -> int:
    """Take the goods in where they are not yet, and move them on at once."""
    if not arrival.known:
        given = Incoming(
            arrival.part_id, arrival.location_id, arrival.qty, lot_no=arrival.lot_no,
            facts=arrival.facts or LotFacts(),
        )  # fmt: skip
        stock_steps.take_in(given, site_id=site_id, kind="dock_receipt", document=document, actor=actor, at=at)
    line = Line(
        part_id=arrival.part_id, qty=arrival.qty, from_location_id=arrival.location_id, to_location_id=to,
        from_hu_id=arrival.hu_id,
        to_hu_id=hu_id, lot_id=_lot_id(arrival),
    )  # fmt: skip
    return stock_steps.post(
        [line], site_id=site_id, kind="cross_dock", document=document, actor=actor, at=at
    ).posting_id


def _facts(arrival: Arrival, target: str) -> dict[str, str]:
    return {"qty": str(arrival.qty), "lot": arrival.lot_no, "target": target}
