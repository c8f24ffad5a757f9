"""`milkrun token`: made once, listed without the secret, taken away."""

import json

import pytest

from milkrun.cli.main import main

pytestmark = pytest.mark.django_db


def test_a_token_is_made_listed_and_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "create", "MES", "--scope", "confirm_job", "--scope", "read", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    main(["token", "list", "--json"])
    listed = json.loads(capsys.readouterr().out)

    code = main(["token", "revoke", made["token"].split(".")[0]])

    assert code == 0
    assert listed[0]["scopes"] == "confirm_job,read"
    assert made["token"].split(".")[1] not in json.dumps(listed)


@pytest.mark.parametrize(
    "words",
    [
        ["create", "MES", "--scope", "everything"],
        ["create", "MES", "--scope", "read", "--days", "0"],
        ["create", "", "--scope", "read"],
        ["revoke", "mrnobody0000"],
    ],
)
def test_what_cannot_be_done_ends_with_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["token", *words])

    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert said.err.startswith("milkrun: ")
    assert said.err.count("\n") == 1
