"""Writes of parts, for use inside a higher command's transaction."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from milkrun.kernel.errors import Invalid, Problem
from milkrun.measure.unit import UNITS
from milkrun.parts.errors import PartNumberTaken, UnknownUnitForPart
from milkrun.parts.models import CustomerPart, Part
from milkrun.parts.queries import number_key


def add_part(
    *,
    number: str,
    description: str = "",
    base_unit: str = "PCE",
    made_here: bool = False,
    lot_tracked: bool = False,
    supply_location: str = "",
    make_to_order: bool = False,
    phantom: bool = False,
) -> Part:
    """Make a part.

    Raises:
        Invalid: no number is given.
        PartNumberTaken: the number is in use.
        UnknownUnitForPart: the base unit is not known.
    """
    if not number.strip() or len(number.strip()) > 40:
        raise Invalid([Problem("number", _("A part needs a number of 1 to 40 characters."), "number_missing")])
    if Part.objects.filter(number=number.strip()).exists():
        raise PartNumberTaken(_("Part {number} exists already.").format(number=number), part=number)
    if base_unit not in UNITS:
        raise UnknownUnitForPart(
            [Problem("base_unit", _("Unit {base_unit} is not known.").format(base_unit=base_unit), "unknown_unit")]
        )
    return Part.objects.create(
        number=number.strip(),
        description=description,
        base_unit=base_unit,
        made_here=made_here,
        lot_tracked=lot_tracked,
        supply_location=supply_location,
        make_to_order=make_to_order,
        phantom=phantom,
    )


def name_for_customer(part: Part, *, partner_id: int, number: str) -> CustomerPart:
    """Give a part a customer's number; the same number for the same part again changes nothing.

    Raises:
        PartNumberTaken: the customer uses the number for another part.
    """
    known = CustomerPart.objects.filter(partner_id=partner_id, number_key=number_key(number)).first()
    if known is not None and known.part_id != part.pk:
        raise PartNumberTaken(
            _("The customer uses {number} for part {part} already.").format(number=number, part=known.part),
            part=str(known.part),
        )
    return known or CustomerPart.objects.create(
        partner_id=partner_id, number=number, number_key=number_key(number), part=part
    )


def trouble_with_days(day_minutes: Sequence[int]) -> list[Problem]:
    """Say why a week of working minutes cannot be taken; empty where it can."""
    if len(day_minutes) != 7:
        return [Problem("day_minutes", _("Say for seven days, Monday to Sunday, how many minutes are worked."), "week")]
    if any(not 0 <= minutes <= 1440 for minutes in day_minutes):
        return [Problem("day_minutes", _("A day has 0 to 1440 minutes."), "day_impossible")]
    return []
