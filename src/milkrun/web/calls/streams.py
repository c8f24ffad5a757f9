"""Sequences of vehicles: how each counts, what a gap does at each step, what was skipped, what is held and why."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from milkrun.demand.commands.configure_stream import StreamRules, configure_stream
from milkrun.demand.commands.skip_number import skip_number
from milkrun.demand.queries import streams as queries
from milkrun.demand.queries.streams import StreamView
from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text

RULES = ("release_rule", "packing_rule", "gap_rule", "issue_rule")


def _address(row: StreamView) -> str:
    query = urlencode({"customer": row.partner, "plant": row.plant, "line": row.code})
    return f"{reverse('stream')}?{query}"


@permit("view_calls")
@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """Show the sequences of the site."""
    return _listed(request)


def _listed(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    rows = [{"row": row, "url": _address(row)} for row in queries.streams(request.site.id)]
    context = {"rows": rows, "customers": partners.customers(), "gap_rules": words.GAP_RULES}
    return pages.page(request, "calls/streams.html", context, refusal=refusal)


@permit("view_calls")
@require_safe
def one(request: StaffRequest) -> HttpResponse:
    """Show one sequence."""
    return _one(request, request.GET)


def _one(request: StaffRequest, named: QueryDict, refusal: Refusal | None = None) -> HttpResponse:
    found = queries.stream(
        request.site.id, partner=named.get("customer", ""), plant=named.get("plant", ""), code=named.get("line", "")
    )
    context: dict[str, Any] = {
        "stream": found,
        "steps": [(name, words.word("gap_step", name), getattr(found, name)) for name in RULES],
        "gap_rules": words.GAP_RULES,
        "held": [{"row": row, "step": words.word("gap_step", row.rule)} for row in queries.held(found.id)],
        "skipped": queries.skipped(found.id, request.zone),
    }
    return pages.page(request, "calls/stream.html", context, refusal=refusal)


def _named(request: StaffRequest) -> dict[str, Any]:
    """Read which sequence a form is about.

    Raises:
        NotFound: there is no such customer.
    """
    partner = partners.partner_by_code(request.POST.get("customer", ""))
    if partner is None or not partner.is_customer:
        raise NotFound(_("This customer does not exist."))
    plant = typed_text(request, "plant", _("Say which plant of the customer."), longest=35)
    return {"site_id": request.site.id, "partner_id": partner.id, "ship_to_code": plant}


def _number(request: StaffRequest, field: str, missing: str = "") -> int | None:
    text = typed_text(request, field, missing, longest=12)
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Invalid([Problem(field, _("Write a whole number."))])
    return int(text)


@permit("configure_stream")
@require_POST
def configure(request: StaffRequest) -> HttpResponse:
    """Set the rules of a sequence, or make one before its first vehicle comes."""
    try:
        code = typed_text(request, "line", longest=20)
        rules = StreamRules(
            largest=_number(request, "largest", _("Say after which number the customer starts again.")) or 0,
            takt_minutes=_number(request, "takt_minutes"),
            **{name: request.POST.get(name, "") for name in RULES},
        )
        done = configure_stream(**_named(request), code=code, rules=rules, **doing(request, "configure_stream"))
    except NotFound as refusal:
        return _listed(request, refusal)
    except Refusal as refusal:
        return _again(request, refusal)
    messages.success(request, _("The sequence is made.") if done.made else _("The rules hold from now on."))
    return redirect(_there(request))


@permit("skip_number")
@require_POST
def skip(request: StaffRequest) -> HttpResponse:
    """Skip numbers that the customer said never come: one, or a stretch as 472-475."""
    try:
        named, reason = _named(request), typed_text(request, "reason", _("Say why the number never comes."))
        code = typed_text(request, "line", longest=20)
        first, last = _stretch(request)
        done = skip_number(
            **named, stream_code=code, number=first, upto=last, reason=reason, source="manual",
            **doing(request, "skip_number"),
        )  # fmt: skip
    except NotFound as refusal:
        return _listed(request, refusal)
    except Refusal as refusal:
        return _again(request, refusal)
    text = ngettext("%(n)d number is skipped.", "%(n)d numbers are skipped.", done.count)
    messages.success(request, text % {"n": done.count})
    return redirect(_there(request))


def _stretch(request: StaffRequest) -> tuple[str, str]:
    first, dash, last = typed_text(request, "number", _("Say which number."), longest=30).partition("-")
    ends = [first.strip(), last.strip() if dash else ""]
    if not all(end.isascii() and end.isdigit() and len(end) <= 10 for end in ends if end or dash):
        raise Invalid([Problem("number", _("Write a number, or a stretch as 472-475."))])
    return ends[0], ends[1]


def _there(request: StaffRequest) -> str:
    named = {name: request.POST.get(name, "").strip() for name in ("customer", "plant", "line")}
    return f"{reverse('stream')}?{urlencode(named)}"


def _again(request: StaffRequest, refusal: Refusal) -> HttpResponse:
    try:
        return _one(request, request.POST, refusal)
    except NotFound:
        return _listed(request, refusal)
