"""Write the bytes of an e-mail: the same input makes the same bytes."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings

# Seven bits pass every server; a server that can do eight loses nothing by it.
POLICY = SMTP.clone(cte_type="7bit")
Attachment = tuple[str, str, bytes]  # file name, type such as "application/pdf", content


def write_mail(
    *, to: str, subject: str, body: str, token: str, at: datetime, attachments: Sequence[Attachment] = ()
) -> bytes:
    """Make the bytes of one e-mail to one address.

    The address to read it by is added where the installation has a public address: who opens it, has read it.

    Args:
        to: the recipient's address.
        subject: one line.
        body: plain text.
        token: the random id of this copy; in its Message-ID and in the address to read it by.
        at: the date it carries.
        attachments: files that go with it.
    """
    sender = settings.MILKRUN_MAIL_FROM
    message = EmailMessage(policy=POLICY)
    message["From"] = sender
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{token}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{body.rstrip()}\n{_footer(token)}")
    for name, kind, content in attachments:
        major, _, minor = kind.partition("/")
        message.add_attachment(content, maintype=major, subtype=minor, filename=name)
    if attachments:
        # A boundary of its own choice would make other bytes each time.
        message.set_boundary(f"=_{token}")
    return bytes(message)


def _footer(token: str) -> str:
    if not settings.MILKRUN_PUBLIC_URL:
        return ""
    return f"\nRead this message and tell us that you have it:\n{settings.MILKRUN_PUBLIC_URL}/read/{token}\n"
