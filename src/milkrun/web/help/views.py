"""The help page (tour, words, keys, scanner test) and the guide (what changes, questions, measures)."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milkrun.web import pages
from milkrun.web.access import StaffRequest, signed_in
from milkrun.web.help.guide import MEASURES, QUESTIONS, ROLES, TEAMS


@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Show the help page."""
    return pages.page(request, "help/help.html", {})


@signed_in
@require_safe
def guide(request: StaffRequest) -> HttpResponse:
    """Show what changes under just in time, the person's own roles first."""
    mine = request.access.roles
    roles = sorted(ROLES, key=lambda guide: guide.role not in mine)
    context = {"roles": roles, "mine": mine, "teams": TEAMS, "questions": QUESTIONS, "measures": MEASURES}
    return pages.page(request, "help/guide.html", context)
