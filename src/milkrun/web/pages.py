"""Answers of the HTML door: pages in the common frame, refusals as one sentence with the status of their kind."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milkrun.kernel.errors import Invalid, Refusal, RequestKeyReused

# By the code of a refusal: the page where its cause is settled, and what its link says.
WAYS = {"sequence_gap": ("streams", gettext_lazy("Skip numbers, see what waits"))}


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, refusal: Refusal | None = None
) -> HttpResponse:
    """Render a page; with a refusal it stands on top and what was typed is kept in `typed`.

    Args:
        request: the request.
        template: the page's template.
        context: its values.
        refusal: what was refused, if the page answers a form.
    """
    shown = {"refusal": sentence(refusal), "typed": request.POST, **context}
    return render(request, template, shown, status=refusal.status if refusal else 200)


def sentence(refusal: Refusal | None) -> dict[str, Any] | None:
    """Turn a refusal into what a page shows: a sentence, the problems by field, the code."""
    if refusal is None:
        return None
    problems = list(refusal.problems) if isinstance(refusal, Invalid) else []
    text = refusal.message
    if isinstance(refusal, RequestKeyReused):
        text = _("This form was sent before with other content. It stands here again: check it and send it once more.")
    code = refusal.facts.get("code", refusal.code)
    way = WAYS.get(code)
    return {
        "text": text,
        "problems": problems if len(problems) > 1 else [],
        "code": code,
        "way": (reverse(way[0]), way[1]) if way else None,
    }


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal that no form can show: a page of its own with the sentence and a way on."""
    return render(
        request, "layout/refused.html", {"refusal": sentence(refusal), "status": refusal.status}, status=refusal.status
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that does not exist."""
    return _calm(request, 404, _("This page does not exist."))


def forbidden_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its secret (CSRF): it was open for too long, or another site sent it."""
    return _calm(request, 403, _("This form is no longer valid. Load the page again and repeat; nothing was changed."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read."""
    return _calm(request, 400, _("This request cannot be read. Load the page again and repeat."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what nobody may do, and too many failed sign-ins."""
    return _calm(request, 403, _("This is not allowed."))


def failed(request: HttpRequest) -> HttpResponse:
    """Answer an error nobody foresaw, with the number under which it stands in the log."""
    return _calm(request, 500, _("Something went wrong on our side. Nothing was saved by this step; try it again."))


def _calm(request: HttpRequest, status: int, text: str) -> HttpResponse:
    return render(
        request,
        "layout/calm.html",
        {"text": text, "status": status, "request_id": getattr(request, "request_id", ""),
         "demo": settings.MILKRUN_DEMO},
        status=status,
    )  # fmt: skip
