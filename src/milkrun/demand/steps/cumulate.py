"""Keep the cumulative quantity that customer and supplier compare."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection


def cumulate(shipped: Mapping[int, int], *, site_id: int, ship_to_id: int, at: datetime) -> None:
    """Add shipped quantities (micro-units by part, negative for a reversal) to the open eras, opening missing ones."""
    added = [(part, micro) for part, micro in sorted(shipped.items()) if micro > 0]
    taken = [(part, micro) for part, micro in sorted(shipped.items()) if micro < 0]
    # As the model's field writes it, so that the start of an era compares with the times of postings.
    start = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        if added:
            rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(added))
            cursor.execute(
                "INSERT INTO demand_cumulative (site_id, ship_to_id, part_id, started_at, shipped_qty) "  # noqa: S608
                f"VALUES {rows} ON CONFLICT (site_id, ship_to_id, part_id) WHERE ended_at IS NULL "
                "DO UPDATE SET shipped_qty = demand_cumulative.shipped_qty + excluded.shipped_qty",
                [value for part, micro in added for value in (site_id, ship_to_id, part, start, micro)],
            )
        for part, micro in taken:
            cursor.execute(
                "UPDATE demand_cumulative SET shipped_qty = shipped_qty + %s "
                "WHERE site_id = %s AND ship_to_id = %s AND part_id = %s AND ended_at IS NULL",
                [micro, site_id, ship_to_id, part],
            )
