"""Write many rows at once: COPY on PostgreSQL, one prepared INSERT on SQLite, a plain INSERT where they are few.

Changing many is one statement on PostgreSQL and one prepared UPDATE on SQLite.

Rows are plain values in the order of the columns: integers, text, None; instants as `instant` gives them, JSON as text.
Keys are taken before, with `take_keys`, so that children can name their parents without a round trip.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

FEW = 20

Value = int | str | None


def take_keys(table: str, count: int) -> list[int]:
    """Take the keys of rows that will be written in this transaction.

    Args:
        table: a table of this project with an `id`.
        count: how many.
    """
    if count == 0:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # One writer at a time, and rows with keys of their own raise the counter too.
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last: int = cursor.fetchone()[0]
        return list(range(last + 1, last + 1 + count))


def instant(moment: datetime) -> str:
    """Write an instant as this database's rows have it."""
    return moment.isoformat() if connection.vendor == "postgresql" else str(_adapted(moment))


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """Write rows; the database's checks apply as to any other.

    Args:
        table: a table of this project.
        columns: names, in the order of the values.
        rows: the values.
    """
    if not rows:
        return
    named = ", ".join(f'"{column}"' for column in columns)
    one = "(" + ", ".join(["%s"] * len(columns)) + ")"
    with connection.cursor() as cursor:
        if len(rows) < FEW:
            many = ", ".join([one] * len(rows))
            cursor.execute(
                f'INSERT INTO "{table}" ({named}) VALUES {many}',  # noqa: S608 - names come from the code
                [value for row in rows for value in row],
            )
        elif connection.vendor == "postgresql":
            _copy(cursor, f'COPY "{table}" ({named}) FROM STDIN', rows, len(columns))
        else:
            cursor.executemany(f'INSERT INTO "{table}" ({named}) VALUES {one}', rows)  # noqa: S608


def update(table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Value]]) -> None:
    """Give rows new values by their key, each its own.

    Args:
        table: a table of this project with an `id`.
        columns: name -> PostgreSQL type ("text", "jsonb", "bigint"); the key is not among them.
        rows: the key, then the values in the order of the columns.
    """
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sets = ", ".join(f'"{name}" = v."{name}"' for name in columns)
            arrays = ", ".join(f"%s::{'text' if kind == 'jsonb' else kind}[]" for kind in columns.values())
            values = ", ".join(
                f'"{name}"::jsonb AS "{name}"' if kind == "jsonb" else f'"{name}"' for name, kind in columns.items()
            )
            named = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(
                f'UPDATE "{table}" t SET {sets} FROM (SELECT key, {values} '  # noqa: S608 - names come from the code
                f"FROM unnest(%s::bigint[], {arrays}) AS u (key, {named})) AS v WHERE t.id = v.key",
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            sets = ", ".join(f'"{name}" = %s' for name in columns)
            cursor.executemany(
                f'UPDATE "{table}" SET {sets} WHERE id = %s',  # noqa: S608 - names come from the code
                [(*row[1:], row[0]) for row in rows],
            )


def _copy(cursor: Any, statement: str, rows: Sequence[Sequence[Value]], width: int) -> None:
    text = copy_text(rows, width)

    def run(sql: str, _params: Any, _many: bool, _context: Any) -> None:
        with connection.wrap_database_errors, cursor.copy(sql) as stream:
            stream.write(text)

    # Whoever watches statements (a log, a test that lets each one fail) sees this one too.
    cursor._execute_with_wrappers(statement, None, many=False, executor=run)


def copy_text(rows: Sequence[Sequence[Value]], width: int) -> str:
    r"""Write rows in the text format of COPY.

    Escaping is looked for once in the whole text: tabs, line ends and backslashes that are more than the format's own
    must be in values, and then every value is escaped.

    Example:
        >>> copy_text([(1, "a", None), (2, "b\\c", "")], 3)
        '1\ta\t\\N\n2\tb\\\\c\t\n'
    """
    lines = ["\t".join([v if type(v) is str else "\\N" if v is None else str(v) for v in row]) for row in rows]
    text = "\n".join(lines) + "\n"
    nulls = text.count("\\N")
    own = (len(rows) * (width - 1), len(rows), sum(row.count(None) for row in rows) if nulls else 0, 0)
    if (text.count("\t"), text.count("\n"), text.count("\\"), text.count("\r")) == own:
        return text
    return "".join("\t".join([_escaped(value) for value in row]) + "\n" for row in rows)


def _escaped(value: Value) -> str:
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
