"""Let every writer of movements say, until it ends, above which number it writes; the feed stops below (PostgreSQL)."""

from typing import Any

from django.db import migrations

# A statement trigger runs before the statement takes its first number. The key is the feed's class (0x4D52) over the
# last number given out, so that all numbers of this transaction are above it.
_FUNCTION = """
CREATE OR REPLACE FUNCTION milkrun_mark_feed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE given_out bigint;
BEGIN
  SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO given_out FROM {sequence};
  PERFORM pg_advisory_xact_lock_shared((19794::bigint << 48) | given_out);
  RETURN NULL;
END $$
"""


def put(apps: Any, schema_editor: Any) -> None:
    """Make the function and its trigger."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence('stock_movement', 'id')")
        sequence = cursor.fetchone()[0]
    schema_editor.execute(_FUNCTION.format(sequence=sequence), params=None)
    schema_editor.execute(
        "CREATE TRIGGER stock_movement_mark_feed BEFORE INSERT ON stock_movement "
        "FOR EACH STATEMENT EXECUTE FUNCTION milkrun_mark_feed()",
        params=None,
    )


def take(apps: Any, schema_editor: Any) -> None:
    """Take them away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER IF EXISTS stock_movement_mark_feed ON stock_movement", params=None)
        schema_editor.execute("DROP FUNCTION IF EXISTS milkrun_mark_feed()", params=None)


class Migration(migrations.Migration):
    dependencies = [("stock", "0002_append_only")]

    operations = [migrations.RunPython(put, take)]
