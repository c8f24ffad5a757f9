"""Waiting in tests: on a condition, with a deadline, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], what: str, seconds: float = 20) -> T:
    """Ask again and again until the answer is true; return it.

    Args:
        condition: asked every few hundredths of a second.
        what: completes "waited in vain for ...".
        seconds: when to give up; generous, because a passing test never waits that long.

    Raises:
        AssertionError: the deadline has passed.
    """
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)
    return answer
