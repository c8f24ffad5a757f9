"""Who is let in: tokens, scopes, and the header alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from milkrun.api.application import api
from milkrun.kernel.errors import Invalid
from milkrun.kernel.identity import Actor
from milkrun.partners.commands.create_token import create_token
from milkrun.partners.commands.note_token_use import note_token_use
from milkrun.partners.commands.revoke_token import revoke_token
from milkrun.partners.errors import UnknownToken
from milkrun.partners.models import ApiToken
from milkrun.partners.queries import token, tokens
from milkrun.partners.queries.rights import ACTIONS
from tests.api.machine import Machine, machine
from tests.world import World

ANNA = Actor("Anna Test", "cli")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


# Of the operations that a scope does not open, one in so many is tried with it.
OTHERS = 15


def every_operation() -> list[tuple[str, str, str, str]]:
    """List (operation, method, path, scope) of the whole API."""
    return [
        (op["operationId"], method, path.removeprefix("/api/v1"), op["x-scope"])
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, op in methods.items()
    ]


def ask(mes: Machine, method: str, path: str) -> Any:
    """Call an operation with an address that leads nowhere and an empty body."""
    where = path
    for name in ("call_id", "job_id", "confirmation_id", "packing_group_id", "delivery_id", "invoice_id", "posting_id",
                 "part_id", "interchange_id", "outbox_id", "message_id"):  # fmt: skip
        where = where.replace(f"{{{name}}}", "0000000000000000")
    where = where.replace("{site}", "MAIN").replace("{partner}", "OEM01")
    return mes.get(where) if method == "get" else mes.post(where)


@pytest.mark.django_db
def test_a_token_is_shown_once_and_kept_as_a_hash() -> None:
    made = create_token(name="MES", scopes=["read"], expires_at=NOW + timedelta(days=1), actor=ANNA, at=NOW)

    row = ApiToken.objects.get()
    assert made.token.startswith(f"{row.prefix}.")
    secret = made.token.split(".")[1]
    assert len(secret) >= 43
    assert secret not in repr(ApiToken.objects.values())
    assert token(made.token, NOW) is not None
    assert [view.name for view in tokens()] == ["MES"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["confirm_jobs"]}, "scopes"),
        ({"expires_at": NOW}, "expires_at"),
    ],
)
def test_an_impossible_token_is_refused(given: dict[str, Any], field: str) -> None:
    wanted = {"name": "MES", "scopes": ["read"], "expires_at": NOW + timedelta(days=1), **given}

    with pytest.raises(Invalid) as refused:
        create_token(**wanted, actor=ANNA, at=NOW)

    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.django_db
def test_a_revoked_token_opens_nothing_and_is_revoked_once() -> None:
    made = create_token(name="MES", scopes=["read"], expires_at=NOW + timedelta(days=1), actor=ANNA, at=NOW)

    revoke_token(prefix=made.prefix, actor=ANNA, at=NOW)

    assert token(made.token, NOW) is None
    with pytest.raises(UnknownToken):
        revoke_token(prefix=made.prefix, actor=ANNA, at=NOW)


@pytest.mark.django_db
def test_an_expired_token_opens_nothing() -> None:
    made = create_token(name="MES", scopes=["read"], expires_at=NOW + timedelta(days=1), actor=ANNA, at=NOW)

    assert token(made.token, NOW + timedelta(days=1)) is None


@pytest.mark.django_db
def test_its_use_is_noted_at_most_once_a_minute() -> None:
    made = create_token(name="MES", scopes=["read"], expires_at=NOW + timedelta(days=1), actor=ANNA, at=NOW)

    noted = [note_token_use(token_id=made.token_id, at=NOW + timedelta(seconds=s)).noted for s in (0, 59, 60)]

    assert noted == [True, False, True]


def test_the_door_notes_the_use(world: World, mes: Machine) -> None:
    mes.read("/sites")

    assert ApiToken.objects.get().last_used_at is not None


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Bearer .", "Bearer a.b.c", "Basic {}", "Bearer {}x", "Bearer x{}", "{}",
     "Bearer é.è", "Bearer \x00.x", "Token {}"],
)  # fmt: skip
def test_a_malformed_token_is_refused(world: World, mes: Machine, header: str) -> None:
    reply = Client().get("/api/v1/sites", headers={"Authorization": header.format(mes.token)})

    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json()["code"] == "token_refused"


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "Authorization"])
def test_a_token_in_the_address_is_refused_even_beside_a_good_one(world: World, mes: Machine, name: str) -> None:
    assert mes.get(f"/sites?{name}={mes.token}").status_code == 401


def test_a_signed_in_browser_is_nobody_here(world: World) -> None:
    from milkrun.partners.commands.create_user import create_user
    from milkrun.partners.models import User

    who = {"actor": ANNA, "at": NOW}
    user = create_user(email="a@b.example", name="A", password="long enough 99", roles=["admin"], **who)
    browser = Client()
    browser.force_login(User.objects.get(pk=user.user_id), backend="django.contrib.auth.backends.ModelBackend")

    assert browser.get("/api/v1/sites").status_code == 401


def test_every_operation_is_shut_without_a_token(world: World) -> None:
    stranger = Machine("mrnobody0000.secret")

    replies = {name: ask(stranger, method, path).status_code for name, method, path, _ in every_operation()}

    assert set(replies.values()) == {401}


@pytest.mark.slow
def test_each_scope_opens_its_own_operations_and_no_other(world: World, full: bool) -> None:
    """Each scope at its own operations and at a few others by turns, so that each operation is tried; all in full."""
    operations = every_operation()
    scopes = sorted({scope for _, _, _, scope in operations if scope} - {"read"})
    assert set(scopes) <= ACTIONS
    wrong = []
    for turn, scope in enumerate([*scopes, "read", "*"]):
        mes = machine(scope)
        every = full or scope in ("read", "*")
        others = {operation[0] for operation in operations[turn % OTHERS :: OTHERS]}
        for name, method, path, needed in operations:
            if not (every or needed == scope or name in others):
                continue
            wide = scope == "*" or (scope == "read" and needed.startswith("view_"))
            opened = ask(mes, method, path).status_code != 403
            if opened != (not needed or scope == needed or wide):
                wrong.append((scope, name, opened))

    assert wrong == []


def test_every_operation_names_a_scope_or_is_open_to_any_token() -> None:
    open_to_any = [name for name, _, _, scope in every_operation() if not scope]

    assert open_to_any == ["list_sites"]
