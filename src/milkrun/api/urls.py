"""The addresses of the JSON door."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from milkrun.api import docs, problems
from milkrun.api.application import api


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """Answer for an address that is none."""
    return problems.answer(request, status=404, code="not_found", detail="There is nothing at this address.")


urlpatterns = [
    path("api/v1/", unknown),
    path("api/v1/", api.urls),
    re_path("^api/v1(?:/.*)?$", unknown),
    path("api/docs", docs.documentation, name="api-docs"),
    path("api/problems/<slug:code>", docs.problem, name="api-problem"),
]
