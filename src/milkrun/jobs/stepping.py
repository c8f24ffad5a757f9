"""The task that does a customer's automatic steps: what a person would only nod at is done as soon as it can be done.

What is refused stays where it is for people, who see why when they try it themselves; it is tried again after a while,
because stock may have come or a part may be known by then.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from milkrun.configuration.queries import automatic_steps
from milkrun.demand.queries.waiting import waiting_for
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Actor
from milkrun.production.commands.release_calls import release_calls
from milkrun.shipping.commands.release_for_packing import release_for_packing

LOG = logging.getLogger("milkrun.worker")
AGAIN = timedelta(minutes=2)
ACTOR = Actor("automatic step", "worker")

# Does a step for one call; returns the code of the refusal, "" where it was done.
Step = Callable[[int, datetime], str]


def _release(call_id: int, at: datetime) -> str:
    (answer,) = release_calls(call_ids=[call_id], actor=ACTOR, at=at).answers
    return answer.code


def _to_packing(call_id: int, at: datetime) -> str:
    try:
        release_for_packing(call_ids=[call_id], actor=ACTOR, at=at)
    except Refusal as refusal:
        return refusal.code
    return ""


class Stepping:
    """Does the automatic steps of all customers; remembers for a while what was refused."""

    def __init__(self) -> None:
        self._refused: dict[tuple[str, int], datetime] = {}

    def __call__(self, at: datetime) -> Mapping[str, Any]:
        """Do what can be done now."""
        self._refused = {key: until for key, until in self._refused.items() if until > at}
        done = 0
        for code, steps in automatic_steps().items():
            if "release_call" in steps:
                done += self._each("release_call", waiting_for(code, "created"), _release, at)
            if "release_for_packing" in steps:
                done += self._each("release_for_packing", waiting_for(code, "ready"), _to_packing, at)
        return {"done": done, "refused": len(self._refused)}

    def _each(self, step: str, keys: list[int], act: Step, at: datetime) -> int:
        done = 0
        for key in keys:
            if (step, key) in self._refused:
                continue
            code = act(key, at)
            if not code:
                done += 1
            else:
                self._refused[step, key] = at + AGAIN
                LOG.info("automatic step refused", extra={"step": step, "row": key, "code": code})
        return done
