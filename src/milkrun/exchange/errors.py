"""What exchange refuses, with codes."""

from milkrun.kernel.errors import Conflict, NotFound, Refused


class UnknownPartner(NotFound):
    """No partner with a trading agreement has this code."""

    code = "unknown_partner"


class StaleLease(Conflict):
    """Another worker has taken this message over."""

    code = "stale_lease"


class CannotBeWritten(Refused):
    """A document has text that the partner's character set or a field's length does not allow."""

    code = "cannot_be_written"


class ContactTaken(Conflict):
    """The partner has this e-mail address for this kind of notification already."""

    code = "contact_taken"
