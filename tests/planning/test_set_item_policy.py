"""A policy is set with its reason; who, when, old and new stay to be read."""

from decimal import Decimal

import pytest

from milkrun.kernel import journal
from milkrun.kernel.errors import NotFound
from milkrun.planning.commands.set_item_policy import set_item_policy
from milkrun.planning.errors import PolicyNotUnderstood
from milkrun.planning.models import ItemPolicy
from milkrun.planning.queries import policy
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def set_foam(world, **fields: object) -> object:
    """Set the policy of FOAM."""
    given = {"method": "reorder_point", "reorder_point": Decimal(200), "target_qty": Decimal(500), "why": "Lead time"}
    return set_item_policy(
        site_id=world.site_id, part_id=world.parts["FOAM"], actor=world.actor, at=world.later(), **given | fields
    )


def test_every_change_keeps_who_when_old_new_and_why(world) -> None:
    first = set_foam(world)
    second = set_foam(world, reorder_point=Decimal("250.5"), why="The supplier became slower")

    lines = journal.history([("item_policy", first.policy_id)])

    assert (first.changed, second.changed) == (("method", "reorder_point", "target"), ("reorder_point",))
    assert (lines[0].reason, lines[0].actor) == ("The supplier became slower", "Anna Test")
    assert lines[0].facts == {"reorder_point": "200 > 250.5"}
    assert lines[1].facts["method"] == "- > reorder_point"
    assert policy(world.site_id, world.parts["FOAM"], "UTC").reorder_point == "250.5 pcs"
    assert ItemPolicy.objects.count() == 1


def test_a_policy_that_contradicts_itself_is_refused_with_every_problem(world) -> None:
    with refused(PolicyNotUnderstood) as caught:
        set_foam(world, method="magic", reorder_point=Decimal(-1), target_qty=Decimal(-2), why=" ")

    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["method", "why", "reorder_point", "target_qty", "target_qty"]


def test_a_reorder_point_policy_needs_the_point(world) -> None:
    with refused(PolicyNotUnderstood):
        set_foam(world, reorder_point=None)


def test_a_part_or_site_nobody_knows_gets_no_policy(world) -> None:
    with refused(NotFound):
        set_item_policy(site_id=world.site_id, part_id=10**6, method="jit", why="x", actor=world.actor, at=world.now)
