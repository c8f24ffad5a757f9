"""What an installation adds to the product without changing it: named points, filled once at the start.

A plug-in is a Python file or an installed package with a function `register(points)`. The setting MILKRUN_PLUGINS names
files and modules, separated by commas; packages may also offer the function as an entry point of `milkrun.plugins`.
A plug-in that cannot be loaded stops the start with a sentence: a figure that is silently missing is worse.
"""

import functools
import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

GROUP = "milkrun.plugins"


@dataclass
class Points:
    """Where plug-ins add something.

    Args:
        metrics: figures that alert rules can watch (`insight.queries.metrics.metric.Metric`).
        placeholders: what labels can show beside the built-in ones: name -> (meaning, sample, function of the
            other values).
        call_mappers: how DELJIT becomes calls, by the partner's code; called like `gateway.mappers.steps_of`.
        exports: further formats of `milkrun export`: name -> function from rows to lines of text.
    """

    metrics: list[Any] = field(default_factory=list)
    placeholders: dict[str, tuple[str, str, Callable[[Mapping[str, str]], str]]] = field(default_factory=dict)
    call_mappers: dict[str, Callable[..., Any]] = field(default_factory=dict)
    exports: dict[str, Callable[[Iterable[Mapping[str, object]]], Iterable[str]]] = field(default_factory=dict)


@functools.cache
def points() -> Points:
    """Load every plug-in once and return what they added.

    Raises:
        ImproperlyConfigured: a plug-in cannot be found or does not load.
    """
    return filled(settings.MILKRUN_PLUGINS)


def filled(names: Iterable[str]) -> Points:
    """Load the named plug-ins and those that installed packages offer.

    Raises:
        ImproperlyConfigured: one cannot be found or does not load.
    """
    found = Points()
    for name in names:
        _register(name, getattr(_module(name), "register", None), found)
    for entry in entry_points(group=GROUP):
        _register(entry.name, entry.load(), found)
    return found


def _register(name: str, register: Any, found: Points) -> None:
    if not callable(register):
        raise ImproperlyConfigured(f"Plug-in {name} has no function register(points).")
    try:
        register(found)
    except Exception as problem:
        raise ImproperlyConfigured(f"Plug-in {name} does not load: {type(problem).__name__}: {problem}.") from problem


def _module(name: str) -> ModuleType:
    path = Path(name)
    try:
        if path.suffix != ".py":
            return importlib.import_module(name)
        described = importlib.util.spec_from_file_location(f"milkrun_plugin_{path.stem}", path)
        if described is None or described.loader is None:
            raise ImportError(name)
        module = importlib.util.module_from_spec(described)
        described.loader.exec_module(module)
        return module
    except Exception as problem:
        raise ImproperlyConfigured(f"Plug-in {name} does not load: {type(problem).__name__}: {problem}.") from problem
