"""The departure board: what leaves when by the customer's clock, how much of it is loaded, what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from milkrun.exchange.models import OutboxMessage
from milkrun.kernel.machine import open_moves
from milkrun.measure.wording import moment
from milkrun.shipping.models import Delivery, DeliveryLine, ShippingRule
from milkrun.shipping.states import DELIVERY_MOVES

MOST = 200
# What has left stays on the board so long, to see its ASN arrive.
AFTERWARDS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Departure:
    """A delivery on the board. `departs` is an ISO instant for the countdown, `departs_text` the customer's clock.

    Args:
        loaded: handling units at the dock (or packed, where nothing is picked), of `units`.
        missing: SSCCs that are not.
        asn: where the newest shipping notice stands in the outbox; "" before there is one.
    """

    public_id: str
    number: str
    partner: str
    ship_to: str
    unloading_point: str
    state: str
    departs: str
    departs_text: str
    arrives_text: str
    units: int
    loaded: int
    percent: int
    missing: tuple[str, ...]
    asn: str
    asn_error: str
    open: tuple[str, ...]


def departures(site_id: int, at: datetime) -> list[Departure]:
    """List what has not left, the first to leave first, and below it what left in the last half day."""
    rows = Delivery.objects.filter(site_id=site_id).select_related("partner", "ship_to")
    waiting = list(rows.filter(state__in=("open", "picked")).order_by("due_at", "id")[:MOST])
    gone = rows.filter(state__in=("issued", "billed"), issued_at__gt=at - AFTERWARDS).order_by("-issued_at", "-id")
    transit = {rule.partner_id: timedelta(minutes=rule.transit_minutes) for rule in ShippingRule.objects.all()}
    found = sorted(waiting, key=lambda row: (row.due_at - transit.get(row.partner_id, timedelta()), row.pk))
    found += list(gone[:MOST])
    units = _units(row.pk for row in found)
    told = _told(row.pk for row in found)
    nothing = timedelta()
    return [
        _departure(row, units.get(row.pk, {}), told.get(row.pk, ("", "")), transit.get(row.partner_id, nothing))
        for row in found
    ]


def _units(keys: Iterable[int]) -> dict[int, dict[str, str]]:
    rows = DeliveryLine.objects.filter(delivery_id__in=list(keys)).values_list("delivery_id", "hu__sscc", "hu__state")
    found: dict[int, dict[str, str]] = {}
    for delivery, sscc, state in rows.order_by("delivery_id", "line_no"):
        found.setdefault(delivery, {})[sscc] = state
    return found


def _told(keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    rows = OutboxMessage.objects.filter(document_kind="delivery", document_id__in=list(keys), document_type="DESADV")
    found = rows.order_by("version").values_list("document_id", "state", "last_error")
    return {delivery: (state, error) for delivery, state, error in found}


def _departure(row: Delivery, units: dict[str, str], told: tuple[str, str], transit: timedelta) -> Departure:
    there = row.ship_to.zone
    ready = ("picked", "issued") if row.picking_needed else ("closed", "picked", "issued")
    missing = tuple(sscc for sscc, state in units.items() if state not in ready)
    loaded = len(units) - len(missing)
    departs = row.due_at - transit
    return Departure(
        row.public_id, row.number, row.partner.code, row.ship_to.code, row.unloading_point, row.state,
        departs.isoformat(), moment(departs, there), moment(row.due_at, there), len(units), loaded,
        100 * loaded // len(units) if units else 0, missing, told[0], told[1],
        tuple(open_moves(DELIVERY_MOVES, row.state)),
    )  # fmt: skip
