"""The harness itself: tests that commit start from an empty database, in every thread and child process."""

import subprocess
import sys
import threading

import pytest
from django.db import connection, connections, transaction

from milkrun.partners.models import Site

CHILD = """
import django
django.setup()
from milkrun.partners.models import Site
Site.objects.create(code="child")
"""


def add_site(name: str) -> None:
    try:
        Site.objects.create(code=name)
    finally:
        connections.close_all()


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_commits_the_next_one_does_not_see(committed_db, turn: int) -> None:
    before = Site.objects.count()

    with transaction.atomic(durable=True):
        Site.objects.create(code=f"turn {turn}")

    assert before == 0


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db
def test_a_test_that_rolls_back_leaves_nothing_either(turn: int) -> None:
    before = Site.objects.count()

    Site.objects.create(code=f"turn {turn}")

    assert before == 0


def test_threads_write_into_the_same_fresh_database(committed_db) -> None:
    threads = [threading.Thread(target=add_site, args=(f"thread {number}",)) for number in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Site.objects.count() == 8


def test_a_child_process_writes_into_the_same_fresh_database(committed_db) -> None:
    subprocess.run([sys.executable, "-c", CHILD], check=True)

    assert Site.objects.get().code == "child"


def test_a_filled_template_is_made_once_and_copied_clean(database_copies, django_db_blocker) -> None:
    made = []

    def fill() -> None:
        made.append(Site.objects.create(code="template"))

    for _ in range(2):
        with database_copies.copy(database_copies.template("harness", fill)):
            names = list(Site.objects.values_list("code", flat=True))
            Site.objects.create(code="copy")

    assert (names, len(made)) == (["template"], 1)


def test_afterwards_the_connection_is_back_at_the_run_s_own_database(database_copies) -> None:
    before = connection.settings_dict["NAME"]

    with database_copies.copy() as copy:
        inside = connection.settings_dict["NAME"]

    assert (inside, connection.settings_dict["NAME"]) == (copy.name, before)
