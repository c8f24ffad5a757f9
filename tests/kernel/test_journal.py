"""The one log: who, by which door, what, when, from where to where, why."""

from datetime import UTC, datetime

import pytest

from milkrun.kernel import journal
from milkrun.kernel.identity import Actor
from milkrun.kernel.models import JournalEntry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 19, 50, tzinfo=UTC)
ANNA = Actor("anna@plant.example", "web", 7, "req-1")


def write(*entries: journal.Entry) -> None:
    journal.write(entries, actor=ANNA, at=NOW)


def test_an_entry_keeps_everything_about_who_and_what() -> None:
    write(journal.Entry("release_call", "call", 5, 1, "created", "released", "rush", {"jobs": [1]}))

    row = JournalEntry.objects.values().get()
    assert {**row, "id": 0} == {
        "id": 0, "at": NOW, "actor": ANNA.name, "user_id": 7, "via": "web", "request_id": "req-1",
        "action": "release_call", "subject_kind": "call", "subject_id": 5, "site_id": 1, "before": "created",
        "after": "released", "reason": "rush", "facts": {"jobs": [1]},
    }  # fmt: skip


def test_a_history_merges_its_subjects_newest_first_and_stops_at_the_limit() -> None:
    for number in range(6):
        write(journal.Entry(f"step{number}", ("call", "group", "other")[number % 3], 1))

    actions = [line.action for line in journal.history([("call", 1), ("group", 1)], limit=3)]

    assert actions == ["step4", "step3", "step1"]


def test_a_long_reason_is_cut_not_refused() -> None:
    write(journal.Entry("cancel_call", "call", 1, reason="x" * 500))

    assert len(JournalEntry.objects.get().reason) == 400


def test_the_newest_number_changes_with_every_entry() -> None:
    before = journal.latest()
    write(journal.Entry("a", "call", 1))

    assert journal.latest() > before
