"""The files of a finished analysis, by name."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from milkrun.engine.report.itemlist import disarmed, items_csv
from milkrun.engine.report.page import page
from milkrun.engine.tables.kept import kept

if TYPE_CHECKING:
    from milkrun.engine.analyse import Analysis


def written(analysis: Analysis) -> dict[str, bytes]:
    """Return what is handed out: the page, everything as JSON, the items and the refused rows as CSV, the mapping."""
    whole = {**analysis.report, "item_rows": analysis.items}
    texts = {
        "report.html": page(analysis.report, analysis.items),
        "report.json": json.dumps(whole, ensure_ascii=False, indent=1) + "\n",
        "items.csv": items_csv(analysis.items),
        "refused.csv": refused_csv(analysis),
        "mapping.json": json.dumps(kept(analysis.book.tables), ensure_ascii=False, indent=1) + "\n",
    }
    return {name: text.encode("utf-8") for name, text in texts.items()}


def refused_csv(analysis: Analysis) -> str:
    """Return every value that refused its row: file, line, column, value, reason."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(("file", "line", "column", "value", "reason"))
    for table in analysis.book.tables:
        for one in table.refused:
            writer.writerow(map(disarmed, (table.name, one.line, one.column, one.value, one.reason)))
    return made.getvalue()
