"""The answers of an analysis: a page that needs nothing else, a table of items, and a summary for the terminal."""

from milkrun.engine.report.itemlist import items_csv
from milkrun.engine.report.page import page
from milkrun.engine.report.summary import summary
from milkrun.engine.report.written import written

__all__ = ["items_csv", "page", "summary", "written"]
