"""The texts of the interface: `python tools/messages.py update` collects them, `compile` makes them ready to use.

`update` reads every Python file and template and brings each `src/milkrun/locale/*/LC_MESSAGES/django.po`
up to date: new texts are added without a translation, texts that are gone are dropped, and nothing is guessed.
`compile` writes the `.mo` files that Django reads; set-up calls it. `missing` lists what has no translation yet.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "milkrun"
LOCALE = SOURCE / "locale"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "N_": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Do what was asked for every language."""
    actions = {"update": update, "compile": compile_catalog, "missing": missing}
    if len(arguments) != 1 or arguments[0] not in actions:
        print("usage: python tools/messages.py update|compile|missing", file=sys.stderr)
        return 2
    return max((actions[arguments[0]](path) for path in catalogs()), default=0)


def catalogs() -> list[Path]:
    """List the catalogues, one for each language beside English."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def texts() -> Catalog:
    """Collect every text of the product, with where it stands."""
    template = Catalog(charset="utf-8")
    for place, line, text, comments, context in sorted(_found(), key=lambda found: (found[0], found[1])):
        template.add(text, locations=[(place, line)], auto_comments=comments, context=context)
    return template


def _found() -> Iterator[tuple[str, int, object, list[str], str | None]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _in(path, "python", path.read_bytes())
    from django.utils.translation.template import templatize

    for path in sorted(SOURCE.rglob("templates/**/*.*")):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield from _in(path, "javascript", code.encode())


def _in(path: Path, language: str, code: bytes) -> Iterator[tuple[str, int, object, list[str], str | None]]:
    place = str(path.relative_to(ROOT))
    for line, text, comments, context in extract(language, io.BytesIO(code), keywords=KEYWORDS):
        yield place, line, text, comments, context


def load(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def update(path: Path) -> int:
    """Bring a catalogue up to date with the texts of the product."""
    catalog = load(path)
    catalog.update(texts(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
    return 0


def compile_catalog(path: Path) -> int:
    """Write the compiled catalogue beside the readable one."""
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, load(path))
    return 0


def untranslated(path: Path) -> list[Message]:
    """List the texts of the product that a catalogue does not translate."""
    catalog = load(path)
    known = {(message.id, message.context): message for message in catalog if message.id}
    return [text for text in texts() if text.id and not _whole(known.get((text.id, text.context)))]


def _whole(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(forms)


def missing(path: Path) -> int:
    """Print what a catalogue lacks."""
    lacking = untranslated(path)
    for message in lacking:
        print(f"{path.parts[-3]}: {message.id!r} ({message.locations[0][0] if message.locations else ''})")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
