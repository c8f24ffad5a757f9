"""A request takes effect once, whatever the asker repeats; a failed first attempt blocks nothing."""

from decimal import Decimal

import pytest

from milkrun.kernel.errors import IllegalMove, Invalid, RequestInFlight, RequestKeyReused
from milkrun.kernel.identity import Request
from milkrun.kernel.models import RequestKey
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.models import Posting
from tests.refusals import fingerprint, refused
from tests.world import World


def receive(world: World, key: str = "k1", body: str = "b1", qty: str = "5", scope: str = "api:7:receive"):
    return receive_stock(
        site_id=world.site_id, part_id=world.parts["FOAM"], location_id=world.places["FG"], qty=Decimal(qty),
        actor=world.actor, at=world.later(), request=Request(scope, key, body),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_repeat_gives_the_first_result_and_changes_nothing(world: World) -> None:
    first = receive(world)
    before = fingerprint()

    assert [receive(world) for _ in range(3)] == [first] * 3
    assert fingerprint() == before


@pytest.mark.django_db
def test_the_stored_result_comes_back_with_all_its_types(world: World) -> None:
    delivery = world.picked(*world.packed(world.sequenced(471)))
    given = {"delivery_id": delivery, "actor": world.actor, "request": Request("s", "k", "b")}

    first = post_goods_issue(at=world.later(), **given)

    assert post_goods_issue(at=world.later(), **given) == first


@pytest.mark.django_db
def test_the_same_key_for_something_else_is_refused(world: World) -> None:
    receive(world)

    with refused(RequestKeyReused):
        receive(world, body="b2")


@pytest.mark.django_db
def test_keys_of_different_askers_do_not_meet(world: World) -> None:
    assert receive(world).posting_id != receive(world, scope="api:8:receive", body="b2").posting_id


@pytest.mark.django_db
def test_a_refused_first_attempt_keeps_no_key_and_the_corrected_one_goes_through(world: World) -> None:
    with refused(Invalid):
        receive(world, qty="0")

    assert receive(world, body="b2").posting_id == Posting.objects.latest("pk").pk
    assert RequestKey.objects.count() == 1


@pytest.mark.django_db
def test_a_refusal_is_given_anew_not_remembered(world: World) -> None:
    (call,) = world.packed(world.sequenced(471))

    for _ in range(2):
        with refused(IllegalMove):
            release_for_packing(call_ids=(call,), actor=world.actor, at=world.later(), request=Request("s", "k", "b"))


@pytest.mark.postgres_only
def test_a_request_that_is_being_worked_on_is_answered_in_flight(committed_db) -> None:
    import hashlib
    import threading

    from django.db import connection, connections, transaction

    from tests.world import build_world

    world = build_world()
    number = int.from_bytes(hashlib.sha256(b"api:7:receive\nk1").digest()[:8], "big", signed=True)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
            held.set()
            done.wait(20)
        connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(20)
    try:
        with refused(RequestInFlight) as caught:
            receive(world)
    finally:
        done.set()
        other.join()

    assert caught.value.facts == {"key": "k1"}
    assert receive(world).posting_id
