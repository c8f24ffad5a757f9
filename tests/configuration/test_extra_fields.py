"""A company adds fields of its own; what does not fit a field is refused with the field's name."""

from typing import Any

import pytest

from milkrun.configuration import queries
from milkrun.configuration.commands.define_field import define_field
from milkrun.configuration.commands.fill_fields import fill_fields
from milkrun.configuration.errors import FieldNotPossible, FieldTaken, UnknownField, ValueNotPossible
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def define(world: World, **given: Any):
    whole = {"noun": "part", "key": "colour", "label": "Colour", "kind": "text", **given}
    return define_field(**whole, actor=world.actor, at=world.later())


def fill(world: World, **values: str):
    return fill_fields(noun="part", row_id=world.parts["SEAT-105A"], values=values, actor=world.actor, at=world.later())


def shown(world: World) -> dict[str, str]:
    return {field.key: field.value for field in queries.filled("part", world.parts["SEAT-105A"])}


def test_a_row_says_what_was_filled_in_and_an_empty_value_goes(world: World) -> None:
    define(world)
    define(world, key="grade", label="Grade", kind="choice", choices=["A", "B"])

    first = fill(world, colour="black", grade="B")
    fill(world, colour="")

    assert first.changed == ("colour", "grade")
    assert shown(world) == {"colour": "", "grade": "B"}
    assert queries.values_of("part", [world.parts["SEAT-105A"]]) == {world.parts["SEAT-105A"]: {"grade": "B"}}


def test_a_retired_field_is_not_shown_and_its_values_come_back_with_it(world: World) -> None:
    define(world)
    fill(world, colour="black")

    define(world, retired=True)
    hidden = shown(world)
    define(world)

    assert hidden == {}
    assert shown(world) == {"colour": "black"}


@pytest.mark.parametrize(
    ("given", "field"),
    [({"noun": "cow"}, "noun"), ({"key": "Colour!"}, "key"), ({"label": " "}, "label"), ({"kind": "blob"}, "kind"),
     ({"kind": "choice", "choices": ["only"]}, "choices"),
     ({"kind": "choice", "choices": ["a", "b" * 61]}, "choice")],
)  # fmt: skip
def test_a_field_that_cannot_be_is_refused_by_name(world: World, given: dict[str, Any], field: str) -> None:
    with refused(FieldNotPossible) as caught:
        define(world, **given)

    assert [problem.field for problem in caught.value.problems] == [field]


def test_a_field_does_not_change_its_kind(world: World) -> None:
    define(world)

    with refused(FieldTaken):
        define(world, kind="number")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [("number", "12.5", "12,5"), ("number", "-3", "1e3"), ("date", "2026-11-22", "22.11.2026"),
     ("yes_no", "yes", "true"), ("choice", "A", "C"), ("text", "x" * 200, "x" * 201)],
)  # fmt: skip
def test_a_value_fits_its_field_or_is_refused(world: World, kind: str, good: str, bad: str) -> None:
    define(world, kind=kind, choices=["A", "B"])

    fill(world, colour=good)
    with refused(ValueNotPossible) as caught:
        fill(world, colour=bad)

    assert shown(world) == {"colour": good}
    assert caught.value.problems[0].field == "colour"


def test_a_field_that_nobody_made_is_refused(world: World) -> None:
    with refused(UnknownField):
        fill(world, weight="3")
