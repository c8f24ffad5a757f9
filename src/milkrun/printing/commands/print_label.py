"""Print the label of one or more handling units: what it says is fixed now, the worker brings it to the printer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from milkrun.demand.models import PackingGroup
from milkrun.demand.queries import racks_of_units
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.labels import plain
from milkrun.printing.errors import UnknownPrinter
from milkrun.printing.models import Printer, PrintJob
from milkrun.printing.queries import layout_for, unit_data
from milkrun.shipping.models import DeliveryLine
from milkrun.stock.models import HandlingUnit

# What a person may type for this label, because the customer said it (a release, an order, a note).
TYPED = ("release.number", "order.number", "packaging.note")
MOST_UNITS = 200


@dataclass(frozen=True, slots=True)
class LabelQueued:
    """One label: `copy_no` 1 is the first, from 2 on it says REPRINT 1, 2 and so on."""

    public_id: str
    sscc: str
    copy_no: int
    state: str


@dataclass(frozen=True, slots=True)
class LabelsQueued:
    """The labels that were asked for, by handling unit."""

    labels: tuple[LabelQueued, ...]


@command
def print_label(
    *,
    site_id: int,
    hu_ids: Sequence[int],
    template: str,
    printer_id: int | None,
    actor: Actor,
    at: datetime,
    reason: str = "",
    device: str = "",
    typed: Mapping[str, str] | None = None,
    request: Request | None = None,
) -> LabelsQueued:
    """Queue a label for each unit, or fix it for the browser where no printer is given.

    Args:
        hu_ids: 1 to 200 units.
        template: name of a label template; a customer's own version is taken where there is one.
        printer_id: None: the person opens it as PDF.
        reason: why it is printed again; needed from the second copy of a template on.
        device: what the person holds in the hand, for the log.
        typed: release.number, order.number, packaging.note as typed or scanned.

    Raises:
        NotFound: a unit is not at this site.
        UnknownPrinter: the printer does not exist at this site, or is switched off.
        UnknownTemplate: there is no such template.
        Invalid: nothing chosen, a copy without a reason, or something typed that is no placeholder for it.
    """
    said = {name: text.strip() for name, text in (typed or {}).items() if text.strip()}
    units = _held(site_id, hu_ids)
    if printer_id is not None and not Printer.objects.filter(pk=printer_id, site_id=site_id, active=True).exists():
        raise UnknownPrinter(_("This printer does not exist at this site, or is switched off."), printer=printer_id)
    copies = _copies([unit.pk for unit in units], site_id, template)
    _refuse_impossible(said, reason, copies)

    partners = _partners([unit.pk for unit in units])
    asked = {"reason": reason[:400], "created_by": actor.name, "device": device[:120], "typed": sorted(said)}
    made = []
    for unit in units:
        layout, version = layout_for(template, partners.get(unit.pk))
        copy_no = copies.get(unit.pk, 0) + 1
        mark = {"copy": f"REPRINT {copy_no - 1}"} if copy_no > 1 else {}
        made.append(
            PrintJob(
                site_id=site_id, hu=unit, printer_id=printer_id, template=template, template_version=version,
                layout=plain(layout), data={**unit_data(unit, at), **said, **mark}, copy_no=copy_no,
                state="queued" if printer_id is not None else "sent", sent_at=None if printer_id is not None else at,
                due_at=at, created_at=at, **asked,
            )
        )  # fmt: skip
    PrintJob.objects.bulk_create(made)

    journal.write(
        [
            journal.Entry(
                "print_label", "hu", job.hu_id, site_id=site_id, reason=reason,
                facts={"template": template, "copy": job.copy_no, "label": job.public_id},
            )
            for job in made
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    return LabelsQueued(tuple(LabelQueued(job.public_id, job.hu.sscc, job.copy_no, job.state) for job in made))


def _held(site_id: int, hu_ids: Sequence[int]) -> list[HandlingUnit]:
    """Hold the units whose labels are asked for."""
    wanted = set(hu_ids)
    if not 0 < len(wanted) <= MOST_UNITS:
        text = _("Choose 1 to {most_units} handling units.").format(most_units=MOST_UNITS)
        raise Invalid([Problem("hu_ids", text, "nothing_chosen")])
    rows = HandlingUnit.objects.filter(site_id=site_id, pk__in=wanted)
    units = lock(rows.select_related("site", "location", "parent"))
    if len(units) != len(wanted):
        raise NotFound(_("A handling unit does not exist at this site. Scan its label again."), noun="handling unit")
    return units


def _copies(hu_ids: Sequence[int], site_id: int, template: str) -> dict[int, int]:
    """Tell the highest copy that came out, may have come out or is on its way, by unit."""
    rows = PrintJob.objects.filter(site_id=site_id, hu_id__in=hu_ids, template=template)
    counted = rows.exclude(state="failed", unsure=False).values("hu_id").annotate(highest=Max("copy_no")).order_by()
    return {row["hu_id"]: row["highest"] for row in counted}


def _refuse_impossible(said: Mapping[str, str], reason: str, copies: Mapping[int, int]) -> None:
    problems = [
        Problem(name, _("This cannot be typed for a label."), "not_typed") for name in said if name not in TYPED
    ]
    problems += [
        Problem(name, _("Write at most 60 characters on one line."), "too_long")
        for name, text in said.items()
        if len(text) > 60 or not text.isprintable()
    ]
    if copies and not reason.strip():
        problems.append(
            Problem("reason", _("This label was printed before. Say why it is printed again."), "reason_missing")
        )
    if problems:
        raise Invalid(problems)


def _partners(hu_ids: Sequence[int]) -> dict[int, int]:
    """Tell whose label each unit gets: the customer of its delivery or of its rack."""
    rack_of = racks_of_units(hu_ids)
    customers = dict(PackingGroup.objects.filter(pk__in=rack_of.values()).values_list("pk", "partner_id"))
    lines = DeliveryLine.objects.filter(hu_id__in=hu_ids, live=True).values_list("hu_id", "delivery__partner_id")
    return {**{unit: customers[rack] for unit, rack in rack_of.items()}, **dict(lines)}
