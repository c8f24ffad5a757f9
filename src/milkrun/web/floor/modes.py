"""Ways of working on the floor page: what is scanned, what may be said beside it, and which command it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milkrun.web.access import StaffRequest
from milkrun.web.floor import storing, working

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of working on the floor page.

    Args:
        name: as the phone sends it.
        actions: the commands it may become; a person who may do one of them has the mode.
        word: what the button says.
        shape: the sign on the button.
        subject: what is scanned first, and stays until another is scanned; "" where there is none.
        item: what is scanned then.
        perform: takes the request, the fields and `actor`, `at`, `request`; returns the sentence that is shown.
        typed: the fields that may be filled in beside the scan: name, label, what stands there at first.
        without: the button that goes on without a subject; "" where there must be one.
    """

    name: str
    actions: tuple[str, ...]
    word: Promise
    shape: str
    subject: Promise | str
    item: Promise
    perform: Callable[[StaffRequest, Fields, dict[str, Any]], str]
    typed: tuple[tuple[str, Promise, str], ...] = ()
    without: Promise | str = ""

    def open_to(self, actions: frozenset[str]) -> bool:
        """Tell whether somebody who may do these has this mode."""
        return not actions.isdisjoint(self.actions)


_ALL = ("qty", _("Quantity (empty: all)"), "")
_LOT = ("lot", _("Lot, if the label has none"), "")
MODES = {
    mode.name: mode
    for mode in (
        Mode("pack", ("confirm_packing",), _("Pack"), "packing", _("Scan the rack"), _("Scan the part"), working.pack),
        Mode("make", ("confirm_job",), _("Make"), "jobs", "", _("Scan the job"), working.make,
             (("qty", _("Good"), "1"), ("scrap", _("Scrap"), "0"), ("reason", _("Reason for scrap"), ""))),
        Mode("pick", ("pick_delivery",), _("Pick"), "picking", _("Scan the delivery"), _("Scan the handling unit"),
             working.pick),
        Mode("receive", ("receive_order", "receive_stock"), _("Receive"), "deliveries", _("Scan the order"),
             _("Scan the goods"), storing.receive,
             (("qty", _("Quantity (empty: as the label says)"), ""), _LOT, ("note", _("Delivery note"), "")),
             _("Without an order")),
        Mode("put_away", ("put_away",), _("Put away"), "stock", _("Scan the bin"), _("Scan the goods"),
             storing.put_in_bin, (_ALL,)),
        Mode("move", ("move_handling_unit", "move_stock"), _("Move"), "rules", _("Scan the bin it goes to"),
             _("Scan the unit, lot or item"), storing.move,
             (_ALL, ("from", _("From place, if it is at several"), ""))),
        Mode("count", ("count_place",), _("Count"), "scan", _("Scan the bin"), _("Scan the lot or item"),
             storing.count, (("qty", _("Counted"), ""), _LOT)),
    )
}  # fmt: skip
