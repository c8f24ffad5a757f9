"""What demand refuses, with codes."""

from milkrun.kernel.errors import Conflict, Invalid, Refused


class CallNotUnderstood(Invalid):
    """A call lacks something or has impossible figures; every problem is named."""

    code = "call_not_understood"


class CallKnown(Conflict):
    """The number stands for another call already, and this one was to be new."""

    code = "call_known"


class CallUnderWay(Refused):
    """A call was changed by the customer after it was released; nothing is overwritten."""

    code = "call_under_way"


class CallGone(Refused):
    """A cancelled call came again; it needs a new number."""

    code = "call_cancelled"


class GroupsChanged(Refused):
    """A call came with other component groups than before."""

    code = "groups_changed"


class SequenceTaken(Conflict):
    """Another vehicle already has this number in the sequence."""

    code = "sequence_taken"


class MixedSites(Refused):
    """The chosen calls belong to different sites of ours."""

    code = "mixed_sites"


class RackInUse(Refused):
    """A rack specification is not changed while racks or frames made by it are being filled."""

    code = "rack_in_use"


class CallUnmatched(Refused):
    """A call has components we do not know yet; it cannot be released."""

    code = "call_unmatched"


class NothingToMatch(Refused):
    """The call is matched already."""

    code = "nothing_to_match"


class TooLateToCancel(Refused):
    """A call is cancelled freely only before its release."""

    code = "too_late_to_cancel"


class NothingRequested(Refused):
    """Nobody asked for this, or it is decided already."""

    code = "nothing_requested"


class CallHeld(Refused):
    """A call was put on hold; it goes on when it is resumed."""

    code = "call_held"


class StreamInUse(Refused):
    """The largest number of a stream is not changed once calls stand beyond it."""

    code = "stream_in_use"


class SequenceGap(Refused):
    """Earlier numbers of the sequence would be left behind."""

    code = "sequence_gap"
