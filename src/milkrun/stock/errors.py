"""What stock refuses, with codes."""

from milkrun.kernel.errors import Conflict, NotFound, Refused


class ShortStock(Refused):
    """Less is free than is wanted; facts list every shortage."""

    code = "short_stock"


class ReservationTaken(Conflict):
    """A reservation was posted or voided by somebody else."""

    code = "reservation_taken"


class UnknownLocation(NotFound):
    """The site has no such location."""

    code = "unknown_location"


class UnknownLot(NotFound):
    """The part has no such lot."""

    code = "unknown_lot"


class NoVirtualLocation(Refused):
    """The site lacks the far end (supplier, customer, production, scrap) that a movement needs."""

    code = "site_not_set_up"


class AlreadyReversed(Conflict):
    """A posting is reversed once."""

    code = "already_reversed"


class NotReversible(Refused):
    """This posting belongs to a document: reverse the document instead."""

    code = "not_reversible"


class NestingRing(Refused):
    """A handling unit cannot stand inside itself."""

    code = "nesting_ring"


class NestingTooDeep(Refused):
    """Handling units nest at most five deep."""

    code = "nesting_too_deep"


class HandlingUnitFrozen(Refused):
    """The content of a closed handling unit is not changed."""

    code = "handling_unit_frozen"


class LotHeld(Refused):
    """The lot is blocked or in quarantine: it is not reserved, packed, issued or used up."""

    code = "lot_held"


class LotDiffers(Refused):
    """A lot of this number is known with other facts (supplier, supplier's lot, heat, dates)."""

    code = "lot_differs"


class HandlingUnitInUse(Refused):
    """Goods in the handling unit are kept for a call or a delivery; facts say how much of what."""

    code = "handling_unit_in_use"


class NothingInside(Refused):
    """There is nothing in the handling unit that could be taken out."""

    code = "nothing_inside"


class SsccTaken(Refused):
    """The code belongs to a handling unit that is in use, at another site, or gone."""

    code = "sscc_taken"


class InQuarantine(Refused):
    """Goods leave a quarantine place by a verdict, not by a move."""

    code = "in_quarantine"


class SameCounter(Refused):
    """A place that differs is counted again by somebody else."""

    code = "same_counter"


class CountClosed(Refused):
    """The count list is closed."""

    code = "count_closed"


class ManyPlaces(Refused):
    """The goods stand at more than one place, or more than one item has the lot, and nobody said which is meant."""

    code = "many_places"
