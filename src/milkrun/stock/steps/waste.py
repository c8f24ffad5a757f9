"""Goods become waste: posted to scrap, with the cause and their value by standard cost."""

from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor
from milkrun.measure.money import line_amount
from milkrun.measure.quantity import to_micro
from milkrun.parts.models import Part
from milkrun.stock.models import WriteOff
from milkrun.stock.queries import first_place
from milkrun.stock.states import WASTE_CAUSES
from milkrun.stock.steps.ledger import post
from milkrun.stock.steps.line import Line


def waste(line: Line, cause: str, *, site_id: int, kind: str, actor: Actor, at: datetime, reason: str = "") -> WriteOff:
    """Post goods to scrap; the line's own target is replaced by the site's scrap.

    Raises:
        Invalid: nobody knows the cause.
        ShortStock: less is free.
    """
    if cause not in WASTE_CAUSES:
        raise Invalid(
            [
                Problem(
                    "cause",
                    _("{cause} is no cause; there are {waste_causes}.").format(
                        cause=cause, waste_causes=", ".join(WASTE_CAUSES)
                    ),
                    "unknown_cause",
                )
            ]
        )
    part = Part.objects.get(pk=line.part_id)
    gone = Line(
        line.part_id, line.qty, line.from_location_id, first_place(site_id, "scrap").pk, from_hu_id=line.from_hu_id,
        lot_id=line.lot_id, owner_id=line.owner_id,
    )  # fmt: skip
    posted = post([gone], site_id=site_id, kind=kind, actor=actor, at=at, reason=reason)
    worth = None if part.cost_minor is None else line_amount(to_micro(line.qty), part.cost_minor, part.cost_basis)
    return WriteOff.objects.create(
        site_id=site_id, posting_id=posted.posting_id, part=part, lot_id=line.lot_id, qty=line.qty, cause=cause,
        value_minor=worth, currency="" if worth is None else part.cost_currency, at=at,
    )  # fmt: skip
