"""Plants of customers with their docks."""

from dataclasses import dataclass

from milkrun.partners.models import ShipTo


@dataclass(frozen=True, slots=True)
class PlantView:
    """A plant of a customer, its time zone, and the docks known there."""

    code: str
    name: str
    zone: str
    docks: tuple[str, ...]


def plants(partner_id: int) -> tuple[PlantView, ...]:
    """List the plants of a customer by code."""
    rows = ShipTo.objects.filter(partner=partner_id).order_by("code").prefetch_related("unloadingpoint_set")
    return tuple(
        PlantView(row.code, row.name, row.zone, tuple(sorted(dock.code for dock in row.unloadingpoint_set.all())))
        for row in rows
    )
