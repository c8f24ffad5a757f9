"""Verbs start quickly, and end in one sentence where something is not as it must be."""

import sys

import pytest

from milkrun.cli.main import VERBS
from tests.cli.commandline import milkrun, spoken

LOADED = """
import sys
from milkrun.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(sorted(name for name in ("django", "pydantic", "psycopg", "asyncio") if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], *([verb, "--help"] for verb in VERBS)])
def test_help_does_not_load_django(arguments: list[str]) -> None:
    import subprocess

    run = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, timeout=60)

    assert run.stdout.startswith("usage: milkrun")
    assert run.stderr.strip() == "[]"


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and "Traceback" not in text


def test_a_setting_that_does_not_exist_stops_the_start_and_names_the_near_one(tmp_path) -> None:
    run = milkrun("check", MILKRUN_HOME=str(tmp_path), MILKRUN_ALOWED_HOSTS="plant.example")

    assert run.returncode == 2
    assert one_line(run.stderr)
    assert "milkrun: wrong_setting: Setting MILKRUN_ALOWED_HOSTS is not known." in run.stderr
    assert "MILKRUN_ALLOWED_HOSTS?" in run.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MILKRUN_WEB_THREADS", "many"),
        ("MILKRUN_GS1_PREFIX", "12"),
        ("MILKRUN_DEBUG", "perhaps"),
        ("DATABASE_URL", "oracle://here"),
    ],
)
def test_a_malformed_setting_stops_the_start_and_is_named(name: str, value: str, tmp_path) -> None:
    run = milkrun("worker", **{"MILKRUN_HOME": str(tmp_path), name: value})

    assert run.returncode == 2
    assert one_line(run.stderr)
    assert name in run.stderr


@pytest.mark.parametrize("verb", [["serve"], ["worker"], ["verify"], ["ingest", "-", "--partner", "OEM01"], ["check"]])
def test_a_database_that_is_not_migrated_says_what_to_run(verb: list[str], tmp_path) -> None:
    run = milkrun(*verb, MILKRUN_HOME=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path}/none.sqlite3")

    assert run.returncode == 2
    assert one_line(run.stderr)
    assert "milkrun: not_migrated:" in run.stderr
    assert run.stderr.endswith("Run: milkrun init\n")
    assert not (tmp_path / "none.sqlite3").exists()


def test_a_database_that_does_not_answer_is_said_so(tmp_path) -> None:
    run = milkrun("verify", MILKRUN_HOME=str(tmp_path), DATABASE_URL="postgres://nobody@127.0.0.1:1/none")

    assert run.returncode == 2
    assert one_line(run.stderr)
    assert "milkrun: database_unreachable:" in run.stderr


def test_init_makes_a_database_that_a_second_init_leaves_alone(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/new.sqlite3"

    first = milkrun("init", "--json", MILKRUN_HOME=str(tmp_path), DATABASE_URL=url)
    second = milkrun("init", "--json", MILKRUN_HOME=str(tmp_path), DATABASE_URL=url)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert spoken(first)["migrations_applied"] > 10
    assert spoken(second)["migrations_applied"] == 0


def test_a_taken_port_is_one_sentence(committed_db) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        run = milkrun("serve", "--port", str(taken.getsockname()[1]))

    assert run.returncode == 2
    assert one_line(run.stderr)
    assert "milkrun: port_in_use:" in run.stderr


@pytest.mark.parametrize(
    ("settings", "arguments", "code"),
    [
        ({"MILKRUN_ALLOWED_HOSTS": "*"}, [], "any_host"),
        ({"MILKRUN_DEBUG": "true"}, ["--host", "192.0.2.1"], "debug_open"),
    ],
)
def test_an_open_door_is_not_served(settings: dict[str, str], arguments: list[str], code: str, committed_db) -> None:
    run = milkrun("serve", "--port", "0", *arguments, **settings)

    assert run.returncode == 2
    assert one_line(run.stderr)
    assert f"milkrun: {code}:" in run.stderr
