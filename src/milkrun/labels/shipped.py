"""The templates that come with the product, as data in `templates/`: copies of them are what customers change."""

import json
from functools import lru_cache
from importlib import resources

from milkrun.labels.layout import Layout, layout_from


def shipped_names() -> tuple[str, ...]:
    """List the names of the templates that come with the product."""
    folder = resources.files("milkrun.labels") / "templates"
    return tuple(sorted(file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json")))


@lru_cache(maxsize=32)
def shipped(name: str) -> Layout:
    """Return a template that comes with the product.

    Raises:
        KeyError: there is none of this name.
    """
    if name not in shipped_names():
        raise KeyError(name)
    text = (resources.files("milkrun.labels") / "templates" / f"{name}.json").read_text(encoding="utf-8")
    return layout_from(json.loads(text))
