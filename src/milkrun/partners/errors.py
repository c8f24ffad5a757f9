"""What partners refuses, with codes."""

from milkrun.kernel.errors import Conflict, Invalid, NotFound, Refused


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


class RoleNotPossible(Invalid):
    """A role cannot be made like this; every problem is listed."""

    code = "role_not_possible"


class RolesOfPortalUser(Invalid):
    """A person of a customer has no role of ours: the portal is all there is for them."""

    code = "portal_user_has_no_roles"


class UnknownCustomer(Invalid):
    """There is no such customer."""

    code = "unknown_customer"


class UnknownPerson(NotFound):
    """Nobody here has this address."""

    code = "unknown_person"


class LastAdministrator(Refused):
    """Somebody has to remain who may give rights."""

    code = "last_administrator"
