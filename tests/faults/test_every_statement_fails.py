"""Every statement of every command fails once, and its commit too: nothing is half done, and the retry succeeds once.

The loop is exhaustive, not random: statement 1 fails, then 2, 3 and so on, until the command gets through.
"""

import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

import pytest
from django.db import OperationalError, connection

from milkrun.kernel.identity import Request
from tests.house.source import command_modules
from tests.refusals import fingerprint

MOST_STATEMENTS = 200
COMMANDS = {PurePosixPath(module.path).stem: module for module in command_modules()}


class Fault(OperationalError):
    """The database fails on purpose."""


@pytest.fixture(scope="module")
def plant(database_copies, django_db_blocker) -> Iterator[Any]:
    """One plant for all commands; each scene adds what it needs."""
    from tests.world import build_world

    with django_db_blocker.unblock(), database_copies.copy():
        yield build_world()


@contextmanager
def failing_statement(number: int) -> Iterator[None]:
    """Let the n-th statement from now on fail, before it reaches the database."""
    seen = 0

    def fail(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        nonlocal seen
        seen += 1
        if seen == number:
            raise Fault(f"statement {number}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


@contextmanager
def failing_commit() -> Iterator[None]:
    """Let the next commit fail: the transaction is lost."""

    def fail() -> None:
        raise Fault("commit")

    connection.commit = fail
    try:
        yield
    finally:
        del connection.commit


@contextmanager
def lost_reply() -> Iterator[None]:
    """Let the process lose the reply of a commit that has happened."""
    commit = connection.commit

    def fail() -> None:
        commit()
        raise Fault("reply")

    connection.commit = fail
    try:
        yield
    finally:
        del connection.commit


def test_every_command_has_a_scene() -> None:
    from tests.faults.scenes import every_scene

    assert set(every_scene()) == set(COMMANDS)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_nothing_is_half_done_whichever_statement_fails_and_the_retry_succeeds_once(
    plant, database_copies, name: str, record_property
) -> None:
    from tests.faults.scenes import every_scene

    module = COMMANDS[name].path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    function = getattr(importlib.import_module(module), name)
    given = every_scene()[name](plant)
    parameters = inspect.signature(function).parameters
    given |= {key: value for key, value in {"actor": plant.actor, "at": plant.later()}.items() if key in parameters}
    if "request" in parameters:
        given["request"] = Request("faults", name, "body")
    before = fingerprint()

    with failing_commit(), pytest.raises(Fault):
        function(**given)
    assert fingerprint() == before, "something was kept although the commit failed"
    number = 0
    while number < MOST_STATEMENTS:
        number += 1
        try:
            with failing_statement(number):
                result = function(**given)
            break
        except Fault:
            assert fingerprint() == before, f"something was kept although statement {number} failed"

    after = fingerprint()
    # The last turn got through; the commit failed before the first.
    record_property("points at which a command was made to fail", number)
    assert 1 < number < MOST_STATEMENTS
    assert after != before
    if "request" in parameters:
        assert function(**given) == result
        assert fingerprint() == after, "the repeat had an effect of its own"


@pytest.mark.parametrize("name", ["post_goods_issue", "receive_stock", "issue_invoice"])
def test_a_reply_that_is_lost_after_the_commit_is_given_again_without_a_second_effect(
    plant, database_copies, name: str
) -> None:
    from tests.faults.scenes import every_scene

    module = COMMANDS[name].path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    function = getattr(importlib.import_module(module), name)
    given = every_scene()[name](plant) | {
        "actor": plant.actor,
        "at": plant.later(),
        "request": Request("lost", name, "b"),
    }
    with lost_reply(), pytest.raises(Fault):
        function(**given)
    after = fingerprint()

    first, second = function(**given), function(**given)

    assert first == second
    assert fingerprint() == after


def test_where_the_database_asks_to_try_again_the_command_does_so_by_itself(plant, database_copies) -> None:
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue
    from milkrun.stock.models import Posting
    from tests.faults.scenes import every_scene

    given = every_scene()["post_goods_issue"](plant) | {"actor": plant.actor, "at": plant.later()}
    postings = Posting.objects.count()

    def busy_once(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if "stock_posting" in sql and not busy:
            busy.append(sql)
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    busy: list[str] = []
    with connection.execute_wrapper(busy_once):
        done = post_goods_issue(**given, request=Request("busy", "k", "b"))

    assert (len(busy), Posting.objects.count(), done.posting_id) == (1, postings + 1, Posting.objects.latest("pk").pk)
