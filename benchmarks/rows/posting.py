"""Stock posted: one movement a transaction, and 500.

The raw limit is a function in the server that does the least a true posting needs: hold two balances in key order,
change them within their bounds, write head, movement and the day's sum. The plain ORM does the same with save().
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from benchmarks.measure import Contender, Goal, Row
from benchmarks.plant import NOW, Plant

MICRO = 1_000_000
RAW = """
CREATE OR REPLACE FUNCTION bench_post(
  site bigint, parts bigint[], places_from bigint[], places_to bigint[], micro bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE head bigint; changed int; wanted int;
BEGIN
  PERFORM 1 FROM stock_balance b WHERE b.id IN (
    SELECT x.id FROM unnest(parts, places_from, places_to) AS v (part, a, b)
    JOIN stock_balance x ON x.site_id = site AND x.part_id = v.part AND x.location_id IN (v.a, v.b)
    AND COALESCE(x.lot_id, 0) = 0 AND COALESCE(x.owner_id, 0) = 0 AND COALESCE(x.hu_id, 0) = 0
  ) ORDER BY b.id FOR UPDATE;
  WITH d AS (
    SELECT part, place, SUM(m)::bigint AS m FROM (
      SELECT part, a AS place, -micro AS m FROM unnest(parts, places_from, places_to) AS v (part, a, b)
      UNION ALL SELECT part, b, micro FROM unnest(parts, places_from, places_to) AS v (part, a, b)
    ) AS s GROUP BY part, place
  ), u AS (
    UPDATE stock_balance x SET on_hand = on_hand + d.m FROM d
    WHERE x.site_id = site AND x.part_id = d.part AND x.location_id = d.place AND COALESCE(x.lot_id, 0) = 0
      AND COALESCE(x.owner_id, 0) = 0 AND COALESCE(x.hu_id, 0) = 0 AND on_hand + d.m >= reserved RETURNING 1
  ) SELECT (SELECT count(*) FROM u), (SELECT count(*) FROM d) INTO changed, wanted;
  IF changed <> wanted THEN RAISE EXCEPTION 'short'; END IF;
  INSERT INTO stock_posting (public_id, site_id, kind, document_kind, at, actor, reason)
    VALUES (substr(md5(random()::text), 1, 16), site, 'bench', '', now(), 'raw', '') RETURNING id INTO head;
  INSERT INTO stock_movement (site_id, posting_id, part_id, from_location_id, to_location_id, qty, entered_unit)
    SELECT site, head, part, a, b, micro, '' FROM unnest(parts, places_from, places_to) AS v (part, a, b);
  INSERT INTO stock_daysummary AS s (site_id, day, kind, part_id, qty, movements)
    SELECT site, (now() AT TIME ZONE 'Europe/Berlin')::date, 'bench', part, micro * count(*), count(*)
    FROM unnest(parts) AS v (part) GROUP BY part
    ON CONFLICT (site_id, day, kind, part_id) DO UPDATE
    SET qty = s.qty + excluded.qty, movements = s.movements + excluded.movements;
  RETURN head;
END $$
"""


def post(plant: Plant, quick: bool) -> Iterator[Row]:
    """One movement a transaction."""
    _prepare(plant)
    count = 100 if quick else 1_000
    contenders = [
        Contender("Milkrun", "milkrun", lambda: 0),
        Contender("SQL function", "limit", lambda: 0),
        Contender("plain ORM", "peer", lambda: 0),
        Contender("Milkrun move_stock", "command", lambda: 0, note="the whole command, checks and journal"),
    ]
    # A fifth of what is measured for the others is enough for what takes longest.
    for contender, act, runs in zip(
        contenders, (milkrun, raw, orm, command), (count, count, count // 5, count // 2), strict=True
    ):
        contender.work = _timed(plant, act, runs, contender.latencies)
    yield Row(
        "post",
        "stock posting, one movement a transaction",
        "posting",
        contenders,
        [Goal("SQL function", 0.7, 0.9), Goal("plain ORM", 4)],
        ["Tryton (goal 100 times): not measured, it is not set up here."],
    )


def post500(plant: Plant, quick: bool) -> Iterator[Row]:
    """500 movements a transaction, over few balances."""
    _prepare(plant)
    count = 2 if quick else 10
    shuffled = random.Random(7)

    def lines() -> list[tuple[int, int, int]]:
        return [_move(plant, shuffled) for _ in range(500)]

    def many(act: Callable[[Plant, Sequence[tuple[int, int, int]]], None]) -> Callable[[], int]:
        def work() -> int:
            for _ in range(count):
                act(plant, lines())
            return count * 500

        return work

    yield Row(
        "post500",
        "stock posting, 500 movements a transaction",
        "movement",
        [
            Contender("Milkrun", "milkrun", many(milkrun)),
            Contender("SQL function", "limit", many(raw)),
        ],
        [Goal("SQL function", 0.8)],
        ["Tryton (goal 100 times): not measured, it is not set up here."],
    )


def _prepare(plant: Plant) -> None:
    from django.db import connection

    from milkrun.stock.commands.receive_stock import receive_stock

    with connection.cursor() as cursor:
        cursor.execute(RAW)
    for part in plant.parts:
        receive_stock(
            site_id=plant.site_id,
            part_id=part,
            location_id=plant.places["B"],
            qty=Decimal(1_000_000),
            actor=plant.actor,
            at=NOW,
        )


def _move(plant: Plant, shuffled: random.Random) -> tuple[int, int, int]:
    places = [plant.places["A"], plant.places["B"]]
    shuffled.shuffle(places)
    return shuffled.choice(plant.parts), places[0], places[1]


def _timed(plant: Plant, act: Any, count: int, latencies: list[float]) -> Callable[[], int]:
    shuffled = random.Random(11)

    def work() -> int:
        for _ in range(count):
            line = _move(plant, shuffled)
            began = time.perf_counter()
            act(plant, [line])
            latencies.append(time.perf_counter() - began)
        return count

    return work


def milkrun(plant: Plant, lines: Sequence[tuple[int, int, int]]) -> None:
    """Post through the ledger step, in a transaction of its own."""
    from django.db import transaction

    from milkrun.stock.steps import Line, post

    one = Decimal(1)
    with transaction.atomic():
        post(
            [Line(part, one, source, target) for part, source, target in lines],
            site_id=plant.site_id,
            kind="move",
            actor=plant.actor,
            at=NOW,
        )


def command(plant: Plant, lines: Sequence[tuple[int, int, int]]) -> None:
    """Post through the command that people use."""
    from milkrun.stock.commands.move_stock import move_stock

    ((part, source, target),) = lines
    move_stock(
        site_id=plant.site_id,
        part_id=part,
        from_location_id=source,
        to_location_id=target,
        qty=Decimal(1),
        actor=plant.actor,
        at=NOW,
    )


def raw(plant: Plant, lines: Sequence[tuple[int, int, int]]) -> None:
    """Post by the function in the server."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT bench_post(%s, %s::bigint[], %s::bigint[], %s::bigint[], %s)",
            [plant.site_id, *[list(column) for column in zip(*lines, strict=True)], MICRO],
        )


def orm(plant: Plant, lines: Sequence[tuple[int, int, int]]) -> None:
    """Post with loaded rows and save(), locked so that nothing is lost."""
    from django.db import transaction

    from milkrun.stock.models import Balance, DaySummary, Movement, Posting

    for part, source, target in lines:
        with transaction.atomic():
            rows = {
                row.location_id: row
                for row in Balance.objects.select_for_update()
                .filter(site_id=plant.site_id, part_id=part, location_id__in=[source, target], lot=None, hu=None)
                .order_by("pk")
            }
            rows[source].on_hand -= 1
            rows[target].on_hand += 1
            rows[source].save()
            rows[target].save()
            head = Posting(site_id=plant.site_id, kind="bench", at=NOW, actor="orm")
            head.save()
            Movement(
                site_id=plant.site_id,
                posting=head,
                part_id=part,
                from_location_id=source,
                to_location_id=target,
                qty=Decimal(1),
            ).save()
            summary, _ = DaySummary.objects.select_for_update().get_or_create(
                site_id=plant.site_id, day=NOW.date(), kind="bench", part_id=part
            )
            summary.qty += 1
            summary.movements += 1
            summary.save()
