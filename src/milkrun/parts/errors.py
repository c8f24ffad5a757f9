"""What parts refuses, with codes."""

from milkrun.kernel.errors import Conflict, Invalid, NotFound, Refused


class UnknownPart(NotFound):
    """No part has this number."""

    code = "unknown_part"


class UnknownUnitForPart(Invalid):
    """The unit is not known, or cannot be converted exactly into the part's base unit."""

    code = "unit_not_convertible"


class PartNumberTaken(Conflict):
    """Another part has this number."""

    code = "part_number_taken"


class WorkCentreUnknown(NotFound):
    """The site has no such work centre."""

    code = "unknown_work_centre"


class WorkCentreTaken(Conflict):
    """Another work centre of the site has this code."""

    code = "work_centre_taken"


class SuccessorRing(Refused):
    """A part cannot follow itself, not even in several steps."""

    code = "successor_ring"
