"""The language a person reads in, and the one a partner is written to."""

import pytest

from milkrun.kernel.errors import Invalid, NotFound
from milkrun.partners.commands.choose_language import choose_language
from milkrun.partners.commands.create_user import create_user
from milkrun.partners.commands.set_partner_language import set_partner_language
from milkrun.partners.models import Partner, User
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def person(world: World) -> int:
    made = create_user(
        email="anna@plant.example", name="Anna", password="correct horse battery", roles=["packer"],
        actor=world.actor, at=world.later(),
    )  # fmt: skip
    return made.user_id


def test_a_person_chooses_a_language_and_takes_it_back(world: World) -> None:
    user = person(world)
    who = {"actor": world.actor, "at": world.later()}

    chosen = choose_language(user_id=user, language="de", **who)
    kept = User.objects.get(pk=user).language
    choose_language(user_id=user, language="", **who)

    assert (chosen.language, kept, User.objects.get(pk=user).language) == ("de", "de", "")


def test_a_language_that_is_not_spoken_is_refused(world: World) -> None:
    user = person(world)

    with refused(Invalid) as caught:
        choose_language(user_id=user, language="tlh", actor=world.actor, at=world.later())

    assert caught.value.problems[0].code == "unknown_language"


def test_nobody_s_language_is_not_found(world: World) -> None:
    with refused(NotFound):
        choose_language(user_id=0, language="de", actor=world.actor, at=world.later())


def test_a_partner_s_language_is_kept(world: World) -> None:
    set_partner_language(partner_id=world.partner_id, language="de", actor=world.actor, at=world.later())

    assert Partner.objects.get(pk=world.partner_id).language == "de"


@pytest.mark.parametrize(("partner", "language", "why"), [(0, "de", NotFound), (None, "xx", Invalid)])
def test_no_partner_or_no_language_changes_nothing(world: World, partner: int | None, language: str, why: type) -> None:
    key = world.partner_id if partner is None else partner

    with refused(why):
        set_partner_language(partner_id=key, language=language, actor=world.actor, at=world.later())
