"""Taking in a customer's file by hand: the same way as the inbox, with the report on the page."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from milkrun.gateway.receive import IngestReport, take_in
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit

LARGEST = 64 * 1024 * 1024


@permit("receive_interchange")
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Ask for a file, or take one in and show what came of it."""
    if request.method != "POST":
        return _form(request)
    try:
        reports = _take_in(request)
    except Refusal as refusal:
        return _form(request, refusal)
    return pages.page(request, "calls/upload.html", {**_choices(), "reports": reports})


def _take_in(request: StaffRequest) -> list[IngestReport]:
    given = request.FILES.get("file")
    if given is None or not given.size:
        raise Invalid([Problem("file", _("Choose a file that is not empty."))])
    if given.size > LARGEST:
        raise Invalid([Problem("file", _("The file is larger than 64 MB. Ask the sender to split it."))])
    code = request.POST.get("partner", "")
    if partners.partner_by_code(code) is None:
        raise Invalid([Problem("partner", _("Choose the customer that sent the file."))])
    return take_in(
        given.read(), partner_code=code, file_name=(given.name or "")[:200], source="upload", actor=request.actor,
        at=timezone.now(),
    )  # fmt: skip


def _form(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    return pages.page(request, "calls/upload.html", _choices(), refusal=refusal)


def _choices() -> dict[str, object]:
    return {"customers": partners.customers()}
