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
REPLAYED = {
    "Idempotent-Replayed": {
        "description": "true where this is the stored reply of an earlier request",
        "schema": {"type": "string"},
    }
}


def reads(router: Router, path: str, name: str, reply: Any, *, action: str) -> Callable[[View], View]:
    """Declare a query; `action` is the view that a scope must cover, "" where any token will do."""
    return router.get(
        path,
        operation_id=name,
        auth=Access(name, action, writes=False),
        response={200: reply, **PROBLEMS},
        openapi_extra={"x-scope": action},
    )


def runs(
    router: Router, path: str, name: str, reply: Any, *, action: str = "", extra: dict[str, Any] | None = None
) -> Callable[[View], View]:
    """Declare a command; the scope is its name unless `action` says otherwise."""
    return router.post(
        path,
        operation_id=name,
        auth=Access(name, action or name, writes=True),
        response={200: reply, **PROBLEMS},
        openapi_extra={
            "parameters": [KEY_HEADER],
            "responses": {200: {"headers": REPLAYED}},
            "x-scope": action or name,
            **(extra or {}),
        },
    )
