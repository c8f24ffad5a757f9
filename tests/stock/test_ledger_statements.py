"""The ledger step: how many statements a posting takes, and that every path keeps on hand the sum of the ledger."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from milkrun.insight.queries import verify
from milkrun.stock.errors import ShortStock
from milkrun.stock.models import Balance, Movement
from milkrun.stock.steps import Line, post
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

# Places, balances held, changed, added, head, movements, sums; PostgreSQL does it all in one.
MOST = {"postgresql": 1, "sqlite": 7}
# SQLite takes at most so many movements in one INSERT: it limits the number of values.
MOVEMENTS_AT_ONCE = 75


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def lines(world: World, count: int, source: str = "LINE1", target: str = "FG") -> list[Line]:
    parts = [world.parts["FOAM"], world.parts["FRAME"]]
    return [
        Line(parts[index % 2], Decimal("0.25"), world.places[source], world.places[target]) for index in range(count)
    ]


def write(world: World, given: list[Line]) -> int:
    return post(given, site_id=world.site_id, kind="move", actor=world.actor, at=world.later()).posting_id


@pytest.mark.parametrize("count", [1, 2, 500])
def test_a_posting_takes_the_same_few_statements_whatever_its_size(world: World, count: int) -> None:
    given = lines(world, count)

    with CaptureQueriesContext(connection) as seen:
        posting_id = write(world, given)

    assert len(seen) <= MOST[connection.vendor] + (count // MOVEMENTS_AT_ONCE if connection.vendor == "sqlite" else 0)
    assert Movement.objects.filter(posting=posting_id).count() == count
    assert verify().ok


def test_movements_keep_the_order_of_their_lines(world: World) -> None:
    given = lines(world, 40)

    posting_id = write(world, given)

    written = Movement.objects.filter(posting=posting_id).order_by("pk").values_list("part_id", flat=True)
    assert list(written) == [line.part_id for line in given]


def test_goods_that_pass_through_a_place_in_one_posting_leave_nothing_there(world: World) -> None:
    foam, places = world.parts["FOAM"], world.places

    write(
        world,
        [
            Line(foam, Decimal(3), places["LINE1"], places["DOCK1"]),
            Line(foam, Decimal(3), places["DOCK1"], places["FG"]),
        ],
    )

    assert Balance.objects.get(part=foam, location=places["DOCK1"]).on_hand == 0
    assert Balance.objects.get(part=foam, location=places["FG"]).on_hand == 3
    assert verify().ok


def test_a_short_posting_names_every_short_place_and_only_those(world: World) -> None:
    foam, frame = world.parts["FOAM"], world.parts["FRAME"]
    given = [
        Line(foam, Decimal(1001), world.places["LINE1"], world.places["FG"]),
        Line(frame, Decimal(600), world.places["LINE1"], world.places["FG"]),
        Line(frame, Decimal(1), world.places["DOCK1"], world.places["FG"]),
    ]

    with pytest.raises(ShortStock) as refused, transaction.atomic():
        write(world, given)

    shortages = sorted((s["part"], s["location"], s["wanted"], s["free"]) for s in refused.value.facts["shortages"])
    assert shortages == [("FOAM", "LINE1", "1001", "1000"), ("FRAME", "DOCK1", "1", "0")]
    assert Balance.objects.get(part=frame, location=world.places["LINE1"]).on_hand == 1000
    assert verify().ok


def test_reserved_goods_are_not_free_for_others(world: World) -> None:
    foam, place = world.parts["FOAM"], world.places["LINE1"]
    Balance.objects.filter(part=foam, location=place).update(reserved=400)

    with pytest.raises(ShortStock) as refused, transaction.atomic():
        write(world, [Line(foam, Decimal(601), place, world.places["FG"])])

    assert refused.value.facts["shortages"][0]["free"] == "600"
