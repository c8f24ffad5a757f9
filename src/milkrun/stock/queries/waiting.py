"""Goods that wait: to be put away, with the bin that is proposed, and in quarantine for a verdict."""

from dataclasses import dataclass
from decimal import Decimal

from milkrun.stock.models import Balance, StorageRule
from milkrun.stock.queries.space import Space, spaces


@dataclass(frozen=True, slots=True)
class Waiting:
    """Loose goods at a place; `proposed` is the bin to put them into and `why` ("fixed", "same_part", "empty")."""

    balance_id: int
    location_id: int
    location: str
    part_id: int
    part_public_id: str
    part_number: str
    description: str
    unit: str
    lot_id: int | None
    lot: str
    lot_state: str
    free: Decimal
    on_hand: Decimal
    proposed: str = ""
    why: str = ""


def to_put_away(site_id: int) -> list[Waiting]:
    """List what waits in staging places, each with the bin that is proposed for it."""
    rows = _standing(site_id, "staging")
    if not rows:
        return []
    part_ids = {row.part_id for row in rows}
    bins = {space.id: space for space in spaces(site_id, kind="storage")}
    fixed = dict(
        StorageRule.objects.filter(site_id=site_id, part_id__in=part_ids, fixed_location__isnull=False).values_list(
            "part_id", "fixed_location__code"
        )
    )
    there: dict[int, list[int]] = {}
    held = Balance.objects.filter(site_id=site_id, part_id__in=part_ids, location__kind="storage", on_hand__gt=0)
    for part_id, location_id in held.order_by("location__pick_sequence", "id").values_list("part_id", "location_id"):
        there.setdefault(part_id, []).append(location_id)
    return [_waiting(row, *_propose(row.part_id, fixed, there, bins)) for row in rows]


def in_quarantine(site_id: int) -> list[Waiting]:
    """List what stands in quarantine places."""
    return [_waiting(row, "", "") for row in _standing(site_id, "quarantine")]


def _standing(site_id: int, kind: str) -> list[Balance]:
    rows = Balance.objects.filter(site_id=site_id, location__kind=kind, on_hand__gt=0, hu=None, owner=None)
    return list(rows.select_related("location", "part", "lot").order_by("location__code", "part__number", "id"))


def _propose(
    part_id: int, fixed: dict[int, str], there: dict[int, list[int]], bins: dict[int, Space]
) -> tuple[str, str]:
    """Choose the part's own bin, else one where it stands already and that has room, else an empty one."""
    if part_id in fixed:
        return fixed[part_id], "fixed"
    for key in there.get(part_id, []):
        if key in bins and (not bins[key].pallet_places or bins[key].used_places < bins[key].pallet_places):
            return bins[key].code, "same_part"
    empty = [space for space in bins.values() if space.parts == 0]
    empty.sort(key=lambda space: (space.pick_sequence, space.code))
    return (empty[0].code, "empty") if empty else ("", "")


def _waiting(row: Balance, proposed: str, why: str) -> Waiting:
    return Waiting(
        row.pk, row.location_id, row.location.code, row.part_id, row.part.public_id, row.part.number,
        row.part.description, row.part.base_unit, row.lot_id, row.lot.number if row.lot else "",
        row.lot.state if row.lot else "free", row.on_hand - row.reserved, row.on_hand, proposed, why,
    )  # fmt: skip
