"""Write goods off that nobody will use any more, by cause."""

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
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import Location
from milkrun.stock.states import REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class StockWrittenOff:
    """Goods are waste; the value is None where the part has no standard cost."""

    write_off_id: int
    public_id: str
    posting_id: int
    value_minor: int | None
    currency: str


@command
def write_off(
    *,
    site_id: int,
    part_id: int,
    location_id: int,
    qty: Decimal,
    cause: str,
    actor: Actor,
    at: datetime,
    lot_id: int | None = None,
    reason: str = "",
    request: Request | None = None,
) -> StockWrittenOff:
    """Post free goods at a place to scrap, in base units; valued at the standard cost of this moment.

    Args:
        cause: damaged, obsolete, expired or unsold.

    Raises:
        UnknownLocation: this is no place of the site.
        Invalid: the quantity is not positive, or nobody knows the cause.
        ShortStock: less is free there.
    """
    place = Location.objects.filter(site_id=site_id, pk=location_id, kind__in=REAL_LOCATION_KINDS).first()
    if place is None:
        raise UnknownLocation(_("Choose a place of this site where the goods stand."))
    trouble = trouble_with(qty)
    if trouble:
        raise Invalid([Problem("qty", trouble, "not_positive")])

    gone = steps.waste(
        steps.Line(part_id, qty, place.pk, place.pk, lot_id=lot_id), cause, site_id=site_id, kind="write_off",
        actor=actor, at=at, reason=reason,
    )  # fmt: skip

    facts = {"posting": gone.posting_id, "qty": str(qty), "cause": cause, "location": place.code}
    entry = journal.Entry("write_off", "part", part_id, site_id=site_id, reason=reason, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return StockWrittenOff(gone.pk, gone.public_id, gone.posting_id, gone.value_minor, gone.currency)
