"""The steps of test_once for what is done with calls, in an order in which each is possible."""

from collections.abc import Callable
from typing import Any

from tests.api.test_path import SITE

Step = tuple[str, str, Any]


def call_steps(waiting: Callable[[str], str], why: dict[str, str]) -> list[tuple[str, Callable[[], Step]]]:
    """Name every POST of this area with what makes its path and body."""

    def to(path: str, body: Any = None) -> Step:
        return path, "application/json", body

    def on(verb: str, **body: Any) -> Callable[[], Step]:
        return lambda: to(f"{SITE}/calls/{verb}", {"call_ids": [waiting(verb)], **why, **body})

    return [
        ("request_cancel", on("cancel")),
        ("hold_calls", on("hold")),
        ("resume_calls", on("resume")),
        ("expedite_calls", on("expedite", priority=2)),
    ]
