"""The help page (words, keys, scanner), the guide (what changes, questions, measures) and the tour of the demo."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from milkrun.gateway.folders import bring_samples
from milkrun.insight.queries.tour import CUSTOMER, tour
from milkrun.kernel.errors import NotFound
from milkrun.partners import queries as partners
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit, public, signed_in
from milkrun.web.help.guide import MEASURES, QUESTIONS, ROLES, TEAMS
from milkrun.web.help.tour import STEPS


@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Show the help page."""
    return pages.page(request, "help/help.html", {})


@public
@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """Say where help is, to somebody who is not signed in as well."""
    whom = settings.MILKRUN_SUPPORT
    context = {
        "whom": whom,
        "link": whom if whom.startswith(("https://", "http://")) else f"mailto:{whom}" if "@" in whom else "",
        "visitors": settings.MILKRUN_DEMO_VISITORS and partners.demo_visitor() is not None,
    }
    return render(request, "help/support.html", context)


@signed_in
@require_safe
def guide(request: StaffRequest) -> HttpResponse:
    """Show what changes under just in time, the person's own roles first."""
    mine = request.access.roles
    roles = sorted(ROLES, key=lambda guide: guide.role not in mine)
    context = {"roles": roles, "mine": mine, "teams": TEAMS, "questions": QUESTIONS, "measures": MEASURES}
    return pages.page(request, "help/guide.html", context)


@signed_in
@require_safe
def guided_tour(request: StaffRequest) -> HttpResponse:
    """Show the sixteen steps of the demo, what is done, and whose turn it is."""
    _only_in_the_demo()
    return pages.page(request, "help/tour.html", _tour_context(request))


@signed_in
@require_safe
def tour_progress(request: StaffRequest) -> HttpResponse:
    """Answer the part of the tour that changes while it is played."""
    _only_in_the_demo()
    return pages.page(request, "help/steps.html", _tour_context(request))


@permit("receive_interchange")
@require_POST
def tour_files(request: StaffRequest) -> HttpResponse:
    """Let the customer's sample files arrive."""
    _only_in_the_demo()
    count = bring_samples(Path(settings.MILKRUN_HOME), CUSTOMER)
    if count:
        messages.success(
            request,
            ngettext(
                "{n} file is in the inbox. Its calls come in within seconds.",
                "{n} files are in the inbox. Their calls come in within seconds.",
                count,
            ).format(n=count),
        )
    else:
        messages.warning(request, _("The folder of the samples is empty. Start the demo anew to have them written."))
    return redirect("tour")


def _only_in_the_demo() -> None:
    if not settings.MILKRUN_DEMO:
        raise NotFound(_("The guided tour is there in the demo only. The help page lists the steps."))


def _tour_context(request: StaffRequest) -> dict[str, Any]:
    played = tour(request.site.id)
    people = {role: person for person in partners.demo_users() for role in person.roles}
    waiting = [step.key for step in STEPS if step.key not in played.done]
    steps = [
        {
            "step": step,
            "url": reverse(step.place) + step.query,
            "person": people.get(step.role),
            "mine": step.role in request.access.roles,
            "done": step.key in played.done,
            "next": waiting[:1] == [step.key],
        }
        for step in STEPS
    ]
    return {
        "steps": steps,
        "calls": played.calls,
        "done": len(STEPS) - len(waiting),
        "demo_password": settings.MILKRUN_DEMO_PASSWORD,
    }
