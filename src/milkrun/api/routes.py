"""How an operation is declared: its name is a command's or a query's, its errors are documented, its door is shut."""

from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router

from milkrun.api.access import Access
from milkrun.api.problems import PROBLEMS

View = TypeVar("View", bound=Callable[..., Any])

KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[!-~]{1,120}$"},
    "description": "New for each new request; the same key and body again gives the first reply again.",
}
EVENT_HEADER = {
    "in": "header",
    "name": "Event-Time",
    "required": False,
    "schema": {"type": "string", "format": "date-time"},
    "description": "When what is told of happened; the connection's lag is measured from it.",
}
REPLAYED = {
    "Idempotent-Replayed": {
        "description": "true where this is the stored reply of an earlier request",
        "schema": {"type": "string"},
    }
}


def reads(
    router: Router, path: str, name: str, reply: Any, *, action: str, every_site: bool = False, media: str = ""
) -> Callable[[View], View]:
    """Declare a query; `action` is the view that a scope must cover, "" where any token will do.

    `every_site` opens it to tokens of single sites although its address names none; `media` is what the reply is where
    it is a file and no JSON.
    """
    file = {"responses": {200: {"content": {media: {"schema": {"type": "string", "format": "binary"}}}}}}
    return router.get(
        path,
        operation_id=name,
        auth=Access(name, action, writes=False, every_site=every_site),
        response={200: reply, **PROBLEMS},
        openapi_extra={"x-scope": action, **(file if media else {})},
    )


def runs(
    router: Router,
    path: str,
    name: str,
    reply: Any,
    *,
    action: str = "",
    extra: dict[str, Any] | None = None,
    every_site: bool = False,
) -> Callable[[View], View]:
    """Declare a command; the scope is its name unless `action` says otherwise."""
    return router.post(
        path,
        operation_id=name,
        auth=Access(name, action or name, writes=True, every_site=every_site),
        response={200: reply, **PROBLEMS},
        openapi_extra={
            "parameters": [KEY_HEADER, EVENT_HEADER],
            "responses": {200: {"headers": REPLAYED}},
            "x-scope": action or name,
            **(extra or {}),
        },
    )
