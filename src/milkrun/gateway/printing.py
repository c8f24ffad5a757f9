"""Bring labels to printers: ZPL over a plain TCP connection, one label at a time for each printer.

What is known of a printer is only whether the line was refused, whether it took all bytes, and whether it closed the
line in order when it had them. Where no byte left, nothing was printed and the label is tried again; where bytes left
and the end is missing, nobody knows, and a person decides.
"""

import json
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel.errors import Conflict
from milkrun.kernel.identity import Actor
from milkrun.labels import layout_from, place, write_zpl
from milkrun.printing.commands.claim_print_jobs import PrintParcel, claim_print_jobs
from milkrun.printing.commands.record_print_failure import record_print_failure
from milkrun.printing.commands.record_printed import record_printed

# The state stands on the phone within three seconds, so the printer has less than that.
CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 1.5
LONGEST_TURN_SECONDS = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went: an empty error is success; `unsure` where bytes had left."""

    error: str = ""
    unsure: bool = False


Deliver = Callable[[PrintParcel], Outcome]


def print_due(*, actor: Actor, at: datetime, deliver: Deliver | None = None) -> int:
    """Print what waits, all printers at the same time; returns how many labels were taken by printers.

    It ends after a few seconds, so that the leases it takes never outlive what it knows of the time.
    """
    printed, began = 0, time.monotonic()
    while time.monotonic() - began < LONGEST_TURN_SECONDS:
        parcels = claim_print_jobs(at=at).parcels
        if not parcels:
            break
        for parcel, outcome in zip(parcels, _handed_over(parcels, deliver or hand_over), strict=True):
            printed += _record(parcel, outcome, actor, at)
    return printed


def _handed_over(parcels: Sequence[PrintParcel], deliver: Deliver) -> list[Outcome]:
    """Serve every printer in a thread of its own; no thread touches the database."""
    if len(parcels) == 1:
        return [deliver(parcels[0])]
    with ThreadPoolExecutor(max_workers=min(len(parcels), 16)) as pool:
        return list(pool.map(deliver, parcels))


def _record(parcel: PrintParcel, outcome: Outcome, actor: Actor, at: datetime) -> int:
    if outcome.error:
        record_print_failure(
            print_job_id=parcel.print_job_id, lease=parcel.lease, error=outcome.error, unsure=outcome.unsure,
            actor=actor, at=at,
        )  # fmt: skip
        return 0
    try:
        record_printed(print_job_id=parcel.print_job_id, lease=parcel.lease, actor=actor, at=at)
    except Conflict:
        return 0
    return 1


def hand_over(parcel: PrintParcel) -> Outcome:
    """Draw a label and send it to its printer."""
    zpl = write_zpl([place(layout_from(json.loads(parcel.layout)), json.loads(parcel.data))])
    try:
        line = socket.create_connection((parcel.host, parcel.port), CONNECT_SECONDS)
    except OSError as failure:
        return Outcome(_("The printer does not answer: {plain}.").format(plain=_plain(failure)))
    with line:
        line.settimeout(ANSWER_SECONDS)
        try:
            line.sendall(zpl)
            line.shutdown(socket.SHUT_WR)
            if parcel.says_goodbye:
                _wait_for_the_end(line)
        except OSError as failure:
            return Outcome(
                _("The printer broke off: {plain}. The label may have come out.").format(plain=_plain(failure)),
                unsure=True,
            )
    return Outcome()


def _wait_for_the_end(line: socket.socket) -> None:
    """Read what the printer says until it closes the line; one that broke off resets it instead."""
    while line.recv(4096):
        pass


def _plain(failure: OSError) -> str:
    if isinstance(failure, TimeoutError):
        return "no answer in time"
    return failure.strerror or str(failure) or type(failure).__name__
