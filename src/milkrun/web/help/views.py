"""The help page: the tour, the words, the keys and the scanner test."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milkrun.web import pages
from milkrun.web.access import StaffRequest, signed_in


@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Show the help page."""
    return pages.page(request, "help/help.html", {})
