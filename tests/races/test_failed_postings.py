"""Many hands at the failed postings: each is posted once at most, taken back once at most, and never both at once."""

from decimal import Decimal
from functools import partial

import pytest

from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.create_job import create_job
from milkrun.production.commands.reprocess_postings import reprocess_postings
from milkrun.production.commands.reverse_confirmation import reverse_confirmation
from milkrun.production.models import Confirmation
from milkrun.stock.models import Posting
from tests.races.together import attempt, together
from tests.world import World

pytestmark = [pytest.mark.postgres_only, pytest.mark.slow]
JOBS, HANDS = 3, 8


@pytest.mark.parametrize("postings", [12, pytest.param(999, marks=pytest.mark.full)])
def test_bulk_retries_single_retries_and_reversals_at_once_leave_each_posting_made_once_at_most(
    plant: World, postings: int
) -> None:
    who = {"actor": plant.actor, "at": plant.later()}
    for number in range(JOBS):
        job = create_job(
            site_id=plant.site_id, part_id=plant.parts["SEAT-105A"], qty=Decimal(1_000_000), due_at=plant.now,
            signal="stock", signal_text=f"race {number}", **who,
        ).job_id  # fmt: skip
        for _ in range(postings // JOBS):
            confirm_job(job_id=job, reports=(JobReport(1, Decimal(2000)),), **who)
    keys = list(Confirmation.objects.values_list("pk", flat=True))
    plant.receive("FRAME", str(2000 * postings), "LINE1")
    plant.receive("FOAM", str(600 * postings), "LINE1")

    def work(number: int) -> None:
        mine = keys[number % 4 :] + keys[: number % 4]
        if number % 3 == 0:
            attempt(partial(reprocess_postings, confirmation_ids=mine, **who))
        for key in mine:
            if number % 3 == 1:
                attempt(partial(reprocess_postings, confirmation_ids=(key,), **who))
            if number % 3 == 2 and key % 3 == 0:
                attempt(partial(reverse_confirmation, confirmation_id=key, reason="race", **who))

    together([partial(work, number) for number in range(HANDS)])

    made = list(Posting.objects.filter(kind="production").values_list("document_id", flat=True))
    states = dict(Confirmation.objects.values_list("pk", "state"))
    assert len(made) == len(set(made))
    assert set(states.values()) <= {"posted", "reversed"}
    assert {key for key, state in states.items() if state == "posted"} <= set(made)
    assert {state for key, state in states.items() if key % 3} == {"posted"}
