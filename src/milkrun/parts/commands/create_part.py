"""Make a part known, with its own units and what it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.quantity import trouble_with
from milkrun.parts import steps
from milkrun.parts.errors import UnknownPart
from milkrun.parts.models import BomLine, Part, PartUnit


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A component and how many base units of it go into one base unit of the part."""

    number: str
    qty: Decimal


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """A unit of the part's own: `numerator`/`denominator` base units in one of it."""

    code: str
    numerator: int
    denominator: int = 1


@dataclass(frozen=True, slots=True)
class PartCreated:
    """A new part."""

    part_id: int
    public_id: str
    number: str


@command
def create_part(
    *,
    number: str,
    actor: Actor,
    at: datetime,
    description: str = "",
    base_unit: str = "PCE",
    made_here: bool = False,
    lot_tracked: bool = False,
    supply_location: str = "",
    make_to_order: bool = False,
    phantom: bool = False,
    units: Sequence[OwnUnit] = (),
    bom: Sequence[Ingredient] = (),
    request: Request | None = None,
) -> PartCreated:
    """Make a part.

    Args:
        base_unit: the unit all stock of it is kept in, a code of Recommendation 20.
        supply_location: the place production takes it from; the first line location where empty.
        make_to_order: a job for it needs a call that asks for it.
        phantom: never kept in stock; what it is made of is used up in its place.

    Raises:
        Invalid: no number is given.
        PartNumberTaken: the number is in use.
        UnknownUnitForPart: the base unit is not known.
        UnknownPart: an ingredient is not known.
        Invalid: the number is missing, or a unit of its own or an ingredient's quantity is impossible.
    """
    problems = _problems(units, bom)
    if phantom and not bom:
        problems.append(
            Problem(
                "bom",
                _("{number} is never kept in stock: say what it is made of.").format(number=number),
                "phantom_of_nothing",
            )
        )
    if problems:
        raise Invalid(problems)
    components = {row.number: row for row in Part.objects.filter(number__in=[line.number for line in bom])}
    missing = [line.number for line in bom if line.number not in components]
    if missing:
        raise UnknownPart(
            _("Unknown in the bill of material: {missing}.").format(missing=", ".join(missing)), parts=missing
        )

    part = steps.add_part(
        number=number,
        description=description,
        base_unit=base_unit,
        made_here=made_here,
        lot_tracked=lot_tracked,
        supply_location=supply_location,
        make_to_order=make_to_order,
        phantom=phantom,
    )
    PartUnit.objects.bulk_create(
        [PartUnit(part=part, code=u.code, numerator=u.numerator, denominator=u.denominator) for u in units]
    )
    BomLine.objects.bulk_create([BomLine(part=part, component=components[line.number], qty=line.qty) for line in bom])

    journal.write([journal.Entry("create_part", "part", part.pk)], actor=actor, at=at)
    return PartCreated(part.pk, part.public_id, part.number)


def _problems(units: Sequence[OwnUnit], bom: Sequence[Ingredient]) -> list[Problem]:
    found = [
        Problem(
            "units",
            _("Unit {code}: a code of 1 to 3 characters and a ratio above zero.").format(code=own.code),
            "unit_impossible",
        )
        for own in units
        if not 1 <= len(own.code) <= 3 or own.numerator < 1 or own.denominator < 1
    ]
    for line in bom:
        trouble = trouble_with(line.qty)
        if trouble:
            found.append(
                Problem("bom", _("{number}: {trouble}").format(number=line.number, trouble=trouble), "not_positive")
            )
    return found
