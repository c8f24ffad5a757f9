"""Document numbers without gaps: a counter row raised in the transaction that uses the number.

A database sequence would leave gaps at every rollback; this row is given back with the transaction.
"""

from django.db import connection

from milkrun.kernel.models import Series


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
