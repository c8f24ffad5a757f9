"""A template is copied and changed by the company or for a customer; labels printed before stay what they are."""

from typing import Any

import pytest

from milkrun.kernel.errors import Invalid, NotFound
from milkrun.labels import plain, shipped
from milkrun.printing import queries
from milkrun.printing.commands.save_label_template import save_label_template
from milkrun.printing.errors import NotPrintable, TemplateChanged, UnknownTemplate
from milkrun.stock.models import HandlingUnit
from tests.printing.plant import job, label, unit, who
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def changed(title: str = "Ours") -> dict[str, Any]:
    return {**plain(shipped("tag")), "title": title}


def save(world: World, based_on: int = 0, name: str = "tag", layout: Any = None, **more: Any):
    return save_label_template(name=name, layout=layout or changed(), based_on=based_on, **more, **who(world))


def test_a_new_version_is_in_force_and_old_labels_keep_theirs(world: World) -> None:
    pallet = unit(world, "1")
    before = job(label(world, pallet))

    saved = save(world, reason="new logo")

    after = job(label(world, pallet, reason="new layout"))
    assert (saved.version, before.template_version, after.template_version) == (1, 0, 1)
    assert (before.layout["title"], after.layout["title"]) == ("Handling unit tag", "Ours")
    (row,) = [row for row in queries.templates("UTC") if row.name == "tag"]
    assert (row.version, row.title) == (1, "Ours")


def test_a_customer_s_template_is_taken_for_that_customer_s_goods_only(world: World) -> None:
    save(world, partner_id=world.partner_id, layout=changed("Theirs"))
    world.packed(world.sequenced(471))
    rack = HandlingUnit.objects.get()

    theirs, ours = job(label(world, rack.pk)), job(label(world, unit(world)))

    assert (theirs.layout["title"], ours.layout["title"]) == ("Theirs", "Handling unit tag")


def test_of_two_who_change_the_same_version_the_second_is_told(world: World) -> None:
    save(world)

    with refused(TemplateChanged) as caught:
        save(world)
    save(world, based_on=1)

    assert caught.value.facts == {"version": 1, "by": world.actor.name}


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"name": "../etc"}, Invalid),
        ({"name": "Tag"}, Invalid),
        ({"partner_id": 999_999}, NotFound),
        ({"layout": {"width": 100, "height": 70, "title": "x", "fields": []}}, NotPrintable),
        (
            {"layout": {"width": 100, "height": 70, "title": "x", "fields": [
                {"kind": "text", "x": 1, "y": 1, "w": 5, "h": 5, "source": "{{ settings.SECRET_KEY }}"}]}},
            NotPrintable,
        ),
    ],
)  # fmt: skip
def test_what_is_no_template_is_refused(world: World, more: dict[str, Any], kind: type) -> None:
    with refused(kind):
        save(world, **more)


def test_a_template_of_ones_own_has_a_name_of_its_own(world: World) -> None:
    save(world, name="coil_tag")

    assert queries.layout_for("coil_tag", None)[1] == 1
    with pytest.raises(UnknownTemplate):
        queries.layout_for("unknown", None)
