"""Tables from files: what a file holds is detected or asked for, and every row is accounted for."""

from milkrun.engine.tables.answers import Answers
from milkrun.engine.tables.faults import Undecided, Unreadable
from milkrun.engine.tables.intake import Table, take_in
from milkrun.engine.tables.opening import Limits, Source

__all__ = ["Answers", "Limits", "Source", "Table", "Undecided", "Unreadable", "take_in"]
