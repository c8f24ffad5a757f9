"""What came of each message is kept on it; the whole way of a file is shown door to door in tests/gateway."""

import pytest

from milkrun.edi import read
from milkrun.exchange.commands.record_outcomes import Outcome, record_outcomes
from milkrun.exchange.commands.store_interchange import store_interchange
from milkrun.exchange.models import Agreement, Interchange, Message
from milkrun.kernel import journal
from milkrun.kernel.errors import NotFound
from tests.gateway.files import sample
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(world: World):
    data = sample("deljit_jis_two_vehicles.edi")
    return store_interchange(
        agreement_id=Agreement.objects.get().pk, content=data, found=read(data).interchanges[0], findings=[],
        refuse=None, dialect="edifact", file_name="f.edi", source="inbox", actor=world.actor, at=world.later(),
    )  # fmt: skip


def record(world: World, interchange: int, *outcomes: Outcome):
    return record_outcomes(interchange_id=interchange, outcomes=outcomes, actor=world.actor, at=world.later())


@pytest.mark.parametrize("state", ["taken", "failed", "ignored"])
def test_a_waiting_message_takes_its_outcome_and_the_file_is_processed(world: World, stored, state: str) -> None:
    ((message, _),) = stored.messages

    record(world, stored.interchange_id, Outcome(message, state, ({"kind": "call"},), ({"text": "late"},)))

    row = Message.objects.get()
    assert (row.state, row.outcome, row.findings[-1], row.verdict) == (
        state, [{"kind": "call"}], {"text": "late"}, "accepted_with_errors"
    )  # fmt: skip
    assert Interchange.objects.get().state == "processed"
    assert journal.history([("interchange", stored.interchange_id)])[0].facts[state] == 1


def test_a_failed_message_may_be_taken_later_and_what_was_taken_stands(world: World, stored) -> None:
    ((message, _),) = stored.messages
    record(world, stored.interchange_id, Outcome(message, "failed", ()))
    record(world, stored.interchange_id, Outcome(message, "taken", ()))

    # Another process worked on the same message, and comes second.
    record(world, stored.interchange_id, Outcome(message, "failed", ()))

    assert Message.objects.get(pk=message).state == "taken"


def test_an_unknown_interchange_is_not_found(world: World) -> None:
    with refused(NotFound):
        record(world, 0)
