"""One answer for one request, for doors whose work is more than one command.

A command keeps its answer in its own transaction. Work of several transactions cannot; each of them has to be safe to
repeat (taking a file in is), and what is kept here is the first answer. Whoever is killed before it was kept does the
work again, to no further effect.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from milkrun.kernel.errors import RequestInFlight, RequestKeyReused
from milkrun.kernel.identity import Request
from milkrun.kernel.models import RequestKey

R = TypeVar("R")


def lock_number(request: Request) -> int:
    """Return the number of the advisory lock that stands for a request."""
    digest = hashlib.sha256(f"{request.scope}\n{request.key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def same_body(stored: RequestKey, request: Request) -> RequestKey:
    """Return the stored row if it is of the same request.

    Raises:
        RequestKeyReused: the key stood for something else.
    """
    if stored.body_hash != request.body_hash:
        raise RequestKeyReused(
            _("Request key {key} was used for another request. Use a new key.").format(key=f"{request.key!r}"),
            key=request.key,
        )
    return stored


def was_done(request: Request) -> bool:
    """Tell whether this request took effect before.

    A door that must look at rows before it can ask the command asks here first: what it would look at has changed
    since, and the repeat must not be refused for that.

    Raises:
        RequestKeyReused: the key came before with another body.
    """
    stored = RequestKey.objects.filter(scope=request.scope, key=request.key).first()
    return stored is not None and bool(same_body(stored, request))


# A machine that was cut off may ask again within so many days; then its keys are forgotten.
KEEP_DAYS = 30
# What identifies a row of a table for ever is kept for ever: the same delivery note must never be received twice.
KEPT_FOR_EVER = "drop:"


def forget(at: datetime, at_once: int = 20_000) -> int:
    """Delete keys that are older than a month, some thousands at a time; returns how many.

    Args:
        at: now.
        at_once: at most so many, so that nobody waits for a long transaction.
    """
    old = RequestKey.objects.filter(at__lt=at - timedelta(days=KEEP_DAYS)).exclude(scope__startswith=KEPT_FOR_EVER)
    keys = list(old.order_by("at").values_list("pk", flat=True)[:at_once])
    return RequestKey.objects.filter(pk__in=keys).delete()[0]


def in_flight(request: Request) -> RequestInFlight:
    """Make the refusal for a request that is being worked on."""
    return RequestInFlight(_("This request is being worked on. Ask again in a second."), key=request.key)


def answered_once(request: Request, work: Callable[[], R], result_type: type[R], *, at: datetime) -> R:
    """Do work that is safe to repeat and keep its first answer; a repeat of the request gets that one.

    Raises:
        RequestInFlight: the same request is being worked on (PostgreSQL).
        RequestKeyReused: the key came before with another body.
    """
    shape = TypeAdapter(result_type)
    with _held(request):
        known = RequestKey.objects.filter(scope=request.scope, key=request.key).first()
        if known is not None:
            request.repeated()
            return shape.validate_json(same_body(known, request).result)
        result = work()
        kept, __ = RequestKey.objects.get_or_create(
            scope=request.scope,
            key=request.key,
            defaults={"body_hash": request.body_hash, "result": shape.dump_json(result).decode(), "at": at},
        )
        # Where two equal requests met, both get the answer that was kept.
        return shape.validate_json(same_body(kept, request).result)


@contextmanager
def _held(request: Request) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    number = lock_number(request)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise in_flight(request)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
