"""The call monitor and one call."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.demand import queries as demand
from milkrun.demand.queries import CallFilter, CallRow, CallView
from milkrun.exchange import queries as exchange
from milkrun.insight.queries.pegging import pegging_of_call
from milkrun.kernel.errors import Refusal
from milkrun.partners import queries as partners
from milkrun.production import queries as production
from milkrun.shipping import queries as shipping
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.calls.progress import progress
from milkrun.web.history import history
from milkrun.web.live import following

# state of a call -> bulk actions it allows; the bar offers what every chosen call allows
ALWAYS = ("request_cancel", "hold_calls", "resume_calls", "expedite_calls", "update_calls")
BULK = {
    "created": ("release_calls", *ALWAYS),
    "released": ALWAYS,
    "ready": ("release_for_packing", *ALWAYS),
    "in_packing": ALWAYS,
    "packed": ("create_delivery", *ALWAYS),
    "on_delivery": ALWAYS,
    "cancel_requested": ("accept_cancel", "decline_cancel"),
}


def _query(request: StaffRequest) -> QueryDict:
    """Return the monitor's query: of this address, or of the page that a form stood on."""
    return QueryDict(request.POST.get("query", "")) if request.method == "POST" else request.GET


def wanted(request: StaffRequest) -> CallFilter:
    """Read the filter from the address."""
    get = _query(request)
    return CallFilter(
        state=get.get("state", ""), kind=get.get("kind", ""), customer=get.get("customer", ""),
        text=get.get("text", "").strip()[:80], unmatched=get.get("unmatched") == "1",
    )  # fmt: skip


@permit("view_calls")
@require_safe
def monitor(request: StaffRequest) -> HttpResponse:
    """Show the calls, the most urgent first."""
    return monitor_page(request)


def monitor_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render the monitor; after a refusal with the chosen calls still chosen."""
    chosen = set(request.POST.getlist("call"))
    context = {**_list(request), "chosen": chosen, "customers": partners.customers(), "kinds": words.KINDS}
    return pages.page(request, "calls/monitor.html", context, refusal=refusal)


def _list(request: StaffRequest) -> dict[str, Any]:
    filters = wanted(request)
    page = demand.calls(request.site.id, filters, request.zone, _query(request).get("after", ""))
    counts = demand.call_counts(request.site.id)
    unmatched = demand.unmatched_count(request.site.id)
    query = _query(request).copy()
    here = query.urlencode()
    query.pop("after", None)
    plain = query.urlencode()
    return {
        "filters": filters,
        "rows": [{"call": row, "allows": " ".join(_allowed(row, request.access.actions))} for row in page.rows],
        "stages": _stages(filters, counts),
        "unmatched": demand.counted(unmatched) if unmatched else "",
        "open_count": demand.counted(sum(counts.get(state, 0) for state in demand.OPEN_STATES)),
        "next_cursor": page.next_cursor,
        "next_url": f"{reverse('calls')}?{plain}&after={page.next_cursor}",
        "first_url": f"{reverse('calls')}?{plain}",
        "live_url": f"{reverse('call_rows')}?{here}",
        "here": here,
        "plain_query": plain,
    }


def _allowed(row: CallRow, may: frozenset[str]) -> Iterable[str]:
    without = {"hold_calls"} if row.held else {"resume_calls"}
    if row.unmatched:
        without.add("release_calls")
    return [action for action in BULK.get(row.state, ()) if action in may and action not in without]


def _stages(filters: CallFilter, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"key": key, "state": state, "word": words.state("call", state)[1],
         "count": demand.counted(counts[state]) if state in counts else "",
         "current": filters.state == state}
        for key, state in enumerate(demand.STAGES, start=1)
    ]  # fmt: skip


@permit("view_calls")
@require_safe
def rows(request: StaffRequest) -> HttpResponse:
    """Return the list alone, or "not modified" while nothing happened since the asker's last look."""
    return following(request, lambda: pages.page(request, "calls/rows.html", {**_list(request), "chosen": set()}))


@permit("view_calls")
@require_safe
def call(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one call."""
    return call_page(request, public_id)


def call_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one call with everything that became of it."""
    found = demand.call(request.site.id, public_id, request.zone)
    subjects = [("call", found.id), *(("group", group.id) for group in found.groups)]
    source = exchange.interchanges_by_id([found.interchange_id] if found.interchange_id else [])
    context = {
        "call": found,
        "allows": _call_actions(found, request.access.actions),
        "seen": seen(found),
        "indicators": words.INDICATORS,
        "jobs": production.jobs_of_calls([found.id], request.zone),
        "deliveries": shipping.deliveries_of_calls([found.id], request.zone),
        "pegging": pegging_of_call(request.site.id, public_id, request.zone),
        "interchange": source.get(found.interchange_id or 0),
        "history": history(subjects, request.zone),
        "progress": progress(found, request.zone),
    }
    return pages.page(request, "calls/call.html", context, refusal=refusal)


def seen(found: CallView) -> str:
    """Name what the form of a call shows, so that a form that was open for long does not write it back."""
    lines = [(g.code, c.line_no, c.customer_part_no, c.qty) for g in found.groups for c in g.components]
    shown = (found.required_local, found.unloading_point, found.line_feed, found.sequence, lines)
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _call_actions(found: CallView, may: frozenset[str]) -> set[str]:
    allowed = {action for action in BULK.get(found.state, ()) if action in may}
    allowed.discard("hold_calls" if found.held else "resume_calls")
    if any(wish.kind == "change" and wish.state == "open" for wish in found.wishes):
        allowed |= {"decide_changes"} & may
    if found.sequence and found.state in ("created", "released", "ready"):
        allowed |= {"resequence_calls"} & may
    if "reorder_component" in may and found.state not in ("cancelled", "cancel_requested"):
        allowed.add("reorder_component")
    if found.unmatched:
        allowed.discard("release_calls")
        allowed |= {"reprocess_call"} & may
    return allowed


class _Line:
    """A file that gives back what is written to it, for streaming CSV."""

    def write(self, text: str) -> str:
        return text


@permit("export_calls")
@require_safe
def export(request: StaffRequest) -> HttpResponseBase:
    """Download every call that the filter keeps, as CSV."""
    answer = StreamingHttpResponse(_csv(request), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="calls.csv"'
    return answer


def _csv(request: StaffRequest) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(
        [_("call"), _("kind"), _("customer"), _("place"), _("sequence"), _("vehicle"), _("contents"), _("state"),
         _("required"), _("required UTC")]
    )  # fmt: skip
    for row in demand.export(request.site.id, wanted(request), request.zone):
        yield writer.writerow(
            [harmless(str(value)) for value in (row.number, row.kind, row.customer, row.place, row.sequence,
             row.vehicle, ", ".join(row.contents), row.state, row.required, row.due)]
        )  # fmt: skip


def harmless(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula: such text gets an apostrophe before it."""
    return "'" + text if text[:1] in "=+-@\t\r\n" and text else text
