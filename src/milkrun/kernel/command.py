"""What makes a function a command: one transaction, one effect for one request, one typed result.

A repeat of a request (same scope, key and body) is answered with the stored result; a failed first attempt leaves
nothing behind, so that the corrected resend goes through.
"""

import functools
import random
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, get_type_hints

from django.db import IntegrityError, OperationalError, connection, transaction
from pydantic import TypeAdapter

from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Request
from milkrun.kernel.models import RequestKey
from milkrun.kernel.once import in_flight, lock_number, same_body
from milkrun.kernel.told import of_record, told

P = ParamSpec("P")
R = TypeVar("R")

RETRYABLE = {"40001", "40P01"}
ATTEMPTS = 5


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Run a use case in one durable transaction and at most once for a request.

    The decorated function takes keyword arguments only, among them `at` and, where doors may repeat it, `request`.
    Serialisation failures and deadlocks are tried again, up to five times, where a request key makes that safe.
    Inside it speaks the language of record, so that what it keeps is in one language; a refusal that leaves it is told
    in the language of whoever asked.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        request: Any = kwargs.get("request")
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with of_record():
                    return _once(function, request, args, kwargs)
            except Refusal as refusal:
                refusal.tell(told)
                raise
            except OperationalError as failure:
                if request is None or attempt == ATTEMPTS or not _passing(failure):
                    raise
                # A short random wait keeps two victims of one deadlock from meeting again.
                time.sleep(random.uniform(0.005, 0.02) * attempt)  # noqa: S311
        raise AssertionError("unreachable")

    return run


def _once(function: Callable[..., R], request: Request | None, args: Any, kwargs: Any) -> R:
    if request is None:
        with transaction.atomic(durable=True):
            return function(*args, **kwargs)
    result_type = TypeAdapter(_result_type(function))
    try:
        with transaction.atomic(durable=True):
            known = _known(request)
            if known is not None:
                request.repeated()
                return result_type.validate_json(known)  # type: ignore[no-any-return]
            result = function(*args, **kwargs)
            _remember(request, result_type.dump_json(result).decode(), kwargs["at"])
            return result
    except IntegrityError:
        # Two equal requests met: the other one committed first, so its result is the answer.
        stored = RequestKey.objects.filter(scope=request.scope, key=request.key).first()
        if stored is None:
            raise
        request.repeated()
        return result_type.validate_json(same_body(stored, request).result)  # type: ignore[no-any-return]


def _known(request: Request) -> str | None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(request)])
            if not cursor.fetchone()[0]:
                raise in_flight(request)
    stored = RequestKey.objects.filter(scope=request.scope, key=request.key).first()
    return None if stored is None else same_body(stored, request).result


def _remember(request: Request, result: str, at: datetime) -> None:
    RequestKey.objects.create(scope=request.scope, key=request.key, body_hash=request.body_hash, result=result, at=at)


@functools.cache
def _result_type(function: Callable[..., Any]) -> Any:
    return get_type_hints(function)["return"]


def _passing(failure: OperationalError) -> bool:
    state = getattr(failure.__cause__, "sqlstate", None)
    return state in RETRYABLE or "database is locked" in str(failure)
