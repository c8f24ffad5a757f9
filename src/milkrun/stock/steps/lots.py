"""Lots: taken up with what the supplier says of them, and kept back while they are not free."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext as _

from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.lock import lock
from milkrun.kernel.spoken import spoken
from milkrun.parts.models import Part
from milkrun.stock.errors import LotDiffers, LotHeld
from milkrun.stock.models import Location, Lot
from milkrun.stock.states import USING_LOCATION_KINDS
from milkrun.stock.steps.line import Line


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What comes with a batch: who made it, under which lot and heat of theirs, when, and until when it is good."""

    supplier_id: int | None = None
    supplier_lot: str = ""
    heat: str = ""
    made_on: date | None = None
    expires_on: date | None = None


NOTHING_SAID = LotFacts()


def take_up(part: Part, number: str, facts: LotFacts, *, at: datetime) -> Lot:
    """Find the lot or make it; facts that were not known before are added, and none is overwritten.

    Raises:
        Invalid: it would expire before it was made.
        LotDiffers: the lot is known with another fact.
    """
    given = {name: value for name, value in asdict(facts).items() if value}
    lot, made = Lot.objects.get_or_create(part=part, number=number, defaults={"created_at": at})
    if not made and any(getattr(lot, name) != value for name, value in given.items()):
        (lot,) = lock(Lot.objects.filter(pk=lot.pk))
    other = [name for name, value in given.items() if getattr(lot, name) and getattr(lot, name) != value]
    if other:
        raise LotDiffers(
            _(
                "Lot {number} of {part} is known with another {names}. Give these goods a lot number of their own."
            ).format(number=number, part=part, names=", ".join(_word(name) for name in other)),
            lot=number,
            fields=other,
        )
    added = {name: value for name, value in given.items() if getattr(lot, name) != value}
    for name, value in added.items():
        setattr(lot, name, value)
    if lot.made_on and lot.expires_on and lot.expires_on < lot.made_on:
        raise Invalid([Problem("expires_on", _("The goods would expire before they were made."), "expires_too_early")])
    if added:
        Lot.objects.filter(pk=lot.pk).update(**added)
    return lot


def _word(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ")


def refuse_held(lines: Iterable[Line], *, site_id: int) -> None:
    """Refuse to use goods of a lot that is not free; the lots are held against being blocked meanwhile.

    Raises:
        LotHeld: names each such lot and why it is kept back.
    """
    wanted = [line for line in lines if line.lot_id]
    if not wanted:
        return
    ends = {key for line in wanted for key in (line.from_location_id, line.to_location_id)}
    kinds = dict(Location.objects.filter(site_id=site_id, pk__in=ends).values_list("pk", "kind"))
    # What a count finds at a line is there already, whatever its lot is.
    keys = sorted(
        {
            line.lot_id or 0
            for line in wanted
            if kinds.get(line.to_location_id) in USING_LOCATION_KINDS
            and kinds.get(line.from_location_id) != "difference"
        }
    )
    _refuse(held_lots(keys))


def refuse_held_lot(lot_id: int) -> None:
    """Refuse to keep goods of a lot for a purpose while it is not free.

    Raises:
        LotHeld: the lot is blocked or in quarantine.
    """
    _refuse(held_lots([lot_id]))


def held_lots(keys: list[int]) -> list[Lot]:
    """Find those of some lots that are not free; nobody can block the others until the transaction ends."""
    if not keys:
        return []
    if connection.features.has_select_for_update:
        places = ", ".join(["%s"] * len(keys))
        rows = Lot.objects.raw(
            f"SELECT * FROM stock_lot WHERE id IN ({places}) ORDER BY id FOR SHARE",  # noqa: S608 - placeholders only
            keys,
        )
    else:
        rows = Lot.objects.filter(pk__in=keys)  # type: ignore[assignment]
    return [row for row in rows if row.state != "free"]


def _held_lot(row: Lot) -> str:
    facts = {"lot": row.number, "state": spoken(row.state), "reason": row.state_reason}
    says = _("lot {lot} ({state}: {reason})") if row.state_reason else _("lot {lot} ({state})")
    return says.format(**facts)


def _refuse(held: list[Lot]) -> None:
    if not held:
        return
    names = "; ".join(_held_lot(row) for row in held[:5])
    raise LotHeld(
        _("These goods are kept back: {names}. Release the lot or take another one.").format(names=names),
        lots=[{"lot": row.number, "state": row.state, "reason": row.state_reason} for row in held],
    )
