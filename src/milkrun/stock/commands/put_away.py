"""Put received goods away: from where they wait into the bin that was scanned."""

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
from milkrun.stock.queries.space import Exceeded, overflow


@dataclass(frozen=True, slots=True)
class PutAway:
    """Goods stand in their bin; `exceeded` names limits of the bin that they exceed."""

    posting_id: int
    location: str
    exceeded: tuple[Exceeded, ...]


@command
def put_away(
    *,
    site_id: int,
    part_id: int,
    from_location_id: int,
    bin_code: str,
    qty: Decimal,
    actor: Actor,
    at: datetime,
    lot_id: int | None = None,
    request: Request | None = None,
) -> PutAway:
    """Post goods that wait in a staging place into a bin, in base units.

    Args:
        bin_code: the code on the bin, as scanned.

    Raises:
        UnknownLocation: the goods do not wait there, or nobody knows the bin.
        Invalid: the quantity is not positive.
        ShortStock: less waits there.
        LotHeld: the lot is not free and the bin is a line's.
    """
    waiting = Location.objects.filter(site_id=site_id, pk=from_location_id, kind__in=("staging", "dock")).first()
    if waiting is None:
        raise UnknownLocation(_("Goods are put away from a staging place: choose where they wait."))
    bins = Location.objects.filter(site_id=site_id, kind__in=("storage", "line"))
    target = bins.filter(code=bin_code.strip().upper()).first()
    if target is None:
        raise UnknownLocation(
            _("{bin_code} is no bin of this site. Scan the code on the bin.").format(bin_code=bin_code),
            location=bin_code,
        )
    trouble = trouble_with(qty)
    if trouble:
        raise Invalid([Problem("qty", trouble, "not_positive")])

    exceeded = overflow(site_id, target.pk, [(part_id, qty)])
    posted = steps.post(
        [steps.Line(part_id, qty, waiting.pk, target.pk, lot_id=lot_id)],
        site_id=site_id,
        kind="put_away",
        actor=actor,
        at=at,
    )

    facts = {"posting": posted.posting_id, "qty": str(qty), "from": waiting.code, "to": target.code}
    journal.write([journal.Entry("put_away", "part", part_id, site_id=site_id, facts=facts)], actor=actor, at=at)
    return PutAway(posted.posting_id, target.code, exceeded)
