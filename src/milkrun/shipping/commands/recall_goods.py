"""Recall goods that have no lot: what may be of them is set apart, and every customer who got or gets it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.shipping.models import Delivery
from milkrun.shipping.queries.suspect import Spread, Suspicion, spread_of
from milkrun.shipping.steps.recalling import block_all, tell_recall
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import Balance, HandlingUnit, Location
from milkrun.stock.states import HANDLING_UNIT_MOVES


@dataclass(frozen=True, slots=True)
class GoodsRecalled:
    """What was set apart and blocked, what is kept for calls and stays in place, and who was told of which deliveries.

    `left` names what could not be set apart by itself: goods that calls need, or that a line uses up.
    """

    set_apart: tuple[str, ...]
    left: tuple[str, ...]
    blocked: tuple[str, ...]
    customers: tuple[str, ...]
    deliveries: tuple[str, ...]


@command
def recall_goods(
    *, site_id: int, suspicion: Suspicion, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> GoodsRecalled:
    """Set suspect goods apart in quarantine, block lots made of them, and tell customers and our own people.

    Args:
        site_id: where they were received.
        suspicion: a part with the days of receipt, a receipt, or a handling unit.
        reason: as the customers read it.

    Raises:
        Invalid: no reason is given, or it is not said what is suspected.
        NotFound: there is no such part, receipt or unit, or nothing was received that way.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the goods are recalled."), "reason_missing")])
    seen, trees = _hold(site_id, suspicion)
    lots = block_all(seen.lots, reason)

    apart = [*_reject(trees, reason, actor, at), *_take_away(site_id, seen.balances, reason, actor, at)]
    left = _left(seen.balances)
    deliveries = list(
        Delivery.objects.filter(pk__in=seen.deliveries)
        .exclude(state="cancelled")
        .select_related("partner", "ship_to")
        .order_by("pk")
    )
    part_id = min(seen.part_ids, default=0) or next((row.part_id for row, _before in lots), 0)
    tell_recall(
        str(suspicion), reason, deliveries, seen.components, document=("part", part_id), notes=left, actor=actor, at=at
    )

    codes = tuple(sorted({row.partner.code for row in deliveries}))
    facts = {"what": str(suspicion), "customers": ", ".join(codes), "deliveries": len(deliveries), "left": left[:20]}
    subjects = [("part", key) for key in sorted(seen.part_ids)] + [("lot", row.pk) for row, _before in lots]
    entries = [
        journal.Entry("recall_goods", kind, key, site_id=site_id, reason=reason, facts=facts) for kind, key in subjects
    ]
    journal.write(entries, actor=actor, at=at)
    blocked = tuple(row.number for row, before in lots if before != "blocked")
    return GoodsRecalled(tuple(apart), left, blocked, codes, tuple(row.number for row in deliveries))


def _hold(site_id: int, suspicion: Suspicion) -> tuple[Spread, list[list[HandlingUnit]]]:
    """Follow the goods, hold all of them, and look again: some may have been moved on before they were held."""
    first = spread_of(site_id, suspicion)
    _hold_units(site_id, first)
    stock_steps.hold_parts(first.part_ids, site_id=site_id)
    seen = spread_of(site_id, suspicion)
    return seen, _hold_units(site_id, seen)


def _hold_units(site_id: int, seen: Spread) -> list[list[HandlingUnit]]:
    units = Balance.objects.filter(pk__in=seen.balances, hu__isnull=False).values_list("hu_id", flat=True)
    return stock_steps.hold_whole_trees(units, site_id=site_id)


def _reject(trees: Sequence[Sequence[HandlingUnit]], reason: str, actor: Actor, at: datetime) -> list[str]:
    """Set apart what stands together, whole, where nothing in it is kept for anybody."""
    kept = {row.hu_id for row in stock_steps.inside(unit.pk for units in trees for unit in units) if row.reserved}
    free = [
        unit
        for units in trees
        if all(each.pk not in kept and each.state in ("open", "closed") for each in units)
        for unit in units
    ]
    if not free:
        return []
    made = move(free, HANDLING_UNIT_MOVES, "reject", noun="Handling unit")
    place = _quarantine(free[0].site_id)
    if place is not None:
        stock_steps.carry(free, place.pk, kind="reject_unit", reason=reason, actor=actor, at=at)
    journal.write(
        [
            journal.Entry("recall_goods", "hu", key, site_id=free[0].site_id, before=before, after=after, reason=reason)
            for key, (before, after) in made.items()
        ],
        actor=actor,
        at=at,
    )
    return [unit.sscc for unit in free]


def _take_away(site_id: int, keys: set[int], reason: str, actor: Actor, at: datetime) -> list[str]:
    """Bring what nobody needs of loose goods in storage to quarantine."""
    place = _quarantine(site_id)
    rows = lock(
        Balance.objects.filter(pk__in=keys, hu=None, location__kind__in=("storage", "staging", "dock"))
        .select_related("part", "location")
    )  # fmt: skip
    free = [row for row in rows if row.on_hand > row.reserved]
    if place is None or not free:
        return []
    lines = [
        stock_steps.Line(row.part_id, row.on_hand - row.reserved, row.location_id, place.pk, owner_id=row.owner_id)
        for row in free
    ]
    stock_steps.post(lines, site_id=site_id, kind="quarantine", actor=actor, at=at, reason=reason)
    return [f"{row.part.number} {line.qty:f} {row.location.code}" for row, line in zip(free, lines, strict=True)]


def _left(keys: set[int]) -> tuple[str, ...]:
    rows = Balance.objects.filter(pk__in=keys, on_hand__gt=0).exclude(location__kind="quarantine")
    found = rows.exclude(hu__state="rejected").select_related("part", "location", "hu").order_by("pk")
    return tuple(f"{row.on_hand:f} {row.part.number}, {row.hu or row.location.code}" for row in found)


def _quarantine(site_id: int) -> Location | None:
    return Location.objects.filter(site_id=site_id, kind="quarantine").order_by("pk").first()
