"""What the gateway refuses."""

from milkrun.kernel.errors import Refused


class NoRoom(Refused):
    """Too many analyses without an account are open at once."""

    code = "no_room"
