"""Keyset pages: a list is read from a position on, never by counting rows before it.

The cursor is the sort key of the last row seen. Deep pages cost what the first one costs.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from milkrun.kernel.errors import Invalid, Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list and where the next ones begin ("" on the last page)."""

    rows: tuple[T, ...]
    next_cursor: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a search or a scan found.

    Args:
        kind: call, part, handling_unit, delivery, job, invoice, rack.
        label: what people recognise it by.
        detail: one more fact beside it.
        public_id: where a door finds it.
        exact: the text is this thing's own number, so a scan may jump to it.
    """

    kind: str
    label: str
    detail: str
    public_id: str
    exact: bool


def cursor(*key: datetime | int | str) -> str:
    """Write a sort key as text that is safe in a URL."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in key]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def position(text: str, *kinds: type) -> tuple[Any, ...] | None:
    """Read a cursor back; None where the list begins.

    Args:
        text: what `cursor` wrote, or "".
        kinds: the types of the key's values, in order.

    Raises:
        Invalid: this is no cursor of this list.
    """
    if not text:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(plain, list) or len(plain) != len(kinds):
            raise ValueError(text)
        return tuple(_value(value, kind) for value, kind in zip(plain, kinds, strict=True))
    except (ValueError, TypeError, RecursionError) as problem:
        gone = Problem("cursor", _("This page of the list does not exist. Start from the first page."))
        raise Invalid([gone]) from problem


def _value(value: object, kind: type) -> datetime | int | str:
    if kind is datetime and isinstance(value, str):
        found = datetime.fromisoformat(value)
        # The years at both ends of the calendar cannot be brought into every zone.
        if found.tzinfo is None or not 1 < found.year < 9999:
            raise ValueError(value)
        return found
    if kind is int and isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    if kind is str and isinstance(value, str) and value.isprintable():
        return value
    raise ValueError(value)


def page_of(rows: list[T], limit: int, last_key: str) -> Page[T]:
    """Cut one row too many off a list and tell whether there was one.

    Args:
        rows: up to `limit` + 1 rows.
        limit: rows of a page.
        last_key: the cursor of the last row that stays.
    """
    return Page(tuple(rows[:limit]), last_key if len(rows) > limit else "")
