"""The addresses of the JSON door."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from milkrun.api import docs, problems, tally
from milkrun.api.application import api


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """Answer for an address that is none."""
    return problems.answer(request, status=404, code="not_found", detail=_("There is nothing at this address."))


def _in_our_words(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let an operation refuse an unknown method as it refuses everything else."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        tally.count(request, response)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        refusal = problems.no_such_method(request)
        refusal["Allow"] = response["Allow"]
        return refusal

    return answered


_operations, _name, _space = api.urls
for _pattern in _operations:
    if _pattern.callback is not None:
        _pattern.callback = _in_our_words(_pattern.callback)

urlpatterns = [
    path("api/v1/", unknown),
    path("api/v1/", (_operations, _name, _space)),
    re_path("^api/v1(?:/.*)?$", unknown),
    path("api/docs", docs.documentation, name="api-docs"),
    path("api/problems/<slug:code>", docs.problem, name="api-problem"),
]
