"""Ways past the product into the raw tables, for tests that must see the damage found."""

from typing import Any

from django.db import connection


def strip(*tables: str) -> None:
    """Take every trigger, check, key and index off some tables, inside the caller's transaction."""
    with connection.cursor() as cursor:
        for table in tables:
            if connection.vendor == "sqlite":
                cursor.execute(f"CREATE TABLE stripped AS SELECT * FROM {table}")
                cursor.execute(f"DROP TABLE {table}")
                cursor.execute(f"ALTER TABLE stripped RENAME TO {table}")
                # Other tables refer to it by its key.
                cursor.execute(f"CREATE UNIQUE INDEX {table}_key ON {table} (id)")
            else:
                _strip_on_postgresql(cursor, table)


def _strip_on_postgresql(cursor: Any, table: str) -> None:
    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u', 'f')", [table]
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = %s::regclass AND NOT i.indisprimary",
        [table],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")


def run(statement: str, *values: Any) -> None:
    """Run one raw statement, and see that it hit something."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values) or None)
        assert cursor.rowcount > 0, f"no row: {statement}"


def one(statement: str) -> Any:
    """Read one value."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def copy_row(table: str, where: str, **other: str) -> None:
    """Write a row a second time, with SQL expressions for the columns that differ; its id is a free one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE 1 = 0")
        columns = [column[0] for column in cursor.description]
    values = {"id": f"(SELECT MAX(id) + 1000 FROM {table})", **other}
    listed = ", ".join(f'"{column}"' for column in columns)
    chosen = ", ".join(values.get(column, f'"{column}"') for column in columns)
    run(f"INSERT INTO {table} ({listed}) SELECT {chosen} FROM {table} WHERE id = ({where})")
