"""What a planner does with a whole selection: one button, and one answer for each call."""

from collections import Counter
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.demand import queries as demand
from milkrun.demand.commands.hold_calls import hold_calls
from milkrun.demand.commands.request_cancel import CallAnswer, request_cancel
from milkrun.demand.commands.resume_calls import resume_calls
from milkrun.kernel.errors import Invalid, Problem, Refusal, Refused
from milkrun.production.commands.release_calls import release_calls
from milkrun.shipping.commands.expedite_calls import expedite_calls
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.calls.views import call_page, monitor_page


def chosen(request: StaffRequest) -> tuple[int, ...]:
    """Read the chosen calls.

    Raises:
        Invalid: none is chosen.
    """
    public_ids = request.POST.getlist("call")
    if not public_ids:
        raise Invalid([Problem("call", _("Choose at least one call first."))])
    return demand.call_ids(request.site.id, public_ids)


def again(request: StaffRequest, refusal: Refusal) -> HttpResponse:
    """Show the refusal on the page that the form stood on."""
    single = request.POST.get("from_call", "")
    return call_page(request, single, refusal) if single else monitor_page(request, refusal)


def back(request: StaffRequest) -> str:
    """Return the address of the page that the form stood on."""
    single = request.POST.get("from_call", "")
    query = request.POST.get("query", "")
    return reverse("call", args=[single]) if single else f"{reverse('calls')}?{query}" if query else reverse("calls")


def _why(request: StaffRequest) -> str:
    return typed_text(request, "reason", _("Say why: the reason stands in the history."))


@permit("request_cancel")
@require_POST
def cancel(request: StaffRequest) -> HttpResponse:
    """Ask for the chosen calls to be cancelled."""
    try:
        done = request_cancel(
            call_ids=chosen(request), reason=_why(request), source="manual", **doing(request, "request_cancel")
        )
    except Refusal as refusal:
        return again(request, refusal)
    return answered_page(request, done.answers)


@permit("hold_calls")
@require_POST
def hold(request: StaffRequest) -> HttpResponse:
    """Put the chosen calls on hold."""
    try:
        done = hold_calls(call_ids=chosen(request), reason=_why(request), **doing(request, "hold_calls"))
    except Refusal as refusal:
        return again(request, refusal)
    return answered_page(request, done.answers)


@permit("resume_calls")
@require_POST
def resume(request: StaffRequest) -> HttpResponse:
    """Let the chosen calls go on."""
    try:
        reason = typed_text(request, "reason")
        done = resume_calls(call_ids=chosen(request), reason=reason, **doing(request, "resume_calls"))
    except Refusal as refusal:
        return again(request, refusal)
    return answered_page(request, done.answers)


@permit("expedite_calls")
@require_POST
def expedite(request: StaffRequest) -> HttpResponse:
    """Hurry the chosen calls."""
    try:
        typed = request.POST.get("priority", "1")
        done = expedite_calls(
            call_ids=chosen(request), priority=int(typed) if typed in ("0", "1", "2") else -1, reason=_why(request),
            **doing(request, "expedite_calls"),
        )  # fmt: skip
    except Refusal as refusal:
        return again(request, refusal)
    return answered_page(request, done.answers)


@permit("release_calls")
@require_POST
def release(request: StaffRequest) -> HttpResponse:
    """Release each chosen call that can be released."""
    try:
        done = release_calls(call_ids=chosen(request), **doing(request, "release_calls"))
    except Refusal as refusal:
        return again(request, refusal)
    if done.jobs:
        made = ", ".join(job.number for job in done.jobs)
        text = ngettext("Released. Job %(jobs)s was made.", "Released. Jobs %(jobs)s were made.", len(done.jobs))
        messages.success(request, text % {"jobs": made})
    elif any(answer.done for answer in done.answers):
        messages.success(request, _("Released. Everything is in stock, nothing has to be made."))
    return answered_page(request, done.answers)


def answered_page(request: StaffRequest, answers: Sequence[CallAnswer]) -> HttpResponse:
    """Tell what became of the only call on its page, or show a list with one answer each."""
    if len(answers) == 1:
        if not answers[0].done:
            return again(request, _refused(answers[0]))
        messages.success(request, f"{answers[0].number}: {words.word('outcome', answers[0].outcome)}.")
        return redirect(back(request))
    counts = Counter(answer.outcome for answer in answers)
    links = demand.calls_by_id(answer.call_id for answer in answers)
    rows = [{"answer": answer, "call": links.get(answer.call_id)} for answer in sorted(answers, key=lambda a: a.done)]
    context = {
        "rows": rows,
        "counts": [(words.word("outcome", outcome), n) for outcome, n in counts.items()],
        "back": back(request),
    }
    return pages.page(request, "calls/answers.html", context)


def _refused(answer: CallAnswer) -> Refusal:
    return Refused(answer.message, code=answer.code)
