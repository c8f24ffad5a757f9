"""Count each answered request by its route, never by its address: addresses hold ids without end."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from milkrun.web.health.figures import REQUESTS, SECONDS


class CountingMiddleware:
    """Counts requests and the time they took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        started = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "(none)"
        method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "OTHER"
        REQUESTS.labels(method, route, response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - started)
        return response
