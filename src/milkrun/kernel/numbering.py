"""Document numbers without gaps: a counter row raised in the transaction that uses the number.

A database sequence would leave gaps at every rollback; this row is given back with the transaction.
"""

from django.db import connection

from milkrun.kernel.models import NumberFormat, Series

# kind -> (prefix, digits), unless a company writes them in its own way
FORMATS = {"delivery": ("D", 8), "invoice": ("R", 8), "job": ("J", 6), "run": ("R", 6), "wave": ("W", 6)}


def take(name: str, count: int = 1) -> int:
    """Take the next numbers of a series; call it late in a transaction, because it holds the row until commit.

    Args:
        name: the series ("delivery", "job:7").
        count: how many consecutive numbers.

    Returns:
        The first of them.
    """
    table = Series._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, last) VALUES (%s, %s) "  # noqa: S608 - a constant table name
            f"ON CONFLICT (name) DO UPDATE SET last = {table}.last + excluded.last RETURNING last",
            [name, count],
        )
        last: int = cursor.fetchone()[0]
    return last - count + 1


def written(kind: str, number: int) -> str:
    """Write a number of a kind ("delivery", "invoice", "job") as people here do."""
    prefix, digits = format_of(kind)
    return f"{prefix}{number:0{digits}d}"


def format_of(kind: str) -> tuple[str, int]:
    """Return (prefix, least digits) of a kind."""
    row = NumberFormat.objects.filter(pk=kind).first()
    return (row.prefix, row.digits) if row else FORMATS[kind]


def keep_format(kind: str, prefix: str, digits: int) -> None:
    """Write numbers of a kind in another way from now on; a step of the command that decides it."""
    NumberFormat.objects.update_or_create(kind=kind, defaults={"prefix": prefix, "digits": digits})
