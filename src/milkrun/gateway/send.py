"""Hand the outbox over to partners' folders.

Bytes and file name were fixed when the business effect was committed. A file is written under a temporary name,
flushed to disk and renamed, so that the partner never sees a half one; after a crash the same bytes go under the same
name once more.
"""

import os
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from milkrun.exchange.commands.claim_outbox import Parcel, claim_outbox
from milkrun.exchange.commands.record_failure import record_failure
from milkrun.exchange.commands.record_sent import record_sent
from milkrun.exchange.queries import due_partners
from milkrun.gateway.folders import outbox_folder
from milkrun.kernel.errors import Conflict
from milkrun.kernel.identity import Actor


def send_due(*, home: Path, actor: Actor, at: datetime) -> int:
    """Send what is due to every partner, in order by partner; returns how many messages left."""
    return sum(send_to(partner_id, home=home, actor=actor, at=at) for partner_id in due_partners(at))


def send_to(partner_id: int, *, home: Path, actor: Actor, at: datetime) -> int:
    """Send what is due to one partner; the first failure stops the rest, which must not overtake it."""
    sent = 0
    for parcel in claim_outbox(partner_id=partner_id, at=at).parcels:
        try:
            deliver(parcel, home)
        except OSError as failure:
            record_failure(
                outbox_id=parcel.outbox_id,
                lease=parcel.lease,
                error=_plain(failure),
                permanent=False,
                actor=actor,
                at=at,
            )
            break
        try:
            record_sent(outbox_id=parcel.outbox_id, lease=parcel.lease, actor=actor, at=at)
        except Conflict:
            break
        sent += 1
    return sent


def deliver(parcel: Parcel, home: Path) -> Path:
    """Put a parcel's file into the partner's folder, complete or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = outbox_folder(home, parcel.partner_code)
    target = folder / parcel.file_name
    draft = folder / f".{parcel.file_name}.{os.getpid()}.tmp"
    with draft.open("wb") as file:
        file.write(bytes.fromhex(parcel.payload_hex))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    _flush_folder(folder)
    return target


def _flush_folder(folder: Path) -> None:
    """Make the rename last through a power cut: the message is marked as sent right after."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _plain(failure: OSError) -> str:
    return _("The folder cannot be written: {strerror}.").format(strerror=failure.strerror or failure)
