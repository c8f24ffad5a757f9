"""What a person sees first, how the product is shaped without code, and where help is found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from milkrun.kernel.identity import Actor
from milkrun.partners.queries.rights import ROLES
from milkrun.production.models import Job
from milkrun.web.help.guide import MEASURES, QUESTIONS
from tests.web.door import Door, text_of
from tests.world import World


@pytest.mark.requirement("GDE-195")
def test_the_home_page_shows_exceptions_only_and_the_touchless_share(world: World, door: Callable[[str], Door]) -> None:
    world.actor = Actor("EDI OEM01", "edi")
    # What is required within the hour would be an exception, whatever day it is.
    in_time = replace(world.sequenced(471), required_at=timezone.now() + timedelta(days=2))
    world.release(world.call(in_time))
    quiet = text_of(door("operator").get("/"))
    world.actor = Actor("anna@plant.example", "web")
    world.call(world.sequenced(472, parts=("5N0 881 999 Z",)))

    home = text_of(door("material_planner").get("/"))

    assert "Nothing needs your judgement." in quiet
    assert "1 task for you" in quiet
    assert "Call CALL/472 cannot be released" in home
    assert "CALL/471" not in home
    # Received by file, released by the file's rule, received by hand: two of three.
    assert "66 % without a hand" in text_of(door("admin").get("/"))


@pytest.mark.requirement("GDE-043")
def test_each_role_has_its_own_home_a_task_list_and_a_guide(world: World, door: Callable[[str], Door]) -> None:
    world.release(world.call(world.sequenced(471)))
    called = {"shipping": "deliveries to send", "operator": "open jobs", "billing": "shipped, not billed"}

    homes = {role: text_of(door(role).get("/")) for role in called}
    tasks = {role: text_of(door(role).get("/today/tasks")) for role in ("operator", "billing")}
    guide = door("operator").get("/help/guide").content.decode()

    assert {role: words in homes[role] for role, words in called.items()} == dict.fromkeys(called, True)
    assert "deliveries to send" not in homes["operator"]
    assert f"Make job {Job.objects.get().number}" in tasks["operator"]
    assert "Nothing waits for you." in tasks["billing"]
    assert guide.index('id="role-operator"') < guide.index('id="role-material_planner"')
    assert {f'id="role-{role}"' in guide for role in ROLES if role != "auditor"} == {True}
    assert all(team in guide for team in ("Sales", "Purchasing", "Production", "Finance"))


@pytest.mark.requirement("GDE-245")
def test_help_answers_the_five_questions_and_explains_every_measure_from_any_page(door: Callable[[str], Door]) -> None:
    reader = door("auditor")

    guide = unescape(text_of(reader.get("/help/guide")))
    pages = [reader.get(path).content.decode() for path in ("/", "/calls", "/stock", "/deliveries", "/billing")]

    assert len(QUESTIONS) == 5
    assert all(str(item.question) in guide and str(item.answer) in guide for item in QUESTIONS)
    assert all(str(measure.name) in guide for measure in MEASURES)
    # The dialog behind the key "?" leads there.
    assert all('<dialog id="keys"' in page and 'href="/help/guide"' in page for page in pages)


@pytest.mark.requirement("GDE-202")
def test_it_is_said_that_everything_is_open_source_and_nothing_is_paid(door: Callable[[str], Door]) -> None:
    assert "There is no paid tier and nothing is held back." in text_of(door("packer").get("/help/guide"))
