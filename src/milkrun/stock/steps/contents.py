"""What is in handling units, and taking it along: whole trees move, loose contents change their unit."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import hold, lock
from milkrun.kernel.spoken import spoken
from milkrun.stock.errors import HandlingUnitFrozen, HandlingUnitInUse, NothingInside, ShortStock
from milkrun.stock.models import Balance, HandlingUnit, Reservation
from milkrun.stock.steps.handling_units import ancestors, tree
from milkrun.stock.steps.ledger import Posted, post
from milkrun.stock.steps.line import Line
from milkrun.stock.steps.reservations import relocate


def hold_trees(unit_ids: Iterable[int], *, site_id: int) -> list[HandlingUnit]:
    """Load and hold units with everything inside them, in key order; no unit is nested meanwhile.

    Raises:
        NotFound: one is not at this site.
    """
    hold("nest", site_id)
    wanted = list(unit_ids)
    return lock(HandlingUnit.objects.filter(site_id=site_id, pk__in=tree(wanted)).select_related("location"))


def hold_whole_trees(unit_ids: Iterable[int], *, site_id: int) -> list[list[HandlingUnit]]:
    """Load and hold all that stands together with some units: one list for each outermost unit, which it names first.

    Raises:
        NotFound: one is not at this site.
    """
    hold("nest", site_id)
    roots = sorted({ancestors(key)[-1] for key in set(unit_ids)})
    held = {unit.pk: unit for unit in hold_trees(roots, site_id=site_id)}
    return [[held[key] for key in tree([root])] for root in roots]


def refuse_frozen(units: Iterable[HandlingUnit], *, open_to: Sequence[str] = ("open",)) -> None:
    """Refuse units whose content is no longer changed.

    Raises:
        HandlingUnitFrozen: names them with their states.
    """
    frozen = [unit for unit in units if unit.state not in open_to]
    if frozen:
        raise HandlingUnitFrozen(
            " ".join(
                _("{sscc} is {state}: its content is not changed.").format(sscc=unit.sscc, state=spoken(unit.state))
                for unit in frozen[:5]
            ),
            units=[{"sscc": unit.sscc, "state": unit.state} for unit in frozen],
        )


def inside(unit_ids: Iterable[int]) -> list[Balance]:
    """List what lies directly in units, by key."""
    rows = Balance.objects.filter(hu_id__in=list(unit_ids), on_hand__gt=0)
    return list(rows.select_related("part", "lot", "hu").order_by("pk"))


def refuse_kept(rows: Iterable[Balance]) -> None:
    """Refuse where something of it is kept for a call or a delivery.

    Raises:
        HandlingUnitInUse: names part and quantity.
    """
    kept = [row for row in rows if row.reserved]
    if kept:
        facts = [{"sscc": row.hu.sscc, "part": row.part.number, "kept": str(row.reserved)} for row in kept if row.hu]
        named = "; ".join(f"{fact['kept']} of {fact['part']} in {fact['sscc']}" for fact in facts[:5])
        raise HandlingUnitInUse(
            _("Kept for a call or a delivery: {named}. Take them off it first.").format(named=named), units=facts
        )


def take_all(
    rows: Sequence[Balance], into: HandlingUnit, *, kind: str, actor: Actor, at: datetime, document: tuple[str, int]
) -> Posted:
    """Move everything of these balances into a unit, to where it stands.

    Raises:
        NothingInside: there is nothing.
    """
    if not rows:
        raise NothingInside(_("There is nothing inside to move."))
    lines = [_line(row, row.on_hand, into) for row in rows]
    return post(lines, site_id=into.site_id, kind=kind, actor=actor, at=at, document=document)


def take_some(
    unit: HandlingUnit,
    wanted: Sequence[tuple[int, int | None, Decimal]],
    into: HandlingUnit,
    *,
    actor: Actor,
    at: datetime,
    document: tuple[str, int],
) -> Posted:
    """Move (part, lot, quantity) from one unit into another; only what is not kept for somebody.

    Raises:
        ShortStock: less of a part is free in the unit.
    """
    rows = {(row.part_id, row.lot_id): row for row in inside([unit.pk])}
    missing = [(part, lot) for part, lot, __ in wanted if (part, lot) not in rows]
    if missing:
        raise ShortStock(_("{sscc} does not hold that part.").format(sscc=unit.sscc), shortages=[])
    lines = [_line(rows[part, lot], qty, into) for part, lot, qty in wanted]
    return post(lines, site_id=unit.site_id, kind="split", actor=actor, at=at, document=document)


def _line(row: Balance, qty: Decimal, into: HandlingUnit) -> Line:
    return Line(
        part_id=row.part_id,
        qty=qty,
        from_location_id=row.location_id,
        from_hu_id=row.hu_id,
        to_location_id=into.location_id,
        to_hu_id=into.pk,
        lot_id=row.lot_id,
        owner_id=row.owner_id,
    )


def carry(
    units: Sequence[HandlingUnit], to_location_id: int, *, kind: str, reason: str, actor: Actor, at: datetime
) -> list[int]:
    """Carry units with what is in them to another place; what is kept for somebody stays kept. Returns the postings."""
    away = [unit for unit in units if unit.location_id != to_location_id]
    if not away:
        return []
    document = ("hu", away[0].pk)
    rows = inside(unit.pk for unit in away)
    free = [
        Line(
            part_id=row.part_id,
            qty=row.on_hand - row.reserved,
            from_location_id=row.location_id,
            from_hu_id=row.hu_id,
            to_location_id=to_location_id,
            to_hu_id=row.hu_id,
            lot_id=row.lot_id,
            owner_id=row.owner_id,
        )
        for row in rows
        if row.on_hand > row.reserved
    ]
    kept = lock(Reservation.objects.filter(balance__in=rows, state="open").select_related("balance"))
    postings = []
    if kept:
        done = relocate(
            kept, to_location_id=to_location_id, with_their_units=True, site_id=away[0].site_id, kind=kind,
            document=document, actor=actor, at=at,
        )  # fmt: skip
        postings.append(done.posting_id)
    if free:
        done = post(free, site_id=away[0].site_id, kind=kind, document=document, actor=actor, at=at, reason=reason)
        postings.append(done.posting_id)
    HandlingUnit.objects.filter(pk__in=[unit.pk for unit in away]).update(
        location_id=to_location_id, handled_by=actor.name, handled_at=at
    )
    return postings
