"""Set up a label printer of a site, or change one."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.printing.models import Printer

_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,19}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,118}[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PrinterSaved:
    """A printer as it is set up now."""

    printer_id: int
    public_id: str
    code: str


@command
def save_printer(
    *,
    site_id: int,
    code: str,
    host: str,
    actor: Actor,
    at: datetime,
    port: int = 9100,
    place: str = "",
    active: bool = True,
    says_goodbye: bool = True,
    request: Request | None = None,
) -> PrinterSaved:
    """Save the printer of this code; what waits for it goes to the new address.

    Args:
        code: capital letters, digits, dots and hyphens; what people choose by.
        host: name or address; the printer takes ZPL on `port`.
        says_goodbye: it closes the line when it has everything; off for printers that leave it open.

    Raises:
        Invalid: code, host or port are not possible.
    """
    code = code.strip().upper()
    problems = []
    if not _CODE.fullmatch(code):
        problems.append(Problem("code", _("A printer's code has up to 20 capital letters, digits, dots and hyphens.")))
    if not _HOST.fullmatch(host):
        problems.append(Problem("host", _("Write the printer's name or address, such as 10.0.7.21.")))
    if not 1 <= port <= 65535:
        problems.append(Problem("port", _("A port is between 1 and 65535; most label printers listen on 9100.")))
    if len(place) > 80:
        problems.append(Problem("place", _("Say where it stands in at most 80 characters.")))
    if problems:
        raise Invalid(problems)

    row, __ = Printer.objects.update_or_create(
        site_id=site_id,
        code=code,
        defaults={"host": host, "port": port, "place": place, "active": active, "says_goodbye": says_goodbye},
    )

    facts = {"code": code, "host": host, "port": port, "active": active}
    journal.write([journal.Entry("save_printer", "printer", row.pk, site_id=site_id, facts=facts)], actor=actor, at=at)
    return PrinterSaved(row.pk, row.public_id, code)
