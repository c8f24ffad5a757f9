"""Many hands at once: threads with a connection each, started at the same instant, their answers kept."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

from milkrun.kernel.errors import Refusal
from tests.waiting import until

PATIENCE = 120


@dataclass(frozen=True)
class Answer:
    """What one hand got: a result or a refusal, and how long it took in seconds."""

    result: Any
    refusal: Refusal | None
    seconds: float


def attempt(action: Callable[[], Any]) -> Answer:
    """Act once; a refusal is an answer, everything else is an accident."""
    began = time.monotonic()
    try:
        return Answer(action(), None, time.monotonic() - began)
    except Refusal as refusal:
        return Answer(None, refusal, time.monotonic() - began)


def together(actions: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every action in a thread of its own at the same instant; returns what they return, in order.

    Raises:
        Exception: the first accident of any of them.
    """
    barrier = threading.Barrier(len(actions))
    found: list[Any] = [None] * len(actions)
    accidents: list[BaseException] = []

    def run(index: int, action: Callable[[], Any]) -> None:
        try:
            barrier.wait(PATIENCE)
            found[index] = action()
        except BaseException as accident:
            accidents.append(accident)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if accidents:
        raise accidents[0]
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return found


def until_somebody_waits() -> None:
    """Return as soon as another transaction waits for what this one holds."""
    until(_somebody_waits, "somebody who waits for anything", PATIENCE)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def race(actions: Sequence[Callable[[], Any]]) -> list[Answer]:
    """Run actions at the same instant and keep each answer."""
    return together([lambda action=action: attempt(action) for action in actions])


def winners(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers that are no refusals."""
    return [answer for answer in answers if answer.refusal is None]


def losers(answers: Sequence[Answer]) -> set[str]:
    """Return the codes of the refusals."""
    return {answer.refusal.code for answer in answers if answer.refusal is not None}
