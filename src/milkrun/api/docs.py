"""The human side of the API: the documentation page, and a page for each code a refusal can have."""

from collections.abc import Iterator

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html

from milkrun.kernel.errors import Refusal

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Milkrun API</title>
<link rel="icon" href="{}" type="image/svg+xml">
<link rel="stylesheet" href="{}">
</head>
<body data-csrf-token="" data-api-csrf="">
<script type="application/json" id="swagger-settings">
{{"url": "{}", "layout": "BaseLayout", "deepLinking": true}}
</script>
<main id="swagger-ui"></main>
<script src="{}"></script>
<script src="{}"></script>
</body>
</html>
"""


# The viewer writes HTML by itself, which trusted types forbid; everything else of the site's policy holds for it.
@csp_replace({"require-trusted-types-for": None, "trusted-types": None})
def documentation(request: HttpRequest) -> HttpResponse:
    """Show the API for people; scripts and styles come from this server."""
    files = [static(f"ninja/{name}") for name in ("swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-init.js")]
    return HttpResponse(format_html(_PAGE, static("favicon.svg"), files[0], reverse("api:openapi-json"), *files[1:]))


def problem(request: HttpRequest, code: str) -> HttpResponse:
    """Say what a code means: what the `type` of a problem document leads to."""
    for kind in _kinds(Refusal):
        if kind.code == code:
            meaning = (kind.__doc__ or "").strip().splitlines()[0]
            return HttpResponse(f"{code} ({kind.status}): {meaning}\n", content_type="text/plain; charset=utf-8")
    raise Http404(code)


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)
