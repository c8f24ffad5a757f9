"""The types of fields in requests: strict, so that nothing is guessed, rounded or cut.

A quantity is a JSON string of plain ASCII digits with a point. A JSON number is refused, because many programs write
and read those as binary fractions.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from milkrun.kernel.paging import Page
from milkrun.measure.quantity import from_micro, to_micro

T = TypeVar("T")
R = TypeVar("R")

INSTANT = re.compile(r"(20|21)\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)

_DAY = re.compile(r"(20|21)\d\d-\d\d-\d\d", re.ASCII)


def plain(text: str) -> str:
    """Return text as it is, unless it has characters that no document can carry.

    Raises:
        ValueError: control characters or half a character.
    """
    if any(not character.isprintable() and character != "\N{NO-BREAK SPACE}" for character in text):
        raise ValueError(_("Only printable characters are allowed."))
    return text


def _quantity(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise ValueError(_('Write a quantity as a JSON string, like "12.5".'))
    if value.startswith("-"):
        raise ValueError(_("A quantity is not negative."))
    return from_micro(to_micro(value))


def _instant(value: Any) -> datetime:
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise ValueError(_('Write an instant with its offset, like "2026-11-22T06:30:00+01:00".'))
    return datetime.fromisoformat(value)


def _day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError(_('Write a day like "2026-12-01".'))
    return date.fromisoformat(value)


Quantity = Annotated[
    Decimal,
    BeforeValidator(_quantity),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,6})?$", "examples": ["12.5"]}),
]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-22T06:30:00+01:00"]}),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-01"]}),
]
_Plain = AfterValidator(plain)
Code = Annotated[str, Field(min_length=1, max_length=35), _Plain]
CodeOrEmpty = Annotated[str, Field(max_length=35), _Plain]
Number = Annotated[str, Field(min_length=1, max_length=80), _Plain]
PartNumber = Annotated[str, Field(min_length=1, max_length=40), _Plain]
Words = Annotated[str, Field(max_length=400), _Plain]
Reason = Annotated[str, Field(min_length=1, max_length=400), _Plain]
Unit = Annotated[str, Field(max_length=3), _Plain]
PublicId = Annotated[str, Field(min_length=16, max_length=16, pattern=r"^[0-9a-z]{16}$")]
Count = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class Body(Schema):
    """A request's body; a name that is not known is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Cursor(Schema):
    """Where a list goes on, and how many rows a page has."""

    cursor: Annotated[str, Field(max_length=400), _Plain] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Listed(Schema, Generic[R]):
    """A page of a list; `next_cursor` is empty on the last page."""

    items: list[R]
    next_cursor: str


def listed(page: Page[T]) -> dict[str, Any]:
    """Turn a page of a query into a reply."""
    return {"items": list(page.rows), "next_cursor": page.next_cursor}
