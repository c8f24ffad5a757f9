"""Rows written in bulk are the rows that were given, whatever their texts hold."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from milkrun.demand.models import Component, ComponentGroup, JitCall, PackingSlot
from milkrun.demand.steps import create, racks
from milkrun.exchange.commands import store_interchange
from milkrun.exchange.models import Message
from milkrun.kernel import bulk, journal
from milkrun.kernel.models import JournalEntry, Series

pytestmark = pytest.mark.django_db

AWKWARD = ["tab\t", "line\nend", "carriage\rreturn", "back\\slash", "\\N", "\\.", "", "quote'\"", "ünïcödé", "%s", " "]


@pytest.mark.parametrize("count", [3, 40])
def test_awkward_texts_come_back_as_they_were(count: int) -> None:
    names = [f"{number}{AWKWARD[number % len(AWKWARD)]}" for number in range(count)]

    bulk.insert("kernel_series", ("name", "last"), [(name, number) for number, name in enumerate(names)])

    assert list(Series.objects.order_by("last").values_list("name", flat=True)) == names


def test_nulls_come_back_as_nulls_beside_texts_that_look_like_them() -> None:
    rows = [("\\N", None)] * 30

    text = bulk.copy_text(rows, 2)

    assert text == "\\\\N\t\\N\n" * 30


def test_keys_that_were_taken_are_free_and_the_next_row_goes_behind_them() -> None:
    first = Series.objects.create(name="before")

    keys = bulk.take_keys("kernel_series", 30)
    bulk.insert("kernel_series", ("id", "name", "last"), [(key, f"row {key}", 0) for key in keys])
    after = Series.objects.create(name="after")

    assert len(set(keys)) == 30
    assert min(keys) > first.pk
    assert after.pk > max(keys)


@pytest.mark.parametrize("count", [2, 60])
def test_the_checks_of_the_database_apply(count: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert("kernel_series", ("name", "last"), [(f"row {number}", -1) for number in range(count)])

    assert not Series.objects.exists()


def test_a_watcher_of_statements_sees_the_rows_go_in() -> None:
    seen: list[str] = []

    def watch(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        bulk.insert("kernel_series", ("name", "last"), [(f"row {number}", 0) for number in range(60)])

    assert len(seen) == 1
    assert "kernel_series" in seen[0]


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (JitCall, create._CALL),
        (ComponentGroup, create._GROUP),
        (Component, create._COMPONENT),
        (PackingSlot, racks._SLOT),
        (JournalEntry, journal._COLUMNS),
        (Message, store_interchange._MESSAGE),
    ],
)
def test_rows_written_in_bulk_name_every_column_that_needs_a_value(model, columns) -> None:
    needed = {field.column for field in model._meta.fields if not field.null and field.column != "id"}

    assert needed - set(columns) == set()
    assert set(columns) <= {field.column for field in model._meta.fields}


@pytest.mark.parametrize("count", [1, 50])
def test_each_row_gets_its_own_new_values(count: int) -> None:
    keys = bulk.take_keys("kernel_series", count)
    bulk.insert("kernel_series", ("id", "name", "last"), [(key, f"old {key}", 0) for key in keys])
    other = Series.objects.create(name="other", last=7)

    bulk.update(
        "kernel_series",
        {"name": "text", "last": "bigint"},
        [(key, f"{AWKWARD[number % len(AWKWARD)]} {number}", number) for number, key in enumerate(keys)],
    )

    written = Series.objects.filter(pk__in=keys).order_by("pk").values_list("name", "last")
    assert list(written) == [(f"{AWKWARD[number % len(AWKWARD)]} {number}", number) for number in range(count)]
    other.refresh_from_db()
    assert (other.name, other.last) == ("other", 7)


def test_journal_entries_are_one_statement_however_many() -> None:
    from datetime import UTC, datetime

    from milkrun.kernel.identity import Actor

    entries = [journal.Entry("test", "call", number, facts={"n": [1, "é"]}) for number in range(100)]

    with CaptureQueriesContext(connection) as seen:
        journal.write(entries, actor=Actor("Anna", "cli"), at=datetime(2026, 1, 1, tzinfo=UTC))

    assert len(seen) <= 1
    assert JournalEntry.objects.filter(facts={"n": [1, "é"]}).count() == 100
