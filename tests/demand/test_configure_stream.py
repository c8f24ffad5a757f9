"""Rules of a stream, numbers that never come, what a customer may change and what its words mean."""

import pytest

from milkrun.demand.commands.configure_stream import StreamRules, configure_stream
from milkrun.demand.commands.map_status import map_status
from milkrun.demand.commands.set_call_rule import set_call_rule
from milkrun.demand.commands.skip_number import skip_number
from milkrun.demand.errors import SequenceGap, SequenceTaken, StreamInUse
from milkrun.demand.models import CallRule, ExternalStatus, SequenceStream, SkippedNumber
from milkrun.insight.queries import verify
from milkrun.kernel.errors import Invalid, NotFound
from tests.refusals import refused
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


def configure(world: World, rules: StreamRules) -> None:
    configure_stream(
        site_id=world.site_id, partner_id=world.partner_id, ship_to_code="21", code="03", rules=rules,
        actor=world.actor, at=world.later(),
    )  # fmt: skip


def skip(world: World, number: str, reason: str = "blocked car") -> bool:
    return skip_number(
        site_id=world.site_id, partner_id=world.partner_id, ship_to_code="21", stream_code="03", number=number,
        reason=reason, source="manual", actor=world.actor, at=world.later(),
    ).again  # fmt: skip


def test_an_announced_skip_closes_the_gap_and_a_late_number_still_finds_its_slot(world: World) -> None:
    calls = world.packed(world.sequenced(471, parts=(SEAT,)), world.sequenced(473, parts=(SEAT,)))
    with refused(SequenceGap):
        world.deliver(*calls)

    assert (skip(world, "0472"), skip(world, "0472")) == (False, True)
    world.deliver(*calls)

    world.call(world.sequenced(472))
    assert not SkippedNumber.objects.exists()
    assert verify().ok


def test_a_number_that_a_call_has_is_not_skipped(world: World) -> None:
    world.call(world.sequenced(471))
    with refused(SequenceTaken):
        skip(world, "0471")
    with refused(Invalid):
        skip(world, "twelve")
    with refused(Invalid):
        skip(world, "0472", reason="")


def test_rules_hold_from_now_on_and_places_keep_their_numbers(world: World) -> None:
    world.call(world.sequenced(471))
    configure(world, StreamRules(largest=999, gap_rule="none", issue_rule="none", takt_minutes=2))

    stream = SequenceStream.objects.get()
    assert (stream.largest, stream.gap_rule, stream.takt_minutes) == (999, "none", 2)
    with refused(StreamInUse):
        configure(world, StreamRules(largest=400))
    with refused(Invalid):
        configure(world, StreamRules(packing_rule="perhaps"))


def test_loads_made_before_a_stream_blocked_gaps_are_no_breach(world: World) -> None:
    world.call(world.sequenced(470))
    configure(world, StreamRules(gap_rule="none", issue_rule="none"))
    world.deliver(*world.packed(world.sequenced(471, parts=(SEAT,))))

    configure(world, StreamRules())

    assert verify().ok


def test_what_a_customer_may_change_and_what_its_words_mean(world: World) -> None:
    who = {"partner_id": world.partner_id, "actor": world.actor, "at": world.later()}
    set_call_rule(change_after_release="ask", **who)
    map_status(transmitted="BLOCKED", action="skip", **who)
    map_status(transmitted="BLOCKED", action="cancel", **who)

    assert CallRule.objects.get().change_after_release == "ask"
    assert ExternalStatus.objects.get().action == "cancel"
    map_status(transmitted="BLOCKED", action="", **who)
    assert not ExternalStatus.objects.exists()
    with refused(Invalid):
        set_call_rule(change_after_release="never", **who)
    with refused(Invalid):
        map_status(transmitted="", action="dance", **who)
    with refused(NotFound):
        set_call_rule(change_after_release="ask", **{**who, "partner_id": 0})
