"""What a customer's messages mean, and which call of ours they are about."""

from dataclasses import dataclass

from milkrun.demand.models import Component, ExternalStatus, JitCall


@dataclass(frozen=True, slots=True)
class VehicleLine:
    """A line of a vehicle's call."""

    group_code: str
    line_no: int
    customer_part_no: str


@dataclass(frozen=True, slots=True)
class VehicleCall:
    """The latest call for a vehicle, with its live lines."""

    id: int
    number: str
    lines: tuple[VehicleLine, ...]


def statuses_of(partner_id: int) -> dict[str, str]:
    """Return what each status word of a customer asks for."""
    rows = ExternalStatus.objects.filter(partner_id=partner_id)
    return dict(rows.order_by("transmitted").values_list("transmitted", "action"))


def call_of_vehicle(site_id: int, partner_id: int, *, production_no: str, vin: str) -> VehicleCall | None:
    """Find the call of a vehicle that was not itself a reorder, by its production number, else by its VIN."""
    rows = JitCall.objects.filter(site_id=site_id, partner_id=partner_id).exclude(source="reorder")
    rows = rows.exclude(state="cancelled").order_by("-id")
    found = rows.filter(production_no=production_no).first() if production_no else None
    if found is None and vin:
        found = rows.filter(vin=vin).first()
    if found is None:
        return None
    lines = Component.objects.filter(group__call=found).exclude(group__state="cancelled")
    rows_of_lines = lines.order_by("group_id", "line_no")
    values = rows_of_lines.values_list("group__code", "line_no", "customer_part_no")
    return VehicleCall(found.pk, found.external_no, tuple(VehicleLine(*row) for row in values))
