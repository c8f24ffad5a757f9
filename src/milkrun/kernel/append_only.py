"""Triggers that keep a table append-only on both databases: no update, no delete, no truncate.

Permissions alone would not do, because the embedded database has none.
"""

from typing import Any

from django.db import migrations

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION milkrun_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append_only: rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def protect(*tables: str) -> migrations.RunPython:
    """Make the migration step that puts the triggers on these tables."""

    def put(apps: Any, schema_editor: Any) -> None:
        for statement in _statements(schema_editor.connection.vendor, tables):
            schema_editor.execute(statement, params=None)

    def take(apps: Any, schema_editor: Any) -> None:
        on = schema_editor.connection.vendor == "postgresql"
        for table in tables:
            for event in ("update", "delete") + (("truncate",) if on else ()):
                schema_editor.execute(
                    f"DROP TRIGGER IF EXISTS {table}_no_{event}" + (f" ON {table}" if on else ""), params=None
                )

    return migrations.RunPython(put, take)


def _statements(vendor: str, tables: tuple[str, ...]) -> list[str]:
    if vendor == "postgresql":
        return [_POSTGRESQL_FUNCTION] + [
            f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
            f"FOR EACH {'STATEMENT' if event == 'truncate' else 'ROW'} EXECUTE FUNCTION milkrun_refuse_change()"
            for table in tables
            for event in ("update", "delete", "truncate")
        ]
    return [
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'append_only: rows of {table} are never changed'); END"
        for table in tables
        for event in ("update", "delete")
    ]
