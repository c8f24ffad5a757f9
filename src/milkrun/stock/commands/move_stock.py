"""Move goods from one place of a site to another by hand."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.quantity import trouble_with
from milkrun.stock import steps
from milkrun.stock.errors import InQuarantine, UnknownLocation
from milkrun.stock.models import Location
from milkrun.stock.states import REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class StockMoved:
    """Goods stand elsewhere now."""

    posting_id: int


@command
def move_stock(
    *,
    site_id: int,
    part_id: int,
    from_location_id: int,
    to_location_id: int,
    qty: Decimal,
    actor: Actor,
    at: datetime,
    lot_id: int | None = None,
    reason: str = "",
    request: Request | None = None,
) -> StockMoved:
    """Post free goods (not reserved, not in a handling unit) to another place, in base units.

    Raises:
        Invalid: the quantity is not positive, or both places are the same.
        UnknownLocation: a place is not one of this site's.
        ShortStock: less is free.
        InQuarantine: goods leave a quarantine place by a verdict.
        LotHeld: the lot is not free and the place is one where goods are used.
    """
    places = Location.objects.filter(site_id=site_id, kind__in=REAL_LOCATION_KINDS).in_bulk(
        [from_location_id, to_location_id]
    )
    if not {from_location_id, to_location_id} <= set(places):
        raise UnknownLocation(_("Choose two places of this site."))
    source, target = places[from_location_id], places[to_location_id]
    if source.kind == "quarantine" and target.kind != "quarantine":
        raise InQuarantine(
            _("{source} is a quarantine place: release the goods there first.").format(source=source),
            location=source.code,
        )
    trouble = trouble_with(qty)
    if trouble:
        raise Invalid([Problem("qty", trouble, "not_positive")])
    if from_location_id == to_location_id:
        raise Invalid([Problem("to_location", _("The goods are there already: choose another place."), "same_place")])

    posted = steps.post(
        [steps.Line(part_id, qty, from_location_id, to_location_id, lot_id=lot_id)],
        site_id=site_id,
        kind="move",
        actor=actor,
        at=at,
        reason=reason,
    )

    facts = {
        "posting": posted.posting_id,
        "qty": str(qty),
        "from": source.code,
        "to": target.code,
    }
    journal.write(
        [journal.Entry("move_stock", "part", part_id, site_id=site_id, reason=reason, facts=facts)],
        actor=actor,
        at=at,
    )
    return StockMoved(posted.posting_id)
