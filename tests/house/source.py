"""The project's own files as the house rules see them: parsed once, with the place each file has in the stack."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parent.parent.parent
PACKAGE = "src/milkrun/"

PURE = {"measure", "edi", "engine", "labels"}
APPS = {
    "partners", "parts", "stock", "exchange", "demand", "production", "purchasing", "shipping", "billing", "planning",
    "insight", "connections", "configuration", "printing",
}  # fmt: skip
DOORS = {"web", "api", "gateway", "jobs", "demo", "cli"}


@dataclass(frozen=True)
class Module:
    """One Python file: `path` is relative to the project, with forward slashes."""

    path: str
    tree: ast.Module
    text: str

    @property
    def folder(self) -> str:
        """The folder of `milkrun` the file is in ("stock", "web"), "" for files outside of the package."""
        parts = self.path.removeprefix(PACKAGE).split("/")
        return parts[0] if self.path.startswith(PACKAGE) and len(parts) > 1 else ""

    @property
    def place(self) -> str:
        """What follows the folder: "models.py", "commands/receive_jit_call.py"."""
        return self.path.removeprefix(f"{PACKAGE}{self.folder}/")

    @property
    def is_migration(self) -> bool:
        """Migrations are written once and then history: most rules leave them alone."""
        return "/migrations/" in self.path


def parse(path: str, text: str) -> Module:
    """Make a module from a path and its text, which need not exist on disk."""
    return Module(path, ast.parse(text), text)


@functools.cache
def tracked() -> tuple[str, ...]:
    """Name every file that is committed or about to be, relative to the project."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted(name for name in listed if (ROOT / name).is_file()))


@functools.cache
def modules(prefix: str = PACKAGE) -> tuple[Module, ...]:
    """Parse every Python file below a folder of the project."""
    names = [name for name in tracked() if name.startswith(prefix) and name.endswith(".py")]
    return tuple(parse(name, (ROOT / name).read_text(encoding="utf-8")) for name in names)


def texts() -> Iterator[tuple[str, str]]:
    """Yield path and text of every committed file that is text."""
    for name in tracked():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def imported_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and full dotted name of everything imported: `from a import b` gives `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module or ''}.{alias.name}") for alias in node.names)


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for such an expression, "" for any other; calls in between are passed over."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""


def command_modules() -> Iterator[Module]:
    """Yield the module of every command."""
    for module in modules():
        path = PurePosixPath(module.path)
        if module.folder in APPS and path.parent.name == "commands" and path.name != "__init__.py":
            yield module
