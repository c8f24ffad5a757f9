"""The texts of the interface: `python tools/messages.py update` collects them, `compile` makes them ready to use.

`update` reads every Python file and template, the state tables, the nouns beside each lock and the sentences of the
pure packages, and brings each `src/milkrun/locale/*/LC_MESSAGES/django.po` up to date: new texts are added without a
translation, texts that are gone are dropped, and nothing is guessed.
`compile` writes the `.mo` files that Django reads; set-up calls it. `missing` lists what has no translation yet.
"""

import ast
import functools
import io
import re
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
PURE = {"measure", "labels", "edi"}
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


@functools.cache
def texts() -> Catalog:
    """Collect every text of the product, with where it stands."""
    template = Catalog(charset="utf-8")
    for place, line, text, comments, context in sorted(_found(), key=lambda found: (found[0], found[1])):
        template.add(text, locations=[(place, line)], auto_comments=comments, context=context)  # type: ignore[arg-type]
    return template


def _found() -> Iterator[tuple[str, int, object, list[str], str | None]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _in(path, "python", path.read_bytes())
            yield from _names(path)
        if path.relative_to(SOURCE).parts[0] in PURE:
            yield from _sentences(path)
        if path.name.startswith("documents_"):
            yield from _paper_words(path)
    from django.utils.translation.template import templatize

    for path in sorted(SOURCE.rglob("templates/**/*.*")):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield from _in(path, "javascript", code.encode())


def _in(path: Path, language: str, code: bytes) -> Iterator[tuple[str, int, object, list[str], str | None]]:
    place = str(path.relative_to(ROOT))
    for line, text, comments, context in extract(language, io.BytesIO(code), keywords=KEYWORDS):
        yield place, line, text, comments, context


def _names(path: Path) -> Iterator[tuple[str, int, object, list[str], str | None]]:
    """Find what `kernel.spoken` looks up by name: states and moves in the state tables, nouns beside locks."""
    tree = ast.parse(path.read_bytes())
    place = str(path.relative_to(ROOT))
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "noun" and isinstance(node.value, ast.Constant):
            yield place, node.value.lineno, node.value.value, [], "noun"
        elif isinstance(node, ast.keyword) and node.arg == "facts" and isinstance(node.value, ast.Dict):
            keys = [key.value for key in node.value.keys if isinstance(key, ast.Constant)]
            told = [str(key) for key in keys if not str(key).endswith("_id")]
            yield from ((place, node.value.lineno, key.replace("_", " "), [], "fact") for key in told)
        elif isinstance(node, ast.Dict) and path.name == "states.py":
            yield from ((place, node.lineno, name, [], context) for name, context in _in_table(node))


def _sentences(path: Path) -> Iterator[tuple[str, int, object, list[str], str | None]]:
    """Find the sentences of the packages that know no gettext; `kernel.told` recognises them where people read them."""
    tree = ast.parse(path.read_bytes())
    place = str(path.relative_to(ROOT))
    parts = {
        id(part)
        for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node) if part is not node
    }  # fmt: skip
    plain = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)} | parts
    for node in ast.walk(tree):
        text = _template(node) if isinstance(node, ast.JoinedStr) else getattr(node, "value", None)
        fits = isinstance(text, str) and " " in text and text.endswith(".")
        if isinstance(node, ast.Constant | ast.JoinedStr) and fits and id(node) not in plain:
            yield place, node.lineno, text, [], None


def _paper_words(path: Path) -> Iterator[tuple[str, int, object, list[str], str | None]]:
    """Find the words of papers: titles, columns, names of facts; of "Tax {rate} %" the first word."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        text = node.value if isinstance(node, ast.Constant) else ""
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            text = str(node.values[0].value).strip()
        fits = isinstance(text, str) and re.fullmatch(r"(\d+(-\d+)? |\[ \] )?[A-Z].+[^. ]", text)
        if fits and text != "UNIT":
            yield str(path.relative_to(ROOT)), getattr(node, "lineno", 1), text, [], "paper"


def _template(text: ast.JoinedStr) -> str:
    """Write an f-string as a template: the places bear the last name of what stands in them."""
    said = ""
    for part in text.values:
        if isinstance(part, ast.FormattedValue):
            name = (re.findall(r"[a-z]\w*", ast.unparse(part.value)) or ["value"])[-1]
            said += "{" + (f"{name}{said.count('{')}" if "{" + name + "}" in said else name) + "}"
        elif isinstance(part, ast.Constant):
            said += str(part.value)
    return said


def _in_table(table: ast.Dict) -> Iterator[tuple[str, str]]:
    inner = any(isinstance(value, ast.Dict) for value in table.values)
    for key, value in zip(table.keys, table.values, strict=True):
        for found, context in ((key, "move" if inner else "state"), (value, "state")):
            if isinstance(found, ast.Constant) and isinstance(found.value, str):
                yield found.value.replace("_", " "), context


@functools.cache
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
