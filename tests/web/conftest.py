"""A small plant with one person for each role."""

from collections.abc import Callable, Iterator

import pytest

from tests.web.door import PASSWORD, Door


@pytest.fixture(autouse=True)
def _own_words_are_read_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read a company's own words at their first use in a test and then no more, so that statements can be counted."""
    from milkrun.web import words

    monkeypatch.setattr(words, "OWN_SECONDS", 1e9)
    words.forget()
    yield
    words.forget()


@pytest.fixture
def world(db: None):
    from tests.world import build_world

    return build_world()


@pytest.fixture
def door(world) -> Callable[[str], Door]:
    """Make a client that is signed in as a person with one role."""
    from django.contrib.auth import get_user_model

    from milkrun.partners.commands.create_user import create_user

    def signed_in(role: str) -> Door:
        email = f"{role}@plant.example"
        who = {"actor": world.actor, "at": world.later()}
        if not get_user_model().objects.filter(email=email).exists():
            create_user(email=email, name=role, password=PASSWORD, roles=[role], **who)
        client = Door()
        client.force_login(get_user_model().objects.get(email=email), "django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def planner(door: Callable[[str], Door]) -> Door:
    return door("material_planner")


@pytest.fixture
def admin(door: Callable[[str], Door]) -> Door:
    return door("admin")
