"""What happened is never changed: raw SQL that tries is refused by the database itself."""

import pytest
from django.db import DatabaseError, connection, transaction

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from tests.refusals import fingerprint
from tests.world import World

pytestmark = pytest.mark.django_db
TABLES = ["kernel_journalentry", "stock_posting", "stock_movement", "shipping_shippingnotice"]


@pytest.fixture
def shipped(world: World) -> World:
    delivery = world.picked(*world.packed(world.sequenced(471)))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    issue_invoice(delivery_id=delivery, actor=world.actor, at=world.later())
    return world


def refuse(statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "DELETE FROM {} WHERE id = (SELECT max(id) FROM {})"]
)
def test_a_row_is_neither_changed_nor_deleted(shipped: World, table: str, statement: str) -> None:
    before = fingerprint()

    said = refuse(statement.replace("{}", table))

    assert "append_only" in said
    assert fingerprint() == before


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.sqlite_only
def test_a_row_is_not_replaced(shipped: World, table: str) -> None:
    assert "append_only" in refuse(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.postgres_only
def test_a_table_is_not_truncated(shipped: World, table: str) -> None:
    with connection.cursor() as cursor:
        # Checks that wait for the commit would stand in the way before the trigger is asked.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert "append_only" in refuse(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE stock_balance SET on_hand = -1", "balance"),
        ("UPDATE stock_balance SET reserved = on_hand + 1", "balance_reserved_within"),
        ("UPDATE demand_componentgroup SET state = 'lost'", "group_state_known"),
        ("UPDATE demand_jitcall SET state = 'lost'", "call_state_known"),
        ("UPDATE shipping_delivery SET state = 'lost'", "delivery_state_known"),
        ("UPDATE demand_component SET packed_qty = qty + 1", "component_packed_within"),
        ("UPDATE demand_component SET issued_qty = qty + 1", "component_issued_within"),
        ("UPDATE demand_component SET billed_qty = issued_qty + 1", "component_billed_within"),
        ("UPDATE production_jobline SET scrap_qty = -1", "job_line_within"),
        ("UPDATE billing_invoice SET gross_amount = gross_amount + 1", "invoice_adds_up"),
        ("UPDATE stock_handlingunit SET parent_id = id", "handling_unit_not_in_itself"),
        ("UPDATE stock_reservation SET qty = 0", "reservation_positive"),
        ("UPDATE kernel_series SET last = -1", "series_counts_up"),
        ("UPDATE demand_cumulative SET shipped_qty = -1", "cumulative_not_negative"),
    ],
)
def test_the_database_itself_refuses_an_impossible_row(shipped: World, statement: str, constraint: str) -> None:
    assert constraint in refuse(statement)


def test_a_movement_to_where_it_came_from_or_of_nothing_is_refused_by_the_database(shipped: World) -> None:
    columns = "site_id, posting_id, part_id, from_location_id, to_location_id, entered_unit, qty"
    row = "SELECT site_id, posting_id, part_id, from_location_id, {}, '', {} FROM stock_movement LIMIT 1"

    same = refuse(f"INSERT INTO stock_movement ({columns}) " + row.format("from_location_id", "5"))
    nothing = refuse(f"INSERT INTO stock_movement ({columns}) " + row.format("to_location_id", "0"))

    assert "movement_goes_somewhere" in same
    assert "movement_positive" in nothing
