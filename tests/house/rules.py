"""The house's rules for Python files. A rule takes a parsed module and yields a sentence for each offence.

Each rule stands in RULES; `test_rules.py` runs them over the project and shows for each that it bites.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from tests.house.source import APPS, DOORS, PACKAGE, PURE, Module, dotted, imported_names

Rule = Callable[[Module], Iterator[str]]

VAGUE = {"util", "utils", "helper", "helpers", "common", "base", "misc", "service", "services", "manager", "managers"}
APP_FILES = {"__init__.py", "apps.py", "models.py", "states.py", "steps.py", "queries.py", "errors.py", "admin.py"}
APP_FOLDERS = {"commands", "steps", "queries", "migrations"}
CLOCK = re.compile(
    r"(^|\.)(datetime|date|dt)\.(now|utcnow|today)$|(^|\.)timezone\.(now|localtime|localdate)$|^time\.(time|time_ns|localtime|gmtime)$"
)
CLOCK_IMPORTS = {"time.time", "time.time_ns", "django.utils.timezone.now", "django.db.models.functions.Now"}
WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create", "acreate"}
# The worker takes its work, a door notes that it was used: they decide nothing, so the journal does not tell of them.
NOBODYS_DECISION = {
    "claim_outbox", "claim_print_jobs",
    "note_arrivals", "note_token_use", "claim_events", "record_events", "record_event_sent", "note_sync",
    "forget_old_events",
}  # fmt: skip
LEDGER_ROWS = {"Movement", "Posting"}
WEB_OF_DJANGO = ("django.http", "django.shortcuts", "django.template", "django.views", "django.urls", "ninja")


def states_move_in_the_machine(module: Module) -> Iterator[str]:
    """Only `kernel.machine` gives a row another state; a new row may be born with one."""
    if module.place == "machine.py" or module.is_migration or not module.path.startswith(PACKAGE):
        return
    for node in ast.walk(module.tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
            yield f"{module.path}:{node.lineno}: assigns a state; use kernel.machine.move"
        if isinstance(node, ast.Call) and _sets_state(node):
            yield f"{module.path}:{node.lineno}: writes a state past the machine; use kernel.machine.move"


def _sets_state(call: ast.Call) -> bool:
    name = dotted(call.func).rpartition(".")[2]
    constants = {node.value for argument in call.args for node in ast.walk(argument) if isinstance(node, ast.Constant)}
    by_keyword = name in {"update", "aupdate"} and any(keyword.arg == "state" for keyword in call.keywords)
    return by_keyword or (name in {"setattr", "bulk_update"} and "state" in constants)


def no_save_override(module: Module) -> Iterator[str]:
    """A row has no verbs: what happens when it is written is said in the command that writes it."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete", "full_clean"}:
                    yield f"{module.path}:{method.lineno}: {node.name} overrides {method.name}(); say it in a command"


def no_signals(module: Module) -> Iterator[str]:
    """Nothing happens behind the reader's back."""
    for line, name in imported_names(module.tree):
        if re.match(r"django\.(dispatch|.*\bsignals)\b", name):
            yield f"{module.path}:{line}: uses Django's signals; call a step instead"


def no_clock_below_the_doors(module: Module) -> Iterator[str]:
    """The door reads the clock once and hands the instant down, so that everything below can be replayed."""
    if module.folder not in APPS | PURE | {"kernel"}:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and CLOCK.search(dotted(node)):
            yield f"{module.path}:{node.lineno}: reads the clock ({dotted(node)}); take `at` from the caller"
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield f"{module.path}:{node.value.lineno}: {node.arg} reads the clock; take `at` from the caller"
    for line, name in imported_names(module.tree):
        if name in CLOCK_IMPORTS:
            yield f"{module.path}:{line}: imports the clock ({name}); take `at` from the caller"


def one_writer_of_the_ledger(module: Module) -> Iterator[str]:
    """Movements and their heads are written by the posting step of stock alone; tests may try to cheat."""
    if module.is_migration or not module.path.startswith(PACKAGE):
        return
    if module.folder == "stock" and module.place.startswith("steps"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _writes_ledger(dotted(node.func)):
            yield f"{module.path}:{node.lineno}: writes the ledger; call the posting step of stock"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and LEDGER_SQL.search(node.value):
            yield f"{module.path}:{node.lineno}: writes the ledger in SQL; call the posting step of stock"


LEDGER_SQL = re.compile(r"\b(insert\s+into|update|delete\s+from|copy)\s+\"?stock_(movement|posting)\b", re.IGNORECASE)


def _writes_ledger(name: str) -> bool:
    parts = name.split(".")
    if parts[-1] in LEDGER_ROWS:
        return True
    return bool(LEDGER_ROWS & set(parts)) and parts[-1] in WRITES


def no_vague_file_names(module: Module) -> Iterator[str]:
    """A file is named after its noun; a drawer for everything fills up."""
    path = PurePosixPath(module.path)
    for name in [path.stem, *path.parent.parts]:
        if name in VAGUE:
            yield f"{module.path}: {name!r} says nothing; name the file after what is in it"


def apps_have_known_files(module: Module) -> Iterator[str]:
    """Every domain app has the same few files, so that nobody has to search."""
    if module.folder not in APPS:
        return
    first, _, rest = module.place.partition("/")
    if (not rest and first not in APP_FILES) or (rest and first not in APP_FOLDERS):
        yield f"{module.path}: a domain app has only {', '.join(sorted(APP_FILES | APP_FOLDERS))}"


def quantities_are_exact(module: Module) -> Iterator[str]:
    """No binary fraction and no DecimalField where goods and money are counted."""
    if module.folder not in APPS | {"measure", "kernel"}:
        return
    for node in ast.walk(module.tree):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in {"float", "FloatField", "DecimalField"}:
            yield f"{module.path}:{node.lineno}: {name}; quantities and money are exact integers"
        # The kernel waits for fractions of a second, so its literals are left alone.
        if module.folder != "kernel" and isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{module.path}:{node.lineno}: the float {node.value}; quantities and money are exact integers"


def a_command_is_one_function(module: Module) -> Iterator[str]:
    """`ls commands/` is what an app can do: a module, a public function of its name, keywords only, one transaction."""
    path = PurePosixPath(module.path)
    if module.folder not in APPS or path.parent.name != "commands" or path.name == "__init__.py":
        return
    public = [n for n in module.tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
    if [function.name for function in public] != [path.stem]:
        yield f"{module.path}: a command module has exactly one public function, named {path.stem}"
        return
    function = public[0]
    if function.args.args or function.args.posonlyargs:
        yield f"{module.path}:{function.lineno}: a command takes keyword arguments only"
    wanted = {"at"} if path.stem in NOBODYS_DECISION else {"actor", "at"}
    if not wanted <= {argument.arg for argument in function.args.kwonlyargs}:
        yield f"{module.path}:{function.lineno}: a command takes `actor` and `at`"
    if "command" not in {dotted(decorator).rpartition(".")[2] for decorator in function.decorator_list}:
        yield f"{module.path}:{function.lineno}: a command is decorated with kernel.command.command"


def doors_use_commands_and_queries(module: Module) -> Iterator[str]:
    """A door knows what an app can do and tell, not how its rows look."""
    if module.folder not in DOORS:
        return
    for line, name in imported_names(module.tree):
        parts = name.split(".")
        if parts[0] == "milkrun" and len(parts) > 2 and parts[1] in APPS and parts[2] in {"models", "steps", "states"}:
            yield f"{module.path}:{line}: a door imports {name}; use the app's commands and queries"


def doors_open_no_transactions(module: Module) -> Iterator[str]:
    """A command is the transaction; a door that opens one would nest them."""
    if module.folder not in DOORS:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and dotted(node).endswith("transaction.atomic"):
            yield f"{module.path}:{node.lineno}: a door opens a transaction; that is the command's business"


def the_domain_does_not_know_the_web(module: Module) -> Iterator[str]:
    """Requests, templates and URLs end at the door."""
    if module.folder not in APPS | {"kernel"} or module.place == "admin.py":
        return
    for line, name in imported_names(module.tree):
        if name.startswith(tuple(f"{prefix}." for prefix in WEB_OF_DJANGO)):
            yield f"{module.path}:{line}: imports {name}; that belongs into a door"


def queries_never_write(module: Module) -> Iterator[str]:
    """A read is safe to repeat."""
    if module.folder not in APPS or not module.place.startswith("queries"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = dotted(node.func)
            if node.func.attr in (WRITES - {"update"}) | {"save", "select_for_update"} or re.search(
                r"objects\b.*\.update$", name
            ):
                yield f"{module.path}:{node.lineno}: a query calls {name}(); writing and locking is for commands"


def lists_page_by_key(module: Module) -> Iterator[str]:
    """OFFSET reads and throws away everything before the page: lists go on from the last key instead."""
    for line, name in imported_names(module.tree):
        if name.startswith("django.core.paginator"):
            yield f"{module.path}:{line}: pages with OFFSET and count(*); go on from the last key"


def migrations_say_what_they_do(module: Module) -> Iterator[str]:
    """A migration is named after its one concern."""
    name = PurePosixPath(module.path).stem
    if module.is_migration and name != "__init__" and ("_auto_" in name or not re.fullmatch(r"\d{4}_[a-z0-9_]+", name)):
        yield f"{module.path}: name the migration after what it does"


def refusals_speak_every_language(module: Module) -> Iterator[str]:
    """Whoever is refused reads why in his own language: the sentence is a template that gettext knows."""
    if module.folder not in (APPS | DOORS | {"kernel"}) - {"demo", "cli"} or module.is_migration:
        return
    for sentence in _said_to_people(module.tree):
        for node in _outside_of_gettext(sentence):
            if isinstance(node, ast.JoinedStr) or (isinstance(node.value, str) and " " in node.value.strip()):
                yield f"{module.path}:{node.lineno}: a refusal past gettext; write _('... {{name}}').format(name=...)"


GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "npgettext"}


def _said_to_people(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = dotted(node.exc.func).rpartition(".")[2]
            if not name.endswith(("Error", "Configured")):
                yield from node.exc.args[:1]
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "Problem":
            yield from node.args[1:2]
        if isinstance(node, ast.Call) and dotted(node.func).endswith(".refuse"):
            yield from node.args[2:3]


def _outside_of_gettext(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    if isinstance(node, ast.Call) and dotted(node.func) in GETTEXT:
        return
    if isinstance(node, ast.Call):  # `_("...").format(...)`, `" ".join(...)`: facts are no sentence
        if isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            for argument in node.args:
                yield from _outside_of_gettext(argument)
        elif isinstance(node.func, ast.Attribute):
            yield from _outside_of_gettext(node.func.value)
        return
    if isinstance(node, ast.Constant | ast.JoinedStr):
        yield node
        return
    if isinstance(node, ast.Subscript | ast.Compare):
        return
    for child in ast.iter_child_nodes(node):
        yield from _outside_of_gettext(child)


def tests_do_not_sleep_or_mock(module: Module) -> Iterator[str]:
    """A test waits on a condition with a deadline, and plays the product itself, not an imitation of it."""
    if not module.path.startswith("tests/") or module.path == "tests/waiting.py":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and dotted(node.func) in {"time.sleep", "sleep"}:
            yield f"{module.path}:{node.lineno}: sleeps; use tests.waiting.until"
    for line, name in imported_names(module.tree):
        if name.startswith(("unittest.mock", "mock.")):
            yield f"{module.path}:{line}: mocks; fake only the clock and the transports"


RULES: list[Rule] = [
    states_move_in_the_machine,
    no_save_override,
    no_signals,
    no_clock_below_the_doors,
    one_writer_of_the_ledger,
    no_vague_file_names,
    apps_have_known_files,
    quantities_are_exact,
    a_command_is_one_function,
    doors_use_commands_and_queries,
    doors_open_no_transactions,
    the_domain_does_not_know_the_web,
    queries_never_write,
    lists_page_by_key,
    migrations_say_what_they_do,
    refusals_speak_every_language,
    tests_do_not_sleep_or_mock,
]
