"""Bugs that others have had, planted one at a time into a copy of the tree; the named tests must see each of them.

A bug is a few exact replacements. Where the code has changed so that a replacement no longer fits, planting fails
loudly, and the bug is written anew.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
COPIED = ("src", "tests", "tools", "pyproject.toml", "docs")


@dataclass(frozen=True)
class Bug:
    """A bug: its name, the replacements (file, old, new) that plant it, and the tests that must fail."""

    name: str
    edits: tuple[tuple[str, str, str], ...]
    tests: tuple[str, ...]
    postgres: bool = False


MACHINE, LOCK = "src/milkrun/kernel/machine.py", "src/milkrun/kernel/lock.py"
NO_SWAP = (
    (MACHINE, "filter(pk__in=keys, state=before)", "filter(pk__in=keys)"),
    (MACHINE, "if changed != len(keys):", "if changed < 0:"),
)
NO_LOCK = ((LOCK, "if connection.features.has_select_for_update:", "if False:"),)
BUGS = (
    Bug(
        "a state is set without looking whether it is still the one that was seen",
        NO_SWAP,
        ("tests/kernel/test_machine.py",),
    ),
    Bug("two hands may pick one box", NO_SWAP + NO_LOCK, ("tests/races/test_picking.py",), postgres=True),
    Bug("rows are not held while a document is posted", NO_LOCK, ("tests/races/test_documents.py",), postgres=True),
    Bug(
        "the result of a request is not kept",
        (("src/milkrun/kernel/command.py", "_remember(request, result_type", "str(request) or (result_type"),),
        ("tests/kernel/test_once.py",),
    ),
    Bug(
        "a command is not one transaction",
        (
            ("src/milkrun/kernel/command.py", "        with transaction.atomic(durable=True):\n", "        if True:\n"),
            ("src/milkrun/kernel/command.py", "        with transaction.atomic(durable=True):\n", "        if True:\n"),
        ),
        ("tests/faults/test_every_statement_fails.py",),
    ),
    Bug(
        "a reservation is not posted with its goods",
        (("src/milkrun/stock/steps/ledger.py", "    if not keys:\n", "    if keys or not keys:\n"),),
        ("tests/stateful",),
    ),
    Bug(
        "goods that come back are not reserved again",
        (("src/milkrun/shipping/commands/reverse_goods_issue.py", "    _reserve_again(issued, at)\n", ""),),
        ("tests/stateful",),
    ),
    Bug(
        "a file is noted as sent before it is sent",
        (
            (
                "src/milkrun/gateway/send.py",
                "            deliver(parcel, home)\n",
                "            record_sent(outbox_id=parcel.outbox_id, lease=parcel.lease, actor=actor, at=at)\n"
                "            deliver(parcel, home)\n            sent += 1\n            continue\n",
            ),
        ),
        ("tests/faults/test_worker_killed.py",),
    ),
    Bug(
        "numbers are taken outside of the transaction",
        (
            (
                "src/milkrun/kernel/numbering.py",
                "    return last - count + 1",
                "    return next(vars(take).setdefault('numbers', iter(range(1, 10**9))))",
            ),
        ),
        ("tests/kernel/test_numbering.py",),
    ),
    Bug(
        "nesting is checked without holding anything",
        (
            ("src/milkrun/stock/steps/handling_units.py", '    hold("nest", site_id)\n', ""),
            ("src/milkrun/stock/steps/handling_units.py", "in lock(HandlingUnit", "in list(HandlingUnit"),
        ),
        ("tests/races/test_stock.py::test_boxes_nested_into_each_other_at_once_stay_a_forest",),
        postgres=True,
    ),
    Bug(
        "a lease is not respected",
        (("src/milkrun/exchange/commands/claim_outbox.py", "row.leased_until and row.leased_until > at", "False"),),
        ("tests/exchange/test_claim_outbox.py",),
    ),
    Bug(
        "a failed first transmission blocks the resend",
        (
            (
                "src/milkrun/exchange/commands/store_interchange.py",
                'if known is not None and (known.state in ("stored", "processed") or state != "stored"):',
                "if known is not None:",
            ),
        ),
        ("tests/gateway/test_sent_again.py",),
    ),
    Bug(
        "a movement may be deleted",
        (("src/milkrun/kernel/append_only.py", 'for event in ("update", "delete")\n', 'for event in ("update",)\n'),),
        ("tests/kernel/test_append_only.py",),
    ),
    Bug(
        "the database lets more be reserved than there is",
        (
            (
                "src/milkrun/stock/migrations/0020_whole.py",
                "('reserved__lte', models.F('on_hand'))",
                "('reserved__gte', 0)",
            ),
        ),
        ("tests/kernel/test_append_only.py",),
    ),
    Bug(
        "what does not fit is rounded away",
        (("src/milkrun/measure/quantity.py", "if micro != micro.to_integral_value():", "if False:"),),
        ("tests/measure/test_exactness.py",),
    ),
    Bug(
        "an unknown unit counts as pieces",
        (
            (
                "src/milkrun/demand/steps/matching.py",
                'return Match(part.pk, None, None, str(problem), "unit_not_convertible")',
                "base_qty = qty",
            ),
        ),
        ("tests/gateway/test_bad_input.py",),
    ),
)


def plant(bug: Bug, folder: Path) -> None:
    """Copy the tree into a folder and plant the bug there."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    # The house's rules list the project's files by git.
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    for path, old, new in bug.edits:
        text = (folder / path).read_text(encoding="utf-8")
        assert old in text, f"{bug.name}: {path} has changed, write the bug anew"
        (folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")


def hunt(bug: Bug, folder: Path) -> tuple[bool, str]:
    """Run the named tests on the copy; tells whether they saw the bug, and the end of what they said."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *bug.tests]
    if bug.postgres:
        command = [sys.executable, str(ROOT / "tools" / "postgres.py"), "--", *command]
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "MILKRUN_HOME") and not name.startswith("PYTEST_")
    }
    environment["PYTHONPATH"] = str(folder / "src")
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    # Exit code 1 means that tests failed; every other one, that they could not run.
    return done.returncode == 1, (done.stdout + done.stderr)[-1500:]
