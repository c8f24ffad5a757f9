"""Row locks in one order for everybody: within a table by primary key, so that two commands never wait in a ring."""

import zlib
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.spoken import noun_name

Row = TypeVar("Row", bound=Model)


def lock(rows: QuerySet[Row]) -> list[Row]:
    """Load rows and hold them until the transaction ends, in primary-key order.

    SQLite has one writer at a time (transactions are IMMEDIATE), so there the load alone is enough.
    """
    ordered = rows.order_by("pk")
    if connection.features.has_select_for_update:
        ordered = ordered.select_for_update(of=("self",))
    return list(ordered)


def lock_one(rows: QuerySet[Row], *, noun: str) -> Row:
    """Load and hold exactly one row.

    Raises:
        NotFound: there is none.
    """
    found = lock(rows)
    if len(found) != 1:
        raise NotFound(_("This {noun} does not exist.").format(noun=noun_name(noun)), noun=noun)
    return found[0]


def hold(name: str, key: int) -> None:
    """Let only one transaction at a time do a named thing to one key, where no single row could be locked for it.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        number = zlib.crc32(name.encode()) - 2**31
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [number, key % 2**31])
