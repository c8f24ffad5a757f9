"""Webhooks against a real receiver: signed, in order, once each; down, slow, silent and hostile receivers."""

import json
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from milkrun.connections.commands.change_webhook import change_webhook
from milkrun.connections.commands.create_webhook import WebhookCreated, create_webhook
from milkrun.connections.commands.replay_events import replay_events
from milkrun.connections.commands.rotate_webhook_secret import rotate_webhook_secret
from milkrun.connections.commands.send_test_event import send_test_event
from milkrun.connections.commands.switch_webhook import switch_webhook
from milkrun.connections.errors import UnknownNote
from milkrun.connections.models import Note, Webhook
from milkrun.connections.queries.secrets import secret_of
from milkrun.connections.queries.webhooks import notes, webhook
from milkrun.demand.commands.resequence_calls import Move, resequence_calls
from milkrun.gateway.addresses import networks
from milkrun.gateway.events import derive_events
from milkrun.gateway.webhooks import send_events
from milkrun.kernel.errors import IllegalMove, Invalid
from tests.connections.receiver import LOST, Receiver, receiver
from tests.connections.standard_webhooks import verified
from tests.refusals import refused
from tests.world import World

HERE = networks("127.0.0.0/8")


@pytest.fixture
def erp() -> Any:
    with receiver() as known:
        yield known


def hook(world: World, url: str, *kinds: str, **other: Any) -> WebhookCreated:
    """Make a webhook."""
    return create_webhook(name="ERP", url=url, kinds=kinds or ("*",), actor=world.actor, at=world.later(), **other)


def turn(world: World, minutes: int = 1, allowed: Any = HERE) -> int:
    """Let the worker look once."""
    at = world.later(minutes)
    derive_events(at=at)
    return send_events(allowed=allowed, actor=world.actor, at=at)


def told(known: Receiver) -> list[dict[str, Any]]:
    """Read what the receiver was told."""
    return [json.loads(one.body) for one in known.came]


def test_what_happens_is_told_once_in_order_and_signed(world: World, erp: Receiver) -> None:
    made = hook(world, erp.url, "call.received", "call.state_changed", "delivery.issued", "job.confirmed")
    world.packed(world.summarized("DON1"))
    turn(world)
    turn(world)

    kinds = [one["type"] for one in told(erp)]

    assert kinds[0] == "call.received"
    assert kinds.count("call.received") == kinds.count("job.confirmed") == 1
    states = [one["data"]["state"] for one in told(erp) if one["type"] == "call.state_changed"]
    assert states == ["released", "ready", "in_packing", "packed"]
    assert told(erp)[0]["data"]["number"] == "DON1"
    assert len({one.headers["webhook-id"] for one in erp.came}) == len(erp.came)
    assert all(verified(secret_of(made.public_id, 1), one.headers, one.body, world.now.timestamp()) for one in erp.came)
    assert not verified(
        secret_of(made.public_id, 1), erp.came[0].headers, erp.came[0].body + b" ", world.now.timestamp()
    )


def test_a_call_moved_in_its_sequence_is_told_as_changed(world: World, erp: Receiver) -> None:
    call = world.call(world.sequenced(1))
    hook(world, erp.url, "call.changed")
    resequence_calls(moves=[Move(call, "2")], reason="line", actor=world.actor, at=world.later())
    turn(world)

    assert [one["data"]["facts"]["changed"] for one in told(erp)] == [{"sequence_text": ["0001", "2"]}]


def test_movements_are_told_each_once_by_their_number(world: World, erp: Receiver) -> None:
    hook(world, erp.url, "stock.moved")
    for _ in range(3):
        world.receive("FOAM", "5", "LINE1")
        turn(world)

    assert [one["data"]["qty"] for one in told(erp)] == ["5", "5", "5"]
    assert len({one["data"]["cursor"] for one in told(erp)}) == 3
    assert told(erp)[0]["data"]["to_location"] == "LINE1"


def test_what_happened_before_and_at_other_sites_is_not_told(world: World, erp: Receiver) -> None:
    from milkrun.partners.commands.create_site import create_site

    world.call(world.summarized("EARLY"))
    other = create_site(code="TWO", name="Two", zone="UTC", docks=(), actor=world.actor, at=world.later())
    hook(world, erp.url, "call.received", site_id=other.site_id)
    world.call(world.summarized("HERE"))
    turn(world)

    assert erp.came == []


def test_a_receiver_that_is_down_is_asked_again_by_the_ladder_and_gets_everything_in_order(
    world: World, erp: Receiver
) -> None:
    made = hook(world, erp.url, "call.received")
    erp.answers = [503, 503, 500]
    for number in range(5):
        world.call(world.summarized(f"DON{number}"))

    sent = [turn(world, minutes) for minutes in (1, 1, 2, 4, 6, 11)]

    assert sent == [0, 0, 0, 0, 0, 5]
    ids = [one.headers["webhook-id"] for one in erp.came]
    assert ids[:3] == [ids[3]] * 3, "the same event is tried until it is through"
    assert [one["data"]["number"] for one in told(erp)[3:]] == [f"DON{n}" for n in range(5)]
    assert {one.body for one in erp.came[:4]} == {erp.came[3].body}
    assert webhook(made.public_id).failing_since is None


def test_a_lost_reply_leads_to_the_same_bytes_under_the_same_id(world: World, erp: Receiver) -> None:
    hook(world, erp.url, "call.received")
    erp.answers = [LOST]
    world.call(world.summarized("DON1"))
    turn(world)
    turn(world, 3)

    first, second = erp.came

    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_a_redirect_is_not_followed_wherever_it_leads(world: World, erp: Receiver) -> None:
    made = hook(world, erp.url, "call.received")
    erp.answers = [erp.url.replace("/hooks", "/inside"), 204]
    world.call(world.summarized("DON1"))
    turn(world)

    assert [one.path for one in erp.came] == ["/hooks"]
    assert "redirects" in notes(made.public_id).rows[0].last_error


def test_private_addresses_are_refused_unless_the_installation_lists_their_network(world: World, erp: Receiver) -> None:
    made = hook(world, erp.url, "call.received")
    world.call(world.summarized("DON1"))

    turn(world, allowed=())

    assert erp.came == []
    assert "private network" in notes(made.public_id).rows[0].last_error


def test_a_slow_receiver_is_given_up_after_its_time_and_another_one_is_served(
    world: World, erp: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from milkrun.gateway import webhooks

    monkeypatch.setattr(webhooks, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(webhooks, "CONNECT_SECONDS", 0.3)
    slow = hook(world, erp.url, "call.received")
    never = threading.Event()
    with receiver() as healthy:
        create_webhook(name="MES", url=healthy.url, kinds=["*"], actor=world.actor, at=world.later())
        erp.answers = [never]
        world.call(world.summarized("DON1"))
        turn(world)
        never.set()

        assert len(healthy.came) >= 1
    assert notes(slow.public_id).rows[0].last_error.startswith("No answer")


def test_an_event_refused_for_good_is_held_and_the_next_ones_go_on(world: World, erp: Receiver) -> None:
    made = hook(world, erp.url, "call.received")
    erp.answers = [422]
    for number in range(3):
        world.call(world.summarized(f"DON{number}"))
    turn(world)
    turn(world)

    assert [one["data"]["number"] for one in told(erp)] == ["DON0", "DON1", "DON2"]
    (held,) = notes(made.public_id, "held").rows
    assert (held.last_status, held.may_send_again) == (422, True)

    replay_events(webhook_id=made.webhook_id, event_ids=[held.event_id], actor=world.actor, at=world.later())
    turn(world)

    assert told(erp)[3] == told(erp)[0]
    assert webhook(made.public_id).held == 0


def test_everything_since_an_instant_is_sent_again_under_the_same_ids(world: World, erp: Receiver) -> None:
    made = hook(world, erp.url, "call.received")
    world.call(world.summarized("OLD"))
    turn(world)
    since = world.later()
    for number in range(3):
        world.call(world.summarized(f"DON{number}"))
    turn(world)

    done = replay_events(webhook_id=made.webhook_id, since=since, actor=world.actor, at=world.later())
    turn(world)

    assert done.events == 3
    assert [one.headers["webhook-id"] for one in erp.came[4:]] == [one.headers["webhook-id"] for one in erp.came[1:4]]
    with refused(UnknownNote):
        replay_events(webhook_id=made.webhook_id, event_ids=["0" * 16], actor=world.actor, at=world.later())


def test_two_secrets_are_live_after_a_rotation_and_one_after_a_day(world: World, erp: Receiver) -> None:
    made = hook(world, erp.url, "call.received")
    new = rotate_webhook_secret(webhook_id=made.webhook_id, actor=world.actor, at=world.later())
    world.call(world.summarized("DON1"))
    turn(world)
    world.call(world.summarized("DON2"))
    turn(world, 24 * 60 + 5)

    both, alone = [
        [verified(secret, one.headers, one.body, int(one.headers["webhook-timestamp"])) for secret in
         (secret_of(made.public_id, 1), secret_of(made.public_id, new.version))]
        for one in erp.came
    ]  # fmt: skip

    assert new.version == 2
    assert both == [True, True]
    assert alone == [False, True]


def test_days_of_failure_switch_a_webhook_off_and_a_person_lets_it_go_on(world: World, erp: Receiver) -> None:
    from milkrun.kernel.models import JournalEntry

    made = hook(world, erp.url, "call.received")
    erp.answers = [503] * 100
    world.call(world.summarized("DON1"))
    for _ in range(40):
        turn(world, 240)
        if webhook(made.public_id).state == "disabled":
            break

    assert webhook(made.public_id).state == "disabled"
    assert JournalEntry.objects.filter(action="disable_webhook").count() == 1
    tried = len(erp.came)
    turn(world, 600)
    assert len(erp.came) == tried

    erp.answers = []
    switch_webhook(webhook_id=made.webhook_id, switch="resume", actor=world.actor, at=world.later())
    turn(world)

    assert told(erp)[-1]["data"]["number"] == "DON1"
    with refused(IllegalMove):
        switch_webhook(webhook_id=made.webhook_id, switch="resume", actor=world.actor, at=world.later())


def test_a_test_event_goes_to_one_webhook_at_once(world: World, erp: Receiver) -> None:
    made = hook(world, erp.url, "call.received")
    erp.answers = [503]
    world.call(world.summarized("DON1"))
    turn(world)

    send_test_event(webhook_id=made.webhook_id, actor=world.actor, at=world.later())
    turn(world, 0)

    assert [one["type"] for one in told(erp)] == ["call.received", "call.received", "webhook.test"]


def test_a_webhook_without_name_address_or_kind_is_refused_with_every_problem(world: World) -> None:
    bad: dict[str, Any] = {"name": " ", "url": "https://user:word@erp.example/", "kinds": ["call.flies"]}
    with refused(Invalid) as caught:
        create_webhook(**bad, actor=world.actor, at=world.later())

    assert [problem.field for problem in caught.value.problems] == ["name", "url", "kinds"]  # type: ignore[attr-defined]
    made = hook(world, "https://erp.example/")
    with refused(Invalid):
        change_webhook(webhook_id=made.webhook_id, **bad, actor=world.actor, at=world.later())


def test_a_changed_address_gets_what_waits(world: World, erp: Receiver) -> None:
    made = hook(world, "http://127.0.0.1:9/none", "call.received")
    world.call(world.summarized("DON1"))
    turn(world)

    change_webhook(
        webhook_id=made.webhook_id, name="ERP 2", url=erp.url, kinds=["*"], actor=world.actor, at=world.later()
    )
    turn(world, 0)

    assert [one["data"]["number"] for one in told(erp)] == ["DON1"]


def test_a_removed_webhook_is_told_nothing_more(world: World, erp: Receiver) -> None:
    made = hook(world, erp.url, "call.received")
    world.call(world.summarized("DON1"))
    derive_events(at=world.later())
    switch_webhook(webhook_id=made.webhook_id, switch="remove", actor=world.actor, at=world.later())
    turn(world)

    assert erp.came == []
    with refused(Invalid):
        switch_webhook(webhook_id=made.webhook_id, switch="fly", actor=world.actor, at=world.later())


def test_two_workers_send_an_event_once(world: World, erp: Receiver) -> None:
    from milkrun.connections.commands.claim_events import claim_events
    from milkrun.connections.commands.record_event_sent import record_event_sent
    from milkrun.connections.errors import StaleClaim

    made = hook(world, erp.url, "call.received")
    world.call(world.summarized("DON1"))
    derive_events(at=world.later())
    first = claim_events(webhook_id=made.webhook_id, at=world.later())

    assert claim_events(webhook_id=made.webhook_id, at=world.now).letters == ()

    second = claim_events(webhook_id=made.webhook_id, at=world.later(3))
    with refused(StaleClaim):
        record_event_sent(note_id=first.letters[0].note_id, lease=first.letters[0].lease, status=204, at=world.later())
    record_event_sent(note_id=second.letters[0].note_id, lease=second.letters[0].lease, status=204, at=world.later())
    assert Note.objects.get().state == "sent"


def test_the_secret_is_not_in_the_database(world: World) -> None:
    made = hook(world, "https://erp.example/hooks")
    kept = repr(list(Webhook.objects.values()))

    assert made.public_id in kept
    assert secret_of(made.public_id, 1) not in kept
    assert secret_of(made.public_id, 1).startswith("whsec_")


def test_a_feed_that_another_worker_read_on_is_not_read_twice(world: World) -> None:
    from milkrun.connections.commands.record_events import record_events
    from milkrun.connections.errors import FeedMoved

    record_events(feed="journal", read_from=0, read_to=10, events=(), at=world.now)
    with refused(FeedMoved):
        record_events(feed="journal", read_from=0, read_to=12, events=(), at=world.now)


def test_old_events_are_let_go_and_waiting_ones_stay(world: World, erp: Receiver) -> None:
    from milkrun.connections.commands.forget_old_events import forget_old_events
    from milkrun.connections.models import Event

    hook(world, erp.url, "call.received")
    erp.answers = [204, 422]
    for number in range(2):
        world.call(world.summarized(f"DON{number}"))
    turn(world)
    later: datetime = world.now + timedelta(days=91)

    gone = forget_old_events(at=later)

    assert gone.events == 1
    assert gone.faults == 1
    assert Event.objects.count() == 1
