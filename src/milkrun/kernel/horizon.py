"""How far a feed may be read: up to where every number is either committed or will never be.

Numbers are given out before the commit, so on PostgreSQL a row with a lower number may appear after one with a higher
number was read; whoever asks for "all above the last one" loses it. Therefore each transaction that writes such rows
holds, until it ends, a shared advisory lock that says which number it started above (a trigger of the table sets it),
and a reader ends below the lowest number that is still under way. The order of reading matters: first the highest
number given out, then the locks, then the rows.

SQLite has one writer at a time, so there numbers appear in the order of their commits.
"""

from typing import Any

from django.db import connection, migrations

# The top 16 bits of the lock's key say which feed it is of; the rest is the number.
_FLOORS = (
    "SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) FROM pg_locks "
    "WHERE locktype = 'advisory' AND mode = 'ShareLock' AND objsubid = 1 AND (classid::bigint >> 16) = %s "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()"
)

# A statement trigger runs before the statement takes its first number, so all numbers of the transaction are above.
_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_mark_feed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE given_out bigint;
BEGIN
  -- Once a transaction is enough: its first mark is its lowest.
  IF COALESCE(current_setting('milkrun.marked_{table}', true), '') = '' THEN
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO given_out FROM {sequence};
    PERFORM pg_advisory_xact_lock_shared(({lock_class}::bigint << 48) | given_out);
    PERFORM set_config('milkrun.marked_{table}', '1', true);
  END IF;
  RETURN NULL;
END $$
"""


def horizon(table: str, lock_class: int) -> int:
    """Return the number up to which a feed may be read now."""
    with connection.cursor() as database:
        if connection.vendor != "postgresql":
            database.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
            last: int = database.fetchone()[0]
            return last
        database.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        database.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {database.fetchone()[0]}")  # noqa: S608
        given_out: int = database.fetchone()[0]
        database.execute(_FLOORS, [lock_class])
        floor: int | None = database.fetchone()[0]
    return given_out if floor is None else min(given_out, floor)


def mark_writers(table: str, lock_class: int) -> migrations.RunPython:
    """Make the migration step that lets writers of a table say above which number they write (PostgreSQL)."""

    def put(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            sequence = cursor.fetchone()[0]
        schema_editor.execute(_FUNCTION.format(table=table, sequence=sequence, lock_class=lock_class), params=None)
        schema_editor.execute(
            f"CREATE TRIGGER {table}_mark_feed BEFORE INSERT ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_mark_feed()",
            params=None,
        )

    def take(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_mark_feed ON {table}", params=None)
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_mark_feed()", params=None)

    return migrations.RunPython(put, take)
