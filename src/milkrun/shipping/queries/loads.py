"""The handling units of loads: found by the goods in them, which are reserved for the load's components."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from milkrun.demand.models import Component, PackingGroup
from milkrun.kernel.errors import NotFound
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.measure.wording import quantity
from milkrun.stock.models import HandlingUnit, Reservation


@dataclass(frozen=True, slots=True)
class LoadUnit:
    """One handling unit of a load: what it holds, and whether goods go into it now."""

    id: int
    public_id: str
    sscc: str
    state: str
    contents: tuple[str, ...]
    current: bool


def units_of_loads(rack_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return the keys of the units with goods of each packing group, in the order the units were made."""
    racks = dict(
        Component.objects.filter(group__slot__packing_group__in=list(rack_ids)).values_list(
            "pk", "group__slot__packing_group_id"
        )
    )
    found: dict[int, set[int]] = {}
    for (component, unit), _qty in packed_shares(racks).items():
        found.setdefault(racks[component], set()).add(unit)
    return {rack: tuple(sorted(units)) for rack, units in found.items()}


def packed_shares(component_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Return how much of each component lies in which unit: micro-units by (component, unit)."""
    shares: dict[tuple[int, int], int] = {}
    rows = Reservation.objects.filter(
        purpose_kind="component", purpose_id__in=list(component_ids), state="open", balance__hu__isnull=False
    ).order_by("balance__hu_id")
    for component, unit, qty in rows.values_list("purpose_id", "balance__hu_id", "qty"):
        shares[component, unit or 0] = shares.get((component, unit or 0), 0) + to_micro(qty)
    return shares


def load_units(rack_id: int) -> list[LoadUnit]:
    """List the units of a load with what they hold, in the order they were made; the current one even when empty."""
    current = PackingGroup.objects.filter(pk=rack_id).values_list("hu_id", flat=True).first()
    components = Component.objects.filter(group__slot__packing_group=rack_id).select_related("part")
    by_key = {row.pk: row for row in components.order_by("group_id", "line_no")}
    inside: dict[int, list[str]] = {current: []} if current else {}
    for (component, unit), micro in packed_shares(by_key).items():
        row = by_key[component]
        text = f"{quantity(from_micro(micro), row.part.base_unit if row.part else '')} {row.customer_part_no}"
        inside.setdefault(unit, []).append(text)
    return [
        LoadUnit(row.pk, row.public_id, row.sscc, row.state, tuple(inside[row.pk]), row.pk == current)
        for row in HandlingUnit.objects.filter(pk__in=inside).order_by("pk")
    ]


def load_of_task(site_id: int, task_public_id: str) -> int:
    """Return the load that a task's goods go into.

    Raises:
        NotFound: there is no such task here, or it carries a unit that is packed already.
    """
    found = PackingGroup.objects.filter(
        site_id=site_id, slots__group__components__picktask__public_id=task_public_id
    ).values_list("pk", flat=True)
    key = found.first()
    if key is None:
        raise NotFound(_("This task does not fill a load."), task_id=task_public_id)
    return key


def frames_under(hu_ids: Iterable[int]) -> list[HandlingUnit]:
    """List the frames that these units stand on."""
    rows = HandlingUnit.objects.filter(rackframe__isnull=False, children__in=list(hu_ids))
    return list(rows.distinct().order_by("pk"))
