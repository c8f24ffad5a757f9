"""What the same work costs when the tables have grown: ten thousand calls and movements, a hundred thousand, a million.

Each size is filled by COPY and measured before the next one is filled, so the sizes are not interleaved; what counts is
the processor time of client and server for one unit, which a busy machine changes little.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from benchmarks.measure import Contender, Result, Row
from benchmarks.plant import NOW, Plant
from benchmarks.rows import line, lists
from benchmarks.rows.calls import _copy, _Known

SIZES, QUICK = (10_000, 100_000, 1_000_000), (1_000, 5_000)
CHUNK = 5_000
WORST = 1.5


def rows(plant: Plant, quick: bool) -> Iterator[Row]:
    """Fill to each size and give the rows there."""
    for size in QUICK if quick else SIZES:
        _fill(plant, size)
        yield from _rows(plant, size)


def slopes(results: Sequence[Result]) -> list[tuple[str, str, str]]:
    """Tell for each work what a unit costs at every size, and the cost at the largest over that at the smallest."""
    found: dict[str, list[tuple[int, float]]] = {}
    for result in results:
        if result.row.id == "growth":
            what, _, size = result.row.title.partition(" at ")
            found.setdefault(what, []).append((int(size.split()[0].replace(",", "")), result.measured[0].cpu_us))
    told = []
    for what, costs in found.items():
        costs.sort()
        steps = " → ".join(f"{cost / 1000:,.1f}" for _, cost in costs)
        sizes = ", ".join(f"{size:,}" for size, _ in costs)
        told.append(
            (
                f"{what}: ms of processor a unit at {sizes} rows",
                f"{steps}; {costs[-1][1] / costs[0][1]:.2f} times",
                f"<= {WORST}",
            )
        )
    return told


def _rows(plant: Plant, size: int) -> Iterator[Row]:
    from django.urls import reverse

    from milkrun.stock.commands.move_stock import move_stock

    browser = lists.browser(plant)
    first = reverse("calls")
    deep = f"{first}?after={lists._deep_cursor(plant, size // 2)}"
    chosen: list[int] = []

    def page(address: str) -> Any:
        def work() -> int:
            for _ in range(10):
                answer = browser.get(address, follow=True)
                assert answer.content.count(b"data-row=") == lists.PAGE
            return 10

        return work

    def choose() -> None:
        chosen[:] = line.received(plant, line.SELECTION)

    def load() -> None:
        chosen[:] = [line.loaded(plant)]

    def call_by_call() -> int:
        for _ in range(20):
            line.received(plant, 1)
        return 20

    def move() -> int:
        for number in range(20):
            move_stock(
                site_id=plant.site_id, part_id=plant.parts[number % len(plant.parts)], qty=Decimal(1),
                from_location_id=plant.places["A"], to_location_id=plant.places["B"], actor=plant.actor, at=NOW,
            )  # fmt: skip
        return 20

    works = (
        ("first page of the calls", page(first), lambda: None),
        ("page half way down the calls", page(deep), lambda: None),
        ("one call received", call_by_call, lambda: None),
        ("bulk release of 50 calls", lambda: line.released(plant, chosen), choose),
        ("goods issue with its notice", lambda: line.issued(plant, chosen), load),
        ("one move of stock", move, lambda: None),
    )
    for what, work, before in works:
        yield Row("growth", f"{what} at {size:,} rows", "unit", [Contender("Milkrun", "milkrun", work, before)])


def _fill(plant: Plant, size: int) -> None:
    from django.db import connection

    from milkrun.demand.models import JitCall
    from milkrun.stock.models import Movement

    known = _Known(plant)
    there = JitCall.objects.filter(site_id=plant.site_id).count()
    while there < size:
        count = min(CHUNK, size - there)
        _copy(plant, known, [plant.call(1) for _ in range(count)])
        there += count
    missing = size - Movement.objects.count()
    with connection.cursor() as cursor:
        if missing > 0:
            cursor.execute(MOVEMENTS, {"n": missing, "site": plant.site_id, "part": plant.parts,
                                       "a": plant.places["A"], "b": plant.places["B"], "at": NOW})  # fmt: skip
        cursor.execute("VACUUM ANALYZE")


# To and fro, so that the sums stay what they are; five hundred movements hang on a posting.
MOVEMENTS = """
WITH head AS (
  INSERT INTO stock_posting (public_id, site_id, kind, document_kind, at, actor, reason)
  SELECT substr(md5(random()::text), 1, 16), %(site)s, 'bench', '', %(at)s, 'filled', ''
  FROM generate_series(1, %(n)s / 500 + 1) RETURNING id
), numbered AS (SELECT id, row_number() OVER () - 1 AS nth FROM head)
INSERT INTO stock_movement (site_id, posting_id, part_id, from_location_id, to_location_id, qty, entered_unit)
SELECT %(site)s, numbered.id, (%(part)s::bigint[])[1 + i / 2 %% cardinality(%(part)s::bigint[])],
       CASE WHEN i %% 2 = 0 THEN %(a)s ELSE %(b)s END, CASE WHEN i %% 2 = 0 THEN %(b)s ELSE %(a)s END, 1000000, ''
FROM generate_series(0, %(n)s - 1) AS i JOIN numbered ON numbered.nth = i / 500
"""
