"""Hand e-mails to the mail server: the bytes were fixed with the business effect, a repeat is the same message.

What the server refuses for good (5xx) is held with its words, what it refuses for now is tried again by the ladder of
the outbox. Without a mail server e-mails are held with that reason, to be released when there is one. The demo sends
none, whatever is set: it keeps them as files, to be looked at.
"""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from milkrun.exchange.commands.claim_outbox import Parcel, claim_outbox
from milkrun.exchange.commands.record_failure import record_failure
from milkrun.exchange.commands.record_sent import record_sent
from milkrun.exchange.queries import due_partners
from milkrun.gateway.folders import mail_folder
from milkrun.kernel.errors import Conflict
from milkrun.kernel.identity import Actor

SECONDS = 20
NO_SERVER = gettext_noop("No mail server is set. Set MILKRUN_SMTP_URL, restart, and release this message.")

Hand = Callable[[Parcel], None]


class MailServerAway(Exception):
    """The mail server cannot be reached or spoken to; nothing more is tried for the moment."""


class MailRefused(Exception):
    """The mail server refused one message.

    Args:
        text: its words.
        permanent: trying again cannot help.
    """

    def __init__(self, text: str, permanent: bool) -> None:
        super().__init__(text)
        self.permanent = permanent


def send_mail(*, actor: Actor, at: datetime) -> int:
    """Hand over every e-mail that is due; returns how many the server took.

    Raises:
        MailServerAway: the server cannot be reached; the message that was tried waits for its next turn.
    """
    if settings.MILKRUN_DEMO:
        return keep_mail(home=settings.MILKRUN_HOME, actor=actor, at=at)
    partners = due_partners(at, "email")
    if not partners:
        return 0
    server = settings.MILKRUN_MAIL_SERVER
    if server is None:
        return _each(partners, _hold, actor=actor, at=at)
    # The connection is opened under the first message's lease, so that a server that is away is noted somewhere.
    line = _Line(server)
    with line:
        return _each(partners, line.hand, actor=actor, at=at)


def keep_mail(*, home: Path, actor: Actor, at: datetime) -> int:
    """Write every e-mail that is due to a file and count it as sent: nobody outside hears of a demo."""

    def keep(parcel: Parcel) -> None:
        target = mail_folder(home) / f"{parcel.outbox_id}.eml"
        draft = target.with_suffix(".tmp")
        draft.write_bytes(bytes.fromhex(parcel.payload_hex))
        draft.replace(target)

    return _each(due_partners(at, "email"), keep, actor=actor, at=at)


def _each(partners: list[int], hand: Hand, *, actor: Actor, at: datetime) -> int:
    sent = 0
    for partner_id in partners:
        # One at a time: a lease must outlive the slowest answer of a server.
        while parcels := claim_outbox(partner_id=partner_id, at=at, limit=1, channel="email").parcels:
            sent += _hand_over(parcels[0], hand, actor=actor, at=at)
    return sent


def _hand_over(parcel: Parcel, hand: Hand, *, actor: Actor, at: datetime) -> int:
    try:
        hand(parcel)
    except MailRefused as refusal:
        _failed(parcel, str(refusal), refusal.permanent, actor=actor, at=at)
        return 0
    except MailServerAway as away:
        _failed(parcel, str(away), False, actor=actor, at=at)
        raise
    try:
        record_sent(outbox_id=parcel.outbox_id, lease=parcel.lease, actor=actor, at=at)
    except Conflict:
        return 0
    return 1


def _failed(parcel: Parcel, error: str, permanent: bool, *, actor: Actor, at: datetime) -> None:
    record_failure(outbox_id=parcel.outbox_id, lease=parcel.lease, error=error, permanent=permanent, actor=actor, at=at)


def _hold(parcel: Parcel) -> None:
    raise MailRefused(NO_SERVER, permanent=True)


class _Line(AbstractContextManager["_Line"]):
    """One connection to the mail server, opened with the first message."""

    def __init__(self, server: Mapping[str, Any]) -> None:
        self._server = server
        self._open: smtplib.SMTP | None = None

    def __exit__(self, *problem: object) -> None:
        if self._open is not None:
            try:
                self._open.quit()
            except (OSError, smtplib.SMTPException):
                self._open.close()

    def hand(self, parcel: Parcel) -> None:
        """Hand one message over.

        Raises:
            MailRefused: the server took the connection but not this message.
            MailServerAway: there is no speaking to the server.
        """
        sender = parseaddr(settings.MILKRUN_MAIL_FROM)[1]
        try:
            if self._open is None:
                self._open = _connect(self._server)
            self._open.sendmail(sender, [parcel.address], bytes.fromhex(parcel.payload_hex))
        except smtplib.SMTPRecipientsRefused as refusal:
            code, text = refusal.recipients[parcel.address]
            raise MailRefused(_words(code, text), code >= 500) from refusal
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refusal:
            raise MailRefused(_words(refusal.smtp_code, refusal.smtp_error), refusal.smtp_code >= 500) from refusal
        except smtplib.SMTPResponseException as problem:
            raise MailServerAway(_words(problem.smtp_code, problem.smtp_error)) from problem
        except (OSError, smtplib.SMTPException) as problem:
            raise MailServerAway(
                _("The mail server cannot be reached: {problem}.").format(problem=problem)
            ) from problem


def _connect(server: Mapping[str, Any]) -> smtplib.SMTP:
    if server["security"] == "tls":
        tls = ssl.create_default_context()
        line: smtplib.SMTP = smtplib.SMTP_SSL(server["host"], server["port"], timeout=SECONDS, context=tls)
    else:
        line = smtplib.SMTP(server["host"], server["port"], timeout=SECONDS)
        if server["security"] == "starttls":
            line.starttls(context=ssl.create_default_context())
    if server["user"]:
        line.login(server["user"], server["password"])
    return line


def _words(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"The mail server answered {code}: {' '.join(said.split())}"[:380]
