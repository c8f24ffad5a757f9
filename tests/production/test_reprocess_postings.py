"""A failed posting is tried again in place: it posts exactly once, or stays with a clear cause."""

from decimal import Decimal

import pytest

from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.production.commands.reprocess_postings import PostingAnswer, reprocess_postings
from milkrun.production.models import Confirmation
from milkrun.stock.models import Balance, Posting
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(world: World) -> int:
    call = world.call(world.summarized("DON1", qty="1200"))
    world.make(world.release(call).jobs[0].job_id, "1200")
    return Confirmation.objects.get().pk


def reprocess(world: World, key: int) -> PostingAnswer:
    return reprocess_postings(confirmation_ids=(key,), actor=world.actor, at=world.later()).answers[0]


@pytest.mark.requirement("SAP-18")
def test_once_the_cause_is_gone_it_posts_exactly_once(world: World, failed: int) -> None:
    world.receive("FRAME", "200", "LINE1")

    done = reprocess(world, failed)

    row = Confirmation.objects.get(pk=failed)
    assert (done.outcome, row.state, row.tries, row.failure, row.failure_facts) == ("posted", "posted", 2, "", {})
    assert Posting.objects.filter(document_kind="confirmation", document_id=failed).count() == 1
    assert Balance.objects.get(part__number="SEAT-105A", location__kind="storage").reserved == 1200
    assert ComponentGroup.objects.get().stock_posting == "posted"
    assert reprocess(world, failed).outcome == "refused"
    assert Posting.objects.filter(document_kind="confirmation", document_id=failed).count() == 1


@pytest.mark.requirement("SAP-18")
def test_while_the_cause_stands_it_stays_failed_with_the_new_figures(world: World, failed: int) -> None:
    world.receive("FRAME", "50", "LINE1")

    done = reprocess(world, failed)

    row = Confirmation.objects.get(pk=failed)
    assert (done.outcome, row.state, row.tries) == ("failed", "failed", 2)
    assert done.message == "Not enough stock. FRAME at LINE1: wanted 1200, free 1050."
    assert not Posting.objects.filter(kind="production").exists()


def test_the_journal_says_that_it_was_tried(world: World, failed: int) -> None:
    reprocess(world, failed)

    line = journal.history([("job", Confirmation.objects.get(pk=failed).line.job_id)])[0]
    assert (line.action, line.facts["posting"]) == ("reprocess_posting", "failed")
    assert line.reason.startswith("Not enough stock.")


def test_an_unknown_confirmation_is_not_found(world: World) -> None:
    assert reprocess(world, 0).outcome == "refused"


def test_quantities_stay_exact_over_many_postings(world: World) -> None:
    call = world.call(world.summarized("DON2", qty="30"))
    job = world.release(call).jobs[0].job_id
    for _ in range(30):
        world.make(job, "1")

    assert Balance.objects.get(part__number="FOAM", location__kind="line").on_hand == Decimal(991)
