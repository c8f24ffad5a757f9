"""Rights are edited without code and count at once; nobody can lock everybody out."""

import pytest

from milkrun.partners import queries
from milkrun.partners.commands.assign_roles import assign_roles
from milkrun.partners.commands.create_user import create_user
from milkrun.partners.commands.define_role import define_role
from milkrun.partners.errors import LastAdministrator, RoleNotPossible, RolesOfPortalUser, UnknownPerson, UnknownRole
from milkrun.partners.models import User
from milkrun.partners.queries.rights import ROLES
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db
BEN = "ben@plant.example"


def define(world: World, name: str, *actions: str, title: str = ""):
    return define_role(name=name, actions=actions, title=title, actor=world.actor, at=world.later())


def assign(world: World, *roles: tuple[str, str], email: str = BEN, active: bool = True):
    return assign_roles(email=email, roles=roles, active=active, actor=world.actor, at=world.later())


@pytest.fixture
def ben(world: World) -> User:
    for email, role in ((BEN, "packer"), ("root@plant.example", "admin")):
        create_user(email=email, name="Ben", password="correct horse battery", roles=[role], actor=world.actor,
                    at=world.later())  # fmt: skip
    return User.objects.get(email=BEN)


def test_a_right_given_to_a_role_counts_for_everybody_who_has_it(world: World, ben: User) -> None:
    assert "view_jobs" not in queries.access(ben.pk).actions

    define(world, "packer", *ROLES["packer"], "view_jobs")

    assert queries.access(ben.pk).actions == ROLES["packer"] | {"view_jobs"}


def test_a_right_taken_from_a_role_is_gone_and_the_product_s_own_set_comes_back(world: World, ben: User) -> None:
    define(world, "packer", "view_packing")
    taken = queries.access(ben.pk).actions

    define(world, "packer", *ROLES["packer"])

    assert taken == {"view_packing"}
    assert queries.access(ben.pk).actions == ROLES["packer"]
    assert not next(role for role in queries.role_rights() if role.name == "packer").changed


def test_a_company_has_a_role_of_its_own(world: World, ben: User) -> None:
    define(world, "forklift", "view_stock", "move_stock", title="Forklift driver")

    assign(world, ("forklift", "MAIN"))

    assert queries.access(ben.pk).actions == {"view_stock", "move_stock"}
    assert queries.access(ben.pk).site.code == "MAIN"


@pytest.mark.parametrize(
    ("name", "actions", "title"),
    [("admin", (), ""), ("Fork Lift", (), "F"), ("forklift", (), ""), ("packer", ("fly",), ""),
     ("packer", (), "x" * 41)],
)  # fmt: skip
def test_a_role_that_cannot_be_is_refused(world: World, name: str, actions: tuple[str, ...], title: str) -> None:
    with refused(RoleNotPossible):
        define(world, name, *actions, title=title)


def test_a_person_who_is_shut_out_may_do_nothing_any_more(world: World, ben: User) -> None:
    assign(world, ("packer", ""), active=False)

    assert queries.access(ben.pk).actions == frozenset()


def test_an_unknown_person_role_or_site_is_refused(world: World, ben: User) -> None:
    with refused(UnknownPerson):
        assign(world, ("packer", ""), email="nobody@plant.example")
    with refused(UnknownRole) as caught:
        assign(world, ("king", ""), ("packer", "MOON"))

    assert {problem.field for problem in caught.value.problems} == {"roles", "sites"}


def test_a_person_of_a_customer_is_shut_out_and_let_in_and_never_given_a_role(world: World, ben: User) -> None:
    who = {"actor": world.actor, "at": world.later()}
    create_user(email="berta@oem.example", name="Berta", password="correct horse battery", roles=(), customer="OEM01",
                **who)  # fmt: skip
    berta = User.objects.get(email="berta@oem.example")

    with refused(RolesOfPortalUser):
        assign(world, ("packer", ""), email=berta.email)
    assign(world, email=berta.email, active=False)

    assert queries.visitor(berta.pk) is None
    assign(world, email=berta.email, active=True)
    assert queries.visitor(berta.pk) is not None
    assert queries.access(berta.pk).actions == frozenset()


def test_the_last_administrator_stays_one(world: World, ben: User) -> None:
    with refused(LastAdministrator):
        assign(world, ("packer", ""), email="root@plant.example")
    assign(world, ("admin", ""))

    assign(world, ("packer", ""), email="root@plant.example")

    assert "admin" not in queries.access(User.objects.get(email="root@plant.example").pk).roles
