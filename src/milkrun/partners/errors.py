"""What partners refuses, with codes."""

from milkrun.kernel.errors import Conflict, Invalid, NotFound


class CodeTaken(Conflict):
    """Another row has this code."""

    code = "code_taken"


class UnknownZone(Invalid):
    """Nobody knows this time zone."""

    code = "unknown_zone"


class UnknownRole(Invalid):
    """There is no such role."""

    code = "unknown_role"


class UnknownToken(NotFound):
    """There is no such token."""

    code = "unknown_token"
