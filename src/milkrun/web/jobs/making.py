"""Make a job by hand, and bring it along: start, pause, move, close, cancel."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from milkrun.demand import queries as demand
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.parts.queries.routing import made_part, made_parts
from milkrun.production.commands.cancel_job import cancel_job
from milkrun.production.commands.close_job import close_job
from milkrun.production.commands.create_job import create_job
from milkrun.production.commands.pause_job import pause_job
from milkrun.production.commands.reschedule_job import reschedule_job
from milkrun.production.commands.start_job import start_job
from milkrun.production.queries.records import job_id
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_moment, typed_quantity, typed_text
from milkrun.web.jobs.views import job_page

# What a hand may name; calls are released on their own page.
BY_HAND = ("manual", "stock", "kanban", "buffer", "release", "call")


@permit("create_job")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Ask what is to be made and who asks for it, and make the job."""
    refusal = None
    if request.method == "POST":
        try:
            made = create_job(**_asked(request), **doing(request, "create_job"))
        except Refusal as no:
            refusal = no
        else:
            messages.success(request, _("Job %s was made.") % made.number)
            return redirect("job", public_id=made.public_id)
    context = {
        "parts": made_parts(request.site.id),
        "signals": [(name, words.SIGNALS[name]) for name in BY_HAND],
        "given": request.POST or request.GET,
    }
    return pages.page(request, "jobs/new.html", context, refusal=refusal)


def _asked(request: StaffRequest) -> dict[str, Any]:
    signal = request.POST.get("signal", "")
    given: dict[str, Any] = {
        "site_id": request.site.id,
        "signal": signal,
        "due_at": typed_moment(request.POST.get("due_at", ""), "due_at", request.zone),
        "signal_text": typed_text(request, "signal_text", longest=80),
        "reason": typed_text(request, "reason"),
    }
    if signal == "call":
        number = typed_text(request, "signal_text", _("Say which call asks for the job."), longest=80)
        hits = [hit for hit in demand.find(request.site.id, number) if hit.exact]
        if not hits:
            raise Invalid([Problem("signal_text", _("Call %s is not known at this site.") % number)])
        return {**given, "call_id": demand.call_ids(request.site.id, [hits[0].public_id])[0]}
    part = typed_text(request, "part", _("Say what is made."), longest=40)
    return {
        **given,
        "part_id": made_part(part).id,
        "qty": typed_quantity(request.POST.get("qty", ""), "qty"),
    }


def _bring(request: StaffRequest, public_id: str, action: Callable[[int], str]) -> HttpResponse:
    try:
        messages.success(request, action(job_id(request.site.id, public_id)))
    except Refusal as refusal:
        return job_page(request, public_id, refusal)
    return redirect("job", public_id=public_id)


@permit("start_job")
@require_POST
def start(request: StaffRequest, public_id: str) -> HttpResponse:
    """Begin a job or go on with it."""

    def act(key: int) -> str:
        start_job(job_id=key, **doing(request, "start_job"))
        return _("The job is being worked on.")

    return _bring(request, public_id, act)


@permit("pause_job")
@require_POST
def pause(request: StaffRequest, public_id: str) -> HttpResponse:
    """Let a job rest."""

    def act(key: int) -> str:
        pause_job(job_id=key, reason=typed_text(request, "reason"), **doing(request, "pause_job"))
        return _("The job is paused. Nothing is confirmed on it until it goes on.")

    return _bring(request, public_id, act)


@permit("reschedule_job")
@require_POST
def reschedule(request: StaffRequest, public_id: str) -> HttpResponse:
    """Move a job's date; everybody it affects is told."""

    def act(key: int) -> str:
        due_at = typed_moment(request.POST.get("due_at", ""), "due_at", request.zone)
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        done = reschedule_job(job_id=key, due_at=due_at, reason=reason, **doing(request, "reschedule_job"))
        told = ", ".join(words.word("role", name) for name in done.told)
        text = _("Moved. Told: %s.") % told
        if done.late_calls:
            text += " " + _("Promised later than required: %s.") % ", ".join(done.late_calls)
        return text

    return _bring(request, public_id, act)


@permit("close_job")
@require_POST
def close(request: StaffRequest, public_id: str) -> HttpResponse:
    """End a job although not everything was made."""

    def act(key: int) -> str:
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        return _ended(close_job(job_id=key, reason=reason, **doing(request, "close_job")).missing_calls)

    return _bring(request, public_id, act)


@permit("cancel_job")
@require_POST
def cancel(request: StaffRequest, public_id: str) -> HttpResponse:
    """End a job of which nothing was made."""

    def act(key: int) -> str:
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        return _ended(cancel_job(job_id=key, reason=reason, **doing(request, "cancel_job")).missing_calls)

    return _bring(request, public_id, act)


def _ended(missing: tuple[str, ...]) -> str:
    if not missing:
        return _("The job has ended.")
    return _("The job has ended. These calls miss parts now: %s. Make another job for them.") % ", ".join(missing)
