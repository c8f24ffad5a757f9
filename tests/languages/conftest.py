"""The same small plant, with the same people at its doors, as for the pages."""

from tests.web.conftest import _own_words_are_read_once, door, planner, world

__all__ = ["_own_words_are_read_once", "door", "planner", "world"]
