"""Many hands on one balance: nothing is lost, nothing is posted twice, nobody waits in a ring."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connections, transaction

from milkrun.insight.queries import verify
from milkrun.stock.errors import ShortStock
from milkrun.stock.models import Balance, Movement
from milkrun.stock.steps import Line, post
from tests.world import World, build_world

HANDS, EACH = 8, 12


def crowd(act: Callable[[int], None]) -> None:
    """Let every hand act at once, and bring what one of them raised to the test."""
    gate, raised = threading.Barrier(HANDS), []

    def hand(number: int) -> None:
        try:
            gate.wait(timeout=60)
            act(number)
        except Exception as problem:
            raised.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hand, args=(number,)) for number in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def move(world: World, lines: list[Line]) -> None:
    with transaction.atomic():
        post(lines, site_id=world.site_id, kind="move", actor=world.actor, at=world.now)


def test_every_movement_of_a_crowd_on_one_balance_is_in_the_ledger_and_in_the_balance(committed_db) -> None:
    world = build_world()
    foam, frame, line, store = world.parts["FOAM"], world.parts["FRAME"], world.places["LINE1"], world.places["FG"]
    before = Movement.objects.count()

    def act(number: int) -> None:
        for _ in range(EACH):
            # Half of them name the balances the other way round: the ledger brings them into one order.
            parts = [foam, frame] if number % 2 else [frame, foam]
            move(world, [Line(part, Decimal(1), line, store) for part in parts])

    crowd(act)

    assert Movement.objects.count() - before == HANDS * EACH * 2
    assert Balance.objects.get(part=foam, location=store).on_hand == HANDS * EACH
    assert verify().ok


def test_a_crowd_that_wants_more_than_there_is_gets_exactly_what_there_is(committed_db) -> None:
    world = build_world()
    foam, line, store = world.parts["FOAM"], world.places["LINE1"], world.places["FG"]
    refused: list[int] = []

    def act(number: int) -> None:
        for _ in range(EACH):
            try:
                move(world, [Line(foam, Decimal(30), line, store)])
            except ShortStock:
                refused.append(number)

    crowd(act)

    assert Balance.objects.get(part=foam, location=store).on_hand == 990
    assert len(refused) == HANDS * EACH - 33
    assert verify().ok


@pytest.mark.postgres_only
def test_the_statement_of_a_posting_is_planned_once_for_a_connection(committed_db) -> None:
    from django.db import connection

    world = build_world()
    foam, line, store = world.parts["FOAM"], world.places["LINE1"], world.places["FG"]

    for count in (1, 2, 3, 1, 2, 3):
        move(world, [Line(foam, Decimal(1), line, store)] * count)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%stock_movement%'")
        assert cursor.fetchone() == (1,)
