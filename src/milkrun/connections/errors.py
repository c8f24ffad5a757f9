"""What connections refuses, with codes."""

from milkrun.kernel.errors import Conflict, Invalid, NotFound, Refused


class UnknownWebhook(NotFound):
    """There is no such webhook."""

    code = "unknown_webhook"


class UnknownNote(NotFound):
    """There is no such event for this webhook."""

    code = "unknown_note"


class AddressRefused(Invalid):
    """The address of a webhook is none that may be called."""

    code = "address_refused"


class FeedMoved(Conflict):
    """Another worker has read the feed further."""

    code = "feed_moved"


class StaleClaim(Conflict):
    """Another worker has taken this event over."""

    code = "stale_claim"


class TableRefused(Refused):
    """A table cannot be read as a whole, so no row of it was taken."""

    code = "table_refused"
    status = 422
