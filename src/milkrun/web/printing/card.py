"""The card with which a label is printed: on the pages of handling units, racks and deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from milkrun.printing import queries as printing
from milkrun.web.access import StaffRequest

BROWSER = "browser"
# Why a label is printed again; the first fits the commonest case.
REASONS = (
    _("Torn or unreadable"),
    _("The content changed"),
    _("Release or order number added"),
    _("The printer failed"),
    _("Label lost"),
)


@dataclass(frozen=True, slots=True)
class LabelCard:
    """What the card shows: who may print, on what, and what was printed last."""

    units: tuple[str, ...]
    printers: tuple[printing.PrinterRow, ...]
    chosen: str
    templates: tuple[tuple[str, str], ...]
    template: str
    last: tuple[printing.LastLabel, ...]
    jobs: tuple[printing.JobRow, ...]
    reasons: tuple[Any, ...] = REASONS


def label_card(request: StaffRequest, hu_ids: Sequence[int], template: str = "") -> dict[str, Any]:
    """Return the card's context for some units; without any there is nothing to print."""
    site = request.site.id
    found = printing.label_units(site, hu_ids)
    if not found:
        return {"label_card": None}
    one = found[0] if len(found) == 1 else None
    fits = template or printing.fitting_template(found[0])
    return {
        "label_card": LabelCard(
            tuple(unit.public_id for unit in found),
            tuple(printing.printers(site, only_active=True)),
            str(request.session.get("printer", "")),
            tuple(printing.template_titles()),
            fits,
            tuple(printing.last_labels(one, timezone.now())) if one else (),
            tuple(printing.jobs_of_unit(site, one.pk, request.zone, limit=5)) if one else (),
        )
    }
