"""The verbs that act on a database, called as the program calls them but in this process: that is much faster."""

import csv
import io
import json
import sys
from collections.abc import Callable
from subprocess import CompletedProcess
from typing import Any

import pytest

from milkrun.cli.export import KINDS, safe_cell
from milkrun.cli.main import main
from tests.cli.commandline import spoken
from tests.conftest import ROOT

SAMPLES = ROOT / "tests" / "edi" / "samples"
Milkrun = Callable[..., CompletedProcess[str]]


@pytest.fixture
def milkrun(db: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Milkrun:
    """Run a verb on the small plant; `given` is what stdin says."""
    from tests.world import build_world

    build_world()

    def run(*arguments: str, given: str = "") -> CompletedProcess[str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        code = main(arguments)
        said = capsys.readouterr()
        return CompletedProcess(arguments, code, said.out, said.err)

    return run


@pytest.fixture
def deployed(settings: Any) -> Any:
    """Settings as a real installation has them."""
    settings.MILKRUN_GS1_PREFIX = "4098765"
    settings.ALLOWED_HOSTS = ["milkrun.plant.example"]
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(
        update={"milkrun_https": True, "milkrun_sqlite_synchronous": "FULL"}
    )
    return settings


def test_a_good_file_is_taken_in_and_a_copy_changes_nothing(milkrun: Milkrun) -> None:
    file = str(SAMPLES / "deljit_jis_two_vehicles.edi")

    first = milkrun("ingest", file, "--partner", "OEM01", "--json")
    again = milkrun("ingest", file, "--partner", "OEM01", "--json")

    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert spoken(first)["verdict"] == "accepted"
    assert [made["outcome"] for made in spoken(first)["messages"][0]["created"]] == ["created", "created"]
    assert spoken(again)["duplicate"] is True
    assert spoken(again)["interchange"] == spoken(first)["interchange"]


def test_a_file_with_a_refused_message_ends_with_one(milkrun: Milkrun) -> None:
    run = milkrun("ingest", str(SAMPLES / "deljit_good_plus_bad_message.edi"), "--partner", "OEM01")

    assert run.returncode == 1
    assert "accepted with errors" in run.stdout
    assert "message 2 DELJIT: rejected" in run.stdout
    assert run.stderr == ""


def test_an_interchange_comes_by_stdin_too(milkrun: Milkrun) -> None:
    content = (SAMPLES / "deljit_summarized.edi").read_text()

    run = milkrun("ingest", "-", "--partner", "OEM01", "--json", given=content)

    assert spoken(run)["messages"][0]["created"][0]["outcome"] == "created"


@pytest.mark.parametrize(
    ("file", "partner", "code"),
    [("no-such-file.edi", "OEM01", "unreadable_file"), ("deljit_summarized.edi", "NOBODY", "unknown_partner")],
)
def test_what_cannot_be_taken_in_at_all_ends_with_two(file: str, partner: str, code: str, milkrun: Milkrun) -> None:
    run = milkrun("ingest", str(SAMPLES / file), "--partner", partner, "--json")

    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith(f"milkrun: {code}: ")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_gives_the_same_rows_as_lines_and_as_csv(kind: str, milkrun: Milkrun) -> None:
    milkrun("ingest", str(SAMPLES / "deljit_jis_two_vehicles.edi"), "--partner", "OEM01")

    lines = milkrun("export", kind)
    table = milkrun("export", kind, "--format", "csv")

    rows = [json.loads(line) for line in lines.stdout.splitlines()]
    assert (lines.returncode, table.returncode) == (0, 0), lines.stderr
    assert bool(rows) == (kind not in ("deliveries", "invoices"))
    assert len(list(csv.DictReader(io.StringIO(table.stdout)))) == len(rows)


def test_exported_quantities_are_exact_and_instants_utc(milkrun: Milkrun) -> None:
    rows = [json.loads(line) for line in milkrun("export", "ledger").stdout.splitlines()]

    assert rows[0]["qty"] == "1000"
    assert rows[0]["at"].endswith("Z")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+cmd", "-1+cmd", "@SUM(A1)", "\tx", "\r=1", " =1", "\ufeff=1", "\uff1d1+1", "\uff20x"]
)
def test_no_text_of_an_export_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, "-5.25", "5N0 881 105 A", "", None, True])
def test_an_export_leaves_numbers_and_plain_texts_alone(value: object) -> None:
    assert safe_cell(value) == value


def test_a_fresh_installation_is_told_what_is_left_to_set(milkrun: Milkrun, settings: Any) -> None:
    settings.MILKRUN_DEMO = settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECRET_KEY = "secret"

    run = milkrun("check", "--deploy", "--json")

    codes = {concern["code"] for concern in spoken(run)["concerns"]}
    assert run.returncode == 1
    assert {"debug", "demo_mode", "any_host", "no_https", "demo_prefix", "weak_key"} <= codes


def test_people_of_the_demo_are_a_concern(milkrun: Milkrun, deployed: Any) -> None:
    milkrun(
        "user", "create", "ada@demo.milkrun.example", "--name", "Ada", "--role", "admin", given="horse battery staple\n"
    )

    run = milkrun("check", "--deploy")

    assert run.returncode == 1
    assert "demo_users: 1 demo users" in run.stdout


@pytest.mark.sqlite_only
def test_a_properly_set_installation_gives_no_concern(milkrun: Milkrun, deployed: Any) -> None:
    run = milkrun("check", "--deploy", "--json")

    assert spoken(run) == {"ok": True, "concerns": []}
    assert run.returncode == 0


@pytest.mark.sqlite_only
def test_an_embedded_database_that_does_not_wait_for_the_disk_is_a_concern(milkrun: Milkrun, deployed: Any) -> None:
    deployed.ENVIRONMENT = deployed.ENVIRONMENT.model_copy(update={"milkrun_sqlite_synchronous": "NORMAL"})

    run = milkrun("check", "--deploy")

    assert run.returncode == 1
    assert run.stdout.startswith("not_synchronous:")


@pytest.mark.postgres_only
def test_a_server_that_does_not_wait_for_the_disk_is_a_concern(milkrun: Milkrun, deployed: Any) -> None:
    # The private PostgreSQL of the tests is such a one.
    run = milkrun("check", "--deploy", "--json")

    assert {concern["code"] for concern in spoken(run)["concerns"]} == {"not_synchronous"}
    assert "fsync = off" in run.stdout


def test_a_token_is_shown_once_and_can_be_revoked(milkrun: Milkrun) -> None:
    made = spoken(milkrun("token", "create", "MES", "--scope", "read", "--days", "7", "--json"))
    prefix, _, secret = made["token"].partition(".")

    listed = milkrun("token", "list", "--json")
    revoked = milkrun("token", "revoke", prefix)
    again = milkrun("token", "revoke", prefix)

    assert [row["prefix"] for row in spoken(listed)] == [prefix]
    assert secret not in listed.stdout
    assert (revoked.returncode, again.returncode) == (0, 2)
    assert again.stderr.startswith("milkrun: unknown_token: ")


def test_a_token_for_an_unknown_scope_is_refused(milkrun: Milkrun) -> None:
    run = milkrun("token", "create", "MES", "--scope", "fly")

    assert run.returncode == 2
    assert run.stderr == "milkrun: invalid: There is no scope fly.\n"


def test_a_person_is_let_in_with_a_password_that_is_strong_enough(milkrun: Milkrun) -> None:
    arguments = ("user", "create", "ada@plant.example", "--name", "Ada", "--role", "admin")

    weak = milkrun(*arguments, given="secret\n")
    strong = milkrun(*arguments, given="horse battery staple\n")
    twice = milkrun(*arguments, given="horse battery staple\n")

    assert (weak.returncode, strong.returncode, twice.returncode) == (2, 0, 1)
    assert weak.stderr.count("\n") == strong.stdout.count("\n") == 1
    assert twice.stderr.startswith("milkrun: code_taken: ")
