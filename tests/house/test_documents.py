"""The documents name everything a user can meet, and their links lead somewhere."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from milkrun.kernel.errors import Refusal
from tests.house.source import ROOT, Module, command_modules, dotted, modules, parse, tracked

LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
HEADING = re.compile(r"^#+\s+(.*?)\s*$", re.MULTILINE)


def reference(name: str) -> str:
    """Return the text of a page of the reference, empty where it does not exist."""
    page = ROOT / "docs" / "reference" / name
    return page.read_text(encoding="utf-8") if page.exists() else ""


def refusals() -> set[tuple[str, int]]:
    """Return code and HTTP status of every refusal that the product defines."""
    for path in [*(ROOT / "src/milkrun").glob("*/errors.py"), ROOT / "src/milkrun/api/problems.py"]:
        importlib.import_module(f"milkrun.{path.parent.name}.{path.stem}")
    found, waiting = set(), [Refusal]
    while waiting:
        kind = waiting.pop()
        found.add((kind.code, kind.status))
        waiting += [subclass for subclass in kind.__subclasses__() if subclass.__module__.startswith("milkrun.")]
    return found


def settings_fields(module: Module) -> Iterator[str]:
    """Yield the name of every environment variable the settings read."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and "BaseSettings" in {dotted(parent) for parent in node.bases}:
            yield from (
                line.target.id.upper()
                for line in node.body
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            )


def slug(heading: str) -> str:
    """Return the anchor a heading gets."""
    return re.sub(r"[\s]+", "-", re.sub(r"[^\w\s-]", "", heading.replace("`", "")).strip().lower())


def broken_links(page: Path, text: str) -> Iterator[str]:
    """Yield every relative link of a page that leads to no file or no heading."""
    for found in LINK.finditer(CODE_BLOCK.sub("", text)):
        target, _, anchor = (found.group(1) or found.group(2)).partition("#")
        if re.match(r"[a-z]+:|/", target):
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists():
            yield f"{page.name}: {target} does not exist"
        elif anchor and file.suffix == ".md":
            anchors = {slug(heading) for heading in HEADING.findall(file.read_text(encoding="utf-8"))}
            if anchor not in anchors:
                yield f"{page.name}: {target}#{anchor} is no heading there"


def test_every_error_code_has_a_paragraph_with_its_status() -> None:
    page = reference("errors.md")

    missing = sorted(
        f"| `{code}` | {status} |" for code, status in refusals() if f"| `{code}` | {status} |" not in page
    )

    assert not missing, "docs/reference/errors.md lacks a row that begins with:\n" + "\n".join(missing)


def test_no_error_code_is_documented_that_nobody_raises() -> None:
    codes = set(re.findall(r"^\| `(\w+)` \| \d", reference("errors.md"), re.MULTILINE))

    assert codes <= {code for code, _ in refusals()}


def test_every_setting_is_documented() -> None:
    names = [name for module in modules("src/milkrun/config/") for name in settings_fields(module)]

    missing = [name for name in names if f"`{name}`" not in reference("settings.md")]

    assert names
    assert not missing, f"docs/reference/settings.md says nothing about {missing}"


def test_every_verb_of_the_command_line_is_documented() -> None:
    from milkrun.cli.main import VERBS

    missing = [verb for verb in VERBS if f"milkrun {verb}" not in reference("cli.md")]

    assert not missing, f"docs/reference/cli.md says nothing about {missing}"


def test_every_command_is_named_by_a_test() -> None:
    tests = "\n".join(module.text for module in modules("tests/") if not module.path.startswith("tests/house/"))

    named = set(re.findall(r"\w+", tests))
    unnamed = [module.path for module in command_modules() if Path(module.path).stem not in named]

    assert not unnamed, f"no test names the commands {unnamed}"


def test_every_link_of_the_documents_leads_somewhere() -> None:
    pages = [ROOT / name for name in tracked() if name.endswith(".md")]

    broken = [link for page in pages for link in broken_links(page, page.read_text(encoding="utf-8"))]

    assert not broken, "\n".join(broken)


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One heading\n[gone](gone.md) [here](#one-heading) [not here](#two) `[code](x.md)`")

    broken = list(broken_links(page, page.read_text()))

    assert broken == ["page.md: gone.md does not exist", "page.md: #two is no heading there"]


def test_settings_are_found_in_the_source() -> None:
    module = parse("x.py", "class Other:\n    no: int = 1\nclass E(BaseSettings):\n    port: int = 1")

    assert list(settings_fields(module)) == ["PORT"]
