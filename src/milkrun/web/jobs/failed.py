"""Failed postings: their cause in plain words, the way to mend it, retry, take back, owner; and refused reports."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.measure.wording import moment
from milkrun.partners import queries as partners
from milkrun.parts.queries.routing import made_part
from milkrun.production import queries as production
from milkrun.production.commands.assign_postings import assign_postings
from milkrun.production.commands.reprocess_postings import reprocess_postings
from milkrun.production.commands.reverse_confirmation import reverse_confirmation
from milkrun.production.commands.settle_refused_report import settle_refused_report
from milkrun.production.queries import ConfirmationRow, floor
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text


@dataclass(frozen=True, slots=True)
class Advice:
    """A cause in plain words, what mends it, and the pages where that is done."""

    cause: str
    fix: str
    links: tuple[tuple[str, str], ...]


def advise(row: ConfirmationRow) -> Advice:
    """Say why a posting failed and what to do."""
    if row.failure_code == "short_stock":
        return _short(row)
    known = {
        "lot_held": (_("A lot that would be used is blocked, in quarantine or expired."),
                     _("Release the lot, or bring another one to the line.")),
        "unknown_location": (_("The place a component is taken from is not known at this site."),
                             _("Create the place, or correct the part.")),
        "site_not_set_up": (_("The site lacks a place that production needs."), _("Create it in the master data.")),
        "reservation_taken": (_("Somebody else moved the same goods in that moment."), _("Retry.")),
        "conflict": (_("Somebody else moved the same goods in that moment."), _("Retry.")),
    }  # fmt: skip
    cause, fix = known.get(row.failure_code, (row.failure, _("Read the cause, mend it, then retry.")))
    return Advice(cause, fix, ())


def _short(row: ConfirmationRow) -> Advice:
    shortages = list(row.failure_facts.get("shortages", []))
    said, links = [], []
    for short in shortages[:4]:
        missing = from_micro(to_micro(short["wanted"]) - to_micro(short["free"]))
        said.append(
            _("%(missing)s of %(part)s are missing at %(place)s.")
            % {"missing": missing, "part": short["part"], "place": short["location"]}
        )
        try:
            page = reverse("item", args=[made_part(short["part"]).public_id])
        except NotFound:
            continue
        links.append((_("Move or receive %s") % short["part"], page))
    cause = " ".join(said) or _("The goods are not where they would be taken from.")
    return Advice(
        cause, _("Bring the missing components to the place, or correct its stock; then retry."), tuple(links)
    )


@permit("view_jobs")
@require_safe
def failed(request: StaffRequest) -> HttpResponse:
    """List stock postings that failed, with their cause."""
    return failed_page(request)


def failed_page(request: StaffRequest, refusal: Refusal | None = None, answers: Any = ()) -> HttpResponse:
    """Render the list of failed postings; after a bulk retry with one answer for each."""
    get, may = request.GET, request.access.actions
    code, text, mine = get.get("code", "")[:40], get.get("text", "").strip()[:80], get.get("owner") == "me"
    page = production.failed_postings(
        request.site.id, request.zone, get.get("after", ""), code=code, text=text,
        owner_id=request.actor.user_id if mine else None,
    )  # fmt: skip
    kept = {name: value for name, value in (("code", code), ("text", text), ("owner", "me" if mine else "")) if value}
    allows = [action for action in ("reprocess_postings", "assign_postings") if action in may]
    context = {
        "rows": [{"row": row, "advice": advise(row)} for row in page.rows],
        "allows": " ".join(allows),
        "codes": production.failure_codes(request.site.id),
        "code": code,
        "text": text,
        "mine": mine,
        "chosen": set(request.POST.getlist("posting")),
        "answers": answers,
        "owners": partners.staff(),
        "refused": floor.refused_reports(request.site.id, request.zone),
        "may_retry": "reprocess_postings" in may,
        "may_reverse": "reverse_confirmation" in may,
        "may_settle": "settle_refused_report" in may,
        "checked": moment(timezone.now(), request.zone),
        "next_cursor": page.next_cursor,
        "next_url": f"{reverse('failed_postings')}?{urlencode({**kept, 'after': page.next_cursor})}",
        "first_url": f"{reverse('failed_postings')}?{urlencode(kept)}",
    }
    return pages.page(request, "jobs/failed.html", context, refusal=refusal)


def _chosen(request: StaffRequest) -> tuple[int, ...]:
    one = request.POST.getlist("one")
    keys = production.confirmation_ids(request.site.id, one or request.POST.getlist("posting"))
    if not keys:
        raise Invalid([Problem("posting", _("Choose at least one posting first."))])
    return tuple(keys)


@permit("reprocess_postings")
@require_POST
def retry_many(request: StaffRequest) -> HttpResponse:
    """Try the chosen postings again, and say for each what became of it."""
    try:
        done = reprocess_postings(confirmation_ids=_chosen(request), **doing(request, "reprocess_postings"))
    except Refusal as refusal:
        return failed_page(request, refusal)
    posted = sum(answer.outcome == "posted" for answer in done.answers)
    text = ngettext("%(posted)d of %(all)d posting went through.", "%(posted)d of %(all)d postings went through.",
                    len(done.answers))  # fmt: skip
    tell = messages.success if posted == len(done.answers) else messages.warning
    tell(request, text % {"posted": posted, "all": len(done.answers)})
    return failed_page(request, answers=done.answers)


@permit("assign_postings")
@require_POST
def assign(request: StaffRequest) -> HttpResponse:
    """Give the chosen postings to somebody, or to nobody."""
    try:
        owner = request.POST.get("owner", "")
        user_id = int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 12 else None
        done = assign_postings(confirmation_ids=_chosen(request), user_id=user_id, **doing(request, "assign_postings"))
    except Refusal as refusal:
        return failed_page(request, refusal)
    messages.success(request, _("Given to %s.") % done.owner if done.owner else _("Given back to everybody."))
    return redirect("failed_postings")


@permit("reverse_confirmation")
@require_POST
def reverse_one(request: StaffRequest, public_id: str) -> HttpResponse:
    """Take a confirmation back."""
    job = request.POST.get("from_job", "")
    try:
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        key = production.confirmation_id(request.site.id, public_id)
        reverse_confirmation(confirmation_id=key, reason=reason, **doing(request, "reverse_confirmation"))
    except Refusal as refusal:
        if job:
            from milkrun.web.jobs.views import job_page

            return job_page(request, job, refusal)
        return failed_page(request, refusal)
    messages.success(request, _("Taken back. Pieces and components are where they were."))
    return redirect("job", public_id=job) if job else redirect("failed_postings")


@permit("settle_refused_report")
@require_POST
def settle(request: StaffRequest, public_id: str) -> HttpResponse:
    """Say what was done about a report that was refused."""
    try:
        note = typed_text(request, "note", _("Say what was done about it."))
        key = floor.refused_report_id(request.site.id, public_id)
        settle_refused_report(report_id=key, note=note, **doing(request, "settle_refused_report"))
    except Refusal as refusal:
        return failed_page(request, refusal)
    messages.success(request, _("Settled."))
    return redirect("failed_postings")
