"""Send a label that did not come out once more: to the same printer, to another one, or to the browser as PDF."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import move
from milkrun.printing.errors import MayBePrinted, NewerLabel, PrintingNow, UnknownPrinter
from milkrun.printing.models import Printer, PrintJob
from milkrun.printing.states import PRINT_MOVES
from milkrun.stock.models import HandlingUnit


@dataclass(frozen=True, slots=True)
class PrintJobRedirected:
    """The same copy is on its way again; `printer` is empty where the browser shows it."""

    public_id: str
    state: str
    printer: str


@command
def redirect_print_job(
    *,
    print_job_id: int,
    printer_id: int | None,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> PrintJobRedirected:
    """Try the same copy again where nothing can have come out of a printer yet.

    Raises:
        NotFound: there is no such print job.
        UnknownPrinter: the printer does not exist at its site, or is switched off.
        PrintingNow: a printer is being served with it at this moment.
        MayBePrinted: it came out, or may have: that needs a new, numbered copy.
        NewerLabel: a newer label was printed meanwhile.
    """
    # The unit first, as when it is asked for: two failed labels of one unit are not both sent again at once.
    lock(HandlingUnit.objects.filter(printjob=print_job_id))
    job = lock_one(PrintJob.objects.filter(pk=print_job_id), noun="print job")
    printer = Printer.objects.filter(pk=printer_id or 0, site_id=job.site_id, active=True).first()
    if printer_id is not None and printer is None:
        raise UnknownPrinter(_("This printer does not exist at this site, or is switched off."), printer=printer_id)
    if job.leased_until is not None and job.leased_until > at and job.state == "queued":
        raise PrintingNow(_("It is being sent to the printer at this moment. Look again in a few seconds."))
    if job.state == "sent" or job.unsure:
        raise MayBePrinted(_("This label may have come out. Print it again: the new one is numbered as a copy."))
    others = PrintJob.objects.filter(site_id=job.site_id, hu=job.hu_id, template=job.template).exclude(pk=job.pk)
    if others.filter(copy_no__gte=job.copy_no).exclude(state="failed", unsure=False).exists():
        raise NewerLabel(_("A newer label was printed for this unit. Print it again if another is needed."))

    before = job.state
    what = "open_in_browser" if printer is None else "queue_again"
    move(
        [job], PRINT_MOVES, what, noun="Print job", printer=printer, due_at=at, attempts=0, error="",
        leased_until=None, sent_at=at if printer is None else None,
    )  # fmt: skip

    facts = {"label": job.public_id, "printer": printer.code if printer else "browser"}
    entry = journal.Entry(
        "redirect_print_job", "hu", job.hu_id, site_id=job.site_id, before=before, after=job.state, facts=facts
    )
    journal.write([entry], actor=actor, at=at)
    return PrintJobRedirected(job.public_id, job.state, printer.code if printer else "")
