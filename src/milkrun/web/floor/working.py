"""Scans of those who make, pack and pick."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milkrun.demand import queries as demand
from milkrun.kernel.errors import Forbidden, NotFound
from milkrun.measure.gs1 import read_sscc
from milkrun.measure.wording import quantity
from milkrun.production import queries as production
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.shipping import queries as shipping
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.stock import queries as stock
from milkrun.web.access import StaffRequest
from milkrun.web.acting import typed_quantity

Fields = Mapping[str, str]

_UNKNOWN: dict[str, Promise] = {
    "rack": gettext_lazy("No rack has this number. Scan the label on the rack."),
    "job": gettext_lazy("No job has this number. Scan the job card."),
    "delivery": gettext_lazy("No delivery has this number. Scan the delivery note."),
}


def allow(request: StaffRequest, action: str) -> None:
    """Let the person go on who may do this.

    Raises:
        Forbidden: the roles do not allow it.
    """
    if action not in request.access.actions:
        raise Forbidden(_("Your roles do not allow this. Ask an administrator."))


def rack_of(request: StaffRequest, scan: str) -> demand.RackView:
    """Find a rack by the label of its handling unit.

    Raises:
        NotFound: no rack has it.
    """
    units = [hit.public_id for hit in stock.find(request.site.id, scan) if hit.exact]
    found = list(demand.find_racks(request.site.id, stock.handling_unit_ids(request.site.id, units)))
    return demand.rack(request.site.id, _one(found, "rack"), request.zone)


def pack(request: StaffRequest, fields: Fields, who: dict[str, Any]) -> str:
    """Put a part into the slot that the phone saw as next, or into the next one where it saw none."""
    rack = rack_of(request, fields["subject"])
    slot = int(fields["slot"]) if fields["slot"].isascii() and fields["slot"].isdigit() else None
    done = confirm_packing(packing_group_id=rack.id, scan=fields["scan"], slot=slot, **who)
    facts = {"slot": done.slot, "part": done.part_number, "qty": quantity(done.qty)}
    return _("%(qty)s × %(part)s in slot %(slot)d.") % facts


def make(request: StaffRequest, fields: Fields, who: dict[str, Any]) -> str:
    """Confirm pieces of a job's next line."""
    found = production.find(request.site.id, fields["scan"])
    job = production.job(request.site.id, _one([hit for hit in found if hit.exact], "job"), request.zone)
    line = next((line for line in job.lines if not line.done), None)
    position = line.position if line else 1
    good = typed_quantity(fields["qty"] or "1", "qty")
    scrap = typed_quantity(fields["scrap"] or "0", "scrap")
    report = JobReport(position=position, good=good, scrap=scrap, scrap_reason=fields["reason"])
    done = confirm_job(job_id=job.row.id, reports=(report,), **who)
    failed = next((made.failure for made in done.confirmations if not made.posted), "")
    facts = {"job": fields["scan"], "good": quantity(good), "scrap": quantity(scrap), "why": failed}
    if failed:
        return _("Job %(job)s: %(good)s good kept; the stock posting failed and waits: %(why)s") % facts
    return _("Job %(job)s: %(good)s good, %(scrap)s scrap.") % facts


def pick(request: StaffRequest, fields: Fields, who: dict[str, Any]) -> str:
    """Bring a handling unit of a delivery to the dock."""
    found = shipping.find(request.site.id, fields["subject"])
    delivery = shipping.delivery(request.site.id, _one([h for h in found if h.exact], "delivery"), request.zone)
    done = pick_delivery(delivery_id=delivery.row.id, sscc=read_sscc(fields["scan"]), **who)
    return _("%(sscc)s is at the dock, %(left)d left.") % {"sscc": fields["scan"], "left": len(done.open)}


def _one(hits: list[Any], noun: str) -> str:
    if not hits:
        raise NotFound(str(_UNKNOWN[noun]))
    return str(hits[0].public_id)
