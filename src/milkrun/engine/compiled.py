"""Compiled loops: compiled once, kept on disk, the same bytes on every machine of a kind.

numba keeps its result beside the source file, or in the user's cache folder where the installation may not be written
(`NUMBA_CACHE_DIR` names another place). Where nothing may be written, each process compiles anew: slower, never wrong.
Arithmetic is not reordered (no fast math), so a loop gives the digits that plain Python gives.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function of arrays and numbers; it lets go of the interpreter's lock while it runs."""
    try:
        kept: Callable[_P, _R] = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # numba found no place that it may write to
        kept = njit(nogil=True, error_model="numpy")(function)
    return kept
