"""`verify` over a ledger of 200,000 movements: every invariant, one snapshot."""

import random
from collections.abc import Iterator

from benchmarks.measure import Contender, Row
from benchmarks.plant import Plant
from benchmarks.rows import posting


def rows(plant: Plant, quick: bool) -> Iterator[Row]:
    """Prepare the row: fill the ledger, in postings of 500."""
    from milkrun.insight.queries import verify
    from milkrun.stock.models import Movement

    wanted = 5_000 if quick else 200_000
    posting._prepare(plant)
    shuffled = random.Random(3)
    there = Movement.objects.count()
    while there < wanted:
        posting.milkrun(plant, [posting._move(plant, shuffled) for _ in range(500)])
        there += 500

    def work() -> int:
        broken = [(found.id, found.first) for found in verify().invariants if found.violations]
        assert broken == [], broken
        return there

    yield Row(
        "verify",
        f"verify over {there:,} movements",
        "movement",
        [Contender("Milkrun", "milkrun", work)],
        remarks=["goal: a million movements in 60 s, 16,667 a second."],
        most_repeats=3,
    )
