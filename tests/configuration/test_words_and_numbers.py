"""States are called and documents numbered as a company likes; what stands in files and in the history stays."""

import pytest

from milkrun.configuration import queries
from milkrun.configuration.commands.configure_numbers import configure_numbers
from milkrun.configuration.commands.rename_states import rename_states
from milkrun.configuration.errors import NumberFormatNotPossible, WordNotPossible
from milkrun.shipping.models import Delivery
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def rename(world: World, language: str = "en", **words: str):
    return rename_states(noun="call", language=language, words=words, actor=world.actor, at=world.later())


def number(world: World, kind: str = "delivery", prefix: str = "LS-", digits: int = 5):
    return configure_numbers(kind=kind, prefix=prefix, digits=digits, actor=world.actor, at=world.later())


def test_a_state_is_called_as_said_in_one_language_only(world: World) -> None:
    rename(world, created="To do", packed=" In  the rack ")

    assert queries.state_words("en") == {("call", "created"): "To do", ("call", "packed"): "In the rack"}
    assert queries.state_words("de") == {}


def test_an_empty_word_gives_the_usual_one_back_and_others_stay(world: World) -> None:
    rename(world, created="To do", packed="Racked")

    rename(world, created="")

    assert queries.state_words("en") == {("call", "packed"): "Racked"}


@pytest.mark.parametrize(
    "words", [{"created": "x" * 41}, {"created": "Done", "packed": "done"}, {"created": "a\u0007b"}]
)
def test_a_word_that_is_too_long_unreadable_or_twice_is_refused(world: World, words: dict[str, str]) -> None:
    with refused(WordNotPossible):
        rename(world, **words)


def test_deliveries_are_numbered_on_in_the_new_way_without_a_gap(world: World) -> None:
    first, second = world.packed(world.summarized("DON1")), world.packed(world.summarized("DON2"))
    world.deliver(*first)

    done = number(world)
    world.deliver(*second)

    assert done.example == "LS-00001"
    assert list(Delivery.objects.order_by("id").values_list("number", flat=True)) == ["D00000001", "LS-00002"]


@pytest.mark.parametrize(
    ("kind", "prefix", "digits"),
    [("letter", "L", 6), ("invoice", "2026", 6), ("invoice", "lower", 6), ("invoice", "TOOLONG", 6),
     ("invoice", "R", 3), ("invoice", "R", 11)],
)  # fmt: skip
def test_numbers_that_could_collide_or_not_be_read_are_refused(
    world: World, kind: str, prefix: str, digits: int
) -> None:
    with refused(NumberFormatNotPossible):
        number(world, kind, prefix, digits)
