"""People are let in with roles and a password that is worth the name."""

import pytest

from milkrun.kernel.errors import Invalid
from milkrun.partners.commands.create_user import create_user
from milkrun.partners.errors import CodeTaken, RolesOfPortalUser, UnknownCustomer, UnknownRole
from milkrun.partners.models import Role, User
from milkrun.partners.queries import visitor
from milkrun.partners.queries.rights import ROLES
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db
GOOD = "correct horse battery"


def create(world: World, email: str = "Ben@Plant.example", password: str = GOOD, roles: tuple[str, ...] = ()):
    return create_user(email=email, name="Ben", password=password, roles=roles, actor=world.actor, at=world.later())


def test_a_user_has_roles_and_a_password_that_is_not_kept_in_the_clear(world: World) -> None:
    done = create(world, roles=tuple(ROLES)[:2])

    user = User.objects.get(pk=done.user_id)
    assert (user.email, user.realm, user.check_password(GOOD)) == ("ben@plant.example", "staff", True)
    assert GOOD not in user.password
    assert set(Role.objects.filter(user=user).values_list("role", flat=True)) == set(tuple(ROLES)[:2])


def test_an_address_is_used_once_whatever_its_case(world: World) -> None:
    create(world)

    with refused(CodeTaken):
        create(world, email=" BEN@plant.EXAMPLE ")


@pytest.mark.parametrize("password", ["", "short", "password1234"])
def test_a_weak_password_is_refused(world: World, password: str) -> None:
    with refused(Invalid) as caught:
        create(world, password=password)

    assert [problem.code for problem in caught.value.problems] == ["weak_password"]


def test_a_person_of_a_customer_has_the_portal_and_no_role(world: World) -> None:
    who = {"name": "Berta", "password": GOOD, "actor": world.actor, "at": world.later()}

    done = create_user(email="berta@oem.example", roles=(), customer="OEM01", **who)

    user = User.objects.get(pk=done.user_id)
    assert (user.realm, user.partner_id, user.roles.count()) == ("customer", world.partner_id, 0)
    assert visitor(user.pk).partner.code == "OEM01"
    with refused(RolesOfPortalUser):
        create_user(email="other@oem.example", roles=("auditor",), customer="OEM01", **who)
    with refused(UnknownCustomer):
        create_user(email="other@oem.example", roles=(), customer="NOBODY", **who)


def test_a_role_that_does_not_exist_is_refused_by_name(world: World) -> None:
    with refused(UnknownRole) as caught:
        create(world, roles=("king",))

    assert "king" in caught.value.message
