"""The five kinds of refusal that every door translates, and nothing else.

An app subclasses a kind with a stable `code` and gives `facts`; the sentence says what is wrong and the way out.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


class Refusal(Exception):
    """A command said no. Nothing was changed."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, message: str, /, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts: dict[str, Any] = facts

    def tell(self, teller: Callable[[str], str]) -> None:
        """Say the same in other words, in those of the reader's language."""
        self.message = teller(self.message)
        self.args = (self.message,)


class NotFound(Refusal):
    """What was asked for does not exist, or is not for this asker to know of."""

    code = "not_found"
    status = 404


class Forbidden(Refusal):
    """The actor may not do this."""

    code = "forbidden"
    status = 403


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field of the input."""

    field: str
    message: str
    code: str = "invalid"
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Invalid(Refusal):
    """The input cannot be understood or is not allowed; every problem found is listed."""

    code = "invalid"
    status = 422

    def __init__(self, problems: Sequence[Problem], message: str | None = None, **facts: Any) -> None:
        super().__init__(message or " ".join(problem.message for problem in problems), **facts)
        self.problems = tuple(problems)

    def tell(self, teller: Callable[[str], str]) -> None:
        """Say the same in other words, each problem too."""
        super().tell(teller)
        self.problems = tuple(dataclasses.replace(one, message=teller(one.message)) for one in self.problems)


class Refused(Refusal):
    """The business says no."""

    code = "refused"
    status = 409


class Conflict(Refusal):
    """Somebody else was first."""

    code = "conflict"
    status = 409


class IllegalMove(Conflict):
    """The row's state does not allow this move."""

    code = "illegal_move"


class RequestInFlight(Conflict):
    """The same request is being worked on at this moment."""

    code = "request_in_flight"


class RequestKeyReused(Refusal):
    """A request key came again with another body."""

    code = "request_key_reused"
    status = 422
