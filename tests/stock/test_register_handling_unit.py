"""A handling unit of another system keeps its own code; a code is known once."""

import pytest

from milkrun.insight.queries import verify
from milkrun.kernel.errors import Invalid
from milkrun.measure.identifiers import sscc
from milkrun.stock.commands.register_handling_unit import register_handling_unit
from milkrun.stock.errors import SsccTaken, UnknownLocation
from milkrun.stock.models import HandlingUnit, Sscc
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db

THEIRS = sscc(1, "7612345", 42)


def register(world: World, code: str = THEIRS, place: str = "DOCK1", kind: str = "pallet"):
    return register_handling_unit(
        site_id=world.site_id, sscc=code, location_id=world.places[place], kind=kind, actor=world.actor,
        at=world.later(),
    )  # fmt: skip


def test_a_foreign_unit_is_known_under_its_own_code_and_reporting_it_again_changes_nothing(world: World) -> None:
    first, again = register(world), register(world)

    assert first == again
    assert (first.foreign, Sscc.objects.get(sscc=THEIRS).made_outside) == (True, True)
    assert HandlingUnit.objects.get().location.code == "DOCK1"
    assert verify().ok


def test_a_code_that_cannot_be_or_is_used_is_refused(world: World) -> None:
    with refused(Invalid):
        register(world, code=THEIRS[:-1] + str((int(THEIRS[-1]) + 1) % 10))
    with refused(Invalid) as ours:
        from django.conf import settings

        register(world, code=sscc(settings.MILKRUN_GS1_EXTENSION, settings.MILKRUN_GS1_PREFIX, 999))
    with refused(Invalid):
        register(world, kind="balloon")
    with refused(UnknownLocation):
        register(world, place="CUSTOMER")

    assert ours.value.problems[0].code == "not_given_out"
    gone = world.deliver(*world.packed(world.summarized("DON1", qty="4"))).handling_units[0]
    with refused(SsccTaken):
        register(world, code=gone)
