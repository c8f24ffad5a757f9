"""Match what a customer wrote (part number, order number, unit, dock) to what we know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.demand.models import SupplyAgreement
from milkrun.measure.unit import Inconvertible, UnknownUnit
from milkrun.partners.models import ShipTo, UnloadingPoint
from milkrun.parts.queries import customer_parts, in_base_unit, number_key, own_units


@dataclass(frozen=True, slots=True)
class Match:
    """What a component was matched to; `code` and `reason` say what is missing, empty where nothing is."""

    part_id: int | None
    agreement_id: int | None
    qty: Decimal | None
    reason: str
    code: str = ""


class Matcher:
    """Knows a customer's parts, agreements and docks, loaded once for any number of calls."""

    def __init__(self, partner_id: int, numbers: Iterable[str], *, on: date) -> None:
        self._parts = customer_parts(partner_id, numbers)
        self._units = own_units({row.part_id for row in self._parts.values()})
        agreements = SupplyAgreement.objects.filter(
            customer_part_id__in=[row.pk for row in self._parts.values()], valid_from__lte=on
        ).order_by("valid_from")
        self._by_order = {(row.customer_part_id, row.order_no): row.pk for row in agreements}
        self._by_part = {row.customer_part_id: row.pk for row in agreements}
        self._plants = {row.code: row for row in ShipTo.objects.filter(partner_id=partner_id)}
        self._docks = set(
            UnloadingPoint.objects.filter(ship_to__partner_id=partner_id).values_list("ship_to_id", "code")
        )

        # Files ask for the same few things again and again.
        self._asked: dict[tuple[str, str, Decimal, str, str, str], Match] = {}

    def plant(self, code: str) -> ShipTo | None:
        """Find the customer's plant by the code in the call."""
        return self._plants.get(code)

    def component(
        self, *, number: str, order_no: str, qty: Decimal, unit: str, plant: ShipTo | None, plant_code: str, dock: str
    ) -> Match:
        """Match one component; the first thing that is missing is the reason."""
        asked = (number, order_no, qty, unit, plant_code, dock)
        known = self._asked.get(asked)
        if known is None:
            known = self._asked[asked] = self._component(number, order_no, qty, unit, plant, plant_code, dock)
        return known

    def _component(
        self, number: str, order_no: str, qty: Decimal, unit: str, plant: ShipTo | None, plant_code: str, dock: str
    ) -> Match:
        customer_part = self._parts.get(number_key(number))
        if customer_part is None:
            return Match(
                None,
                None,
                None,
                _("Part {number} is not known for this customer.").format(number=number),
                "unknown_part",
            )
        part = customer_part.part
        try:
            base_qty = in_base_unit(part, qty, unit, self._units.get(part.pk, []))
        except (UnknownUnit, Inconvertible) as problem:
            return Match(part.pk, None, None, str(problem), "unit_not_convertible")
        agreement_id = (
            self._by_order.get((customer_part.pk, order_no)) if order_no else self._by_part.get(customer_part.pk)
        )
        if agreement_id is None:
            wanted = f"Order {order_no}" if order_no else "No order"
            return Match(
                part.pk,
                None,
                base_qty,
                _("{wanted} is not agreed for part {number}.").format(wanted=wanted, number=number),
                "no_supply_agreement",
            )
        if plant is None:
            reason = _("Plant {plant_code} of the customer is not known.").format(plant_code=plant_code or "(none)")
            return Match(part.pk, agreement_id, base_qty, reason, "unknown_plant")
        if dock and (plant.pk, dock) not in self._docks:
            return Match(
                part.pk,
                agreement_id,
                base_qty,
                _("Dock {dock} is not known at plant {code}.").format(dock=dock, code=plant.code),
                "unknown_dock",
            )
        return Match(part.pk, agreement_id, base_qty, "")
