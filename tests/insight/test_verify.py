"""`verify` is silent about a sound plant, and names the invariant and the row of anything tampered with."""

import hashlib
import json
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from milkrun.cli.main import main
from milkrun.insight.queries import VerifyReport, verify
from milkrun.insight.queries.verify import INVARIANTS
from tests.conftest import ROOT
from tests.insight.tampering import copy_row, one, run, strip

ON_HAND = "SELECT MIN(id) FROM stock_balance WHERE hu_id IS NULL AND on_hand > 1000000 AND reserved = 0"


@pytest.fixture(scope="module")
def plant(database_copies, django_db_blocker) -> Iterator[None]:
    """A plant with a bit of everything in it, played once."""
    from tests.insight.story import play

    with django_db_blocker.unblock(), database_copies.copy(database_copies.template("insight", play)):
        yield


@pytest.fixture
def tampered(plant: None) -> Iterator[None]:
    """The plant in a transaction that is rolled back: whatever a test does to the tables is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def broken(report: VerifyReport) -> dict[str, tuple[str, ...]]:
    """What a report found, by invariant."""
    return {result.id: result.first for result in report.invariants if result.violations}


def test_a_sound_plant_is_clean(plant: None) -> None:
    report = verify()

    assert broken(report) == {}
    assert report.ok


def test_the_story_has_rows_for_every_check_to_look_at(plant: None) -> None:
    tables = [
        name
        for name in connection.introspection.table_names()
        if name.startswith(("stock_", "demand_", "production_", "shipping_", "billing_", "exchange_"))
    ]

    empty = [name for name in tables if one(f"SELECT COUNT(*) FROM {name}") == 0]

    assert empty == []


def test_verify_reads_without_keeping_anybody_from_writing(plant: None) -> None:
    from milkrun.insight.queries.reading import one_moment

    with one_moment() as reader:
        before = list(reader.rows("SELECT COUNT(*) FROM kernel_series"))
        if connection.vendor == "sqlite":
            run("INSERT INTO kernel_series (name, last) VALUES ('written meanwhile', 0)")
        after = list(reader.rows("SELECT COUNT(*) FROM kernel_series"))

    assert before == after
    if connection.vendor == "sqlite":
        run("DELETE FROM kernel_series WHERE name = 'written meanwhile'")


def test_i01_finds_a_movement_of_nothing(tampered: None) -> None:
    strip("stock_movement", "stock_posting")
    copy_row("stock_posting", "SELECT MIN(id) FROM stock_posting")

    found = broken(verify())

    assert list(found) == ["I-01"]


def test_i01_finds_a_contra_posting_that_does_not_mirror(tampered: None) -> None:
    strip("stock_posting")
    first = one("SELECT MIN(id) FROM stock_posting WHERE kind = 'receipt'")
    run(f"UPDATE stock_posting SET reverses_id = {first} WHERE kind = 'move'")

    found = broken(verify())

    assert found == {"I-01": (f"posting {first}",) * len(found["I-01"])}


def test_i02_finds_a_balance_that_the_ledger_does_not_explain(tampered: None) -> None:
    run(f"UPDATE stock_balance SET on_hand = on_hand + 1 WHERE id = ({ON_HAND})")

    found = broken(verify())

    assert list(found) == ["I-02"]


def test_i03_finds_more_reserved_than_there_is(tampered: None) -> None:
    strip("stock_balance")
    balance = one(ON_HAND)
    run(
        "INSERT INTO stock_reservation (site_id, balance_id, qty, state, purpose_kind, purpose_id, created_at) "
        f"SELECT site_id, id, on_hand + 1, 'open', 'x', 1, '2026-01-01' FROM stock_balance WHERE id = {balance}"
    )
    run(f"UPDATE stock_balance SET reserved = on_hand + 1 WHERE id = {balance}")

    found = broken(verify())

    assert found == {"I-03": (f"balance {balance}",)}


def test_i04_finds_a_reserved_quantity_without_a_reservation(tampered: None) -> None:
    balance = one(ON_HAND)
    run(f"UPDATE stock_balance SET reserved = 1 WHERE id = {balance}")

    found = broken(verify())

    assert found == {"I-04": (f"balance {balance}",)}


def test_i04_finds_a_voided_reservation_that_was_posted(tampered: None) -> None:
    posted = one("SELECT MIN(id) FROM stock_reservation WHERE state = 'posted'")
    run(f"UPDATE stock_reservation SET state = 'voided' WHERE id = {posted}")

    found = broken(verify())

    assert found == {"I-04": (f"reservation {posted}",)}


def test_i07_finds_a_cumulative_figure_that_was_not_shipped(tampered: None) -> None:
    run("UPDATE demand_cumulative SET shipped_qty = shipped_qty + 1 WHERE id = (SELECT MIN(id) FROM demand_cumulative)")

    found = broken(verify())

    assert list(found) == ["I-07"]


def test_i08_finds_a_component_on_two_deliveries(tampered: None) -> None:
    strip("shipping_deliveryline")
    run(
        "UPDATE shipping_deliveryline SET live = NOT live WHERE NOT live AND delivery_id = "
        "(SELECT id FROM shipping_delivery WHERE state = 'cancelled')"
    )

    found = broken(verify())

    assert "I-08" in found
    assert set(found) <= {"I-08", "I-28"}  # two lines for one component also sum up to too much


def test_i08_finds_more_issued_than_called(tampered: None) -> None:
    strip("demand_component")
    component = one("SELECT MIN(id) FROM demand_component WHERE issued_qty = 0 AND qty IS NULL")
    run(f"UPDATE demand_component SET packed_qty = -1 WHERE id = {component}")

    found = broken(verify())

    assert found["I-08"] == (f"component {component}",)


def test_i09_finds_a_number_that_was_left_behind(tampered: None) -> None:
    stream = one("SELECT MIN(id) FROM demand_sequencestream")
    run("UPDATE demand_jitcall SET position = NULL, stream_id = NULL WHERE sequence_text = '0002'")

    found = broken(verify())

    assert found == {"I-09": (f"stream {stream} position 2",)}


def test_i09_finds_an_open_number_that_was_there_when_a_later_one_left(tampered: None) -> None:
    stream = one("SELECT MIN(id) FROM demand_sequencestream")
    run("UPDATE demand_jitcall SET position = NULL, stream_id = NULL WHERE sequence_text IN ('0002', '0009')")
    run(
        f"UPDATE demand_jitcall SET position = 2, stream_id = {stream}, sequence_text = '0002', "
        "received_at = (SELECT MIN(received_at) FROM demand_jitcall) WHERE sequence_text = '0009'"
    )

    found = broken(verify())

    assert found == {"I-09": (f"stream {stream} position 2",)}


def test_i09_finds_a_number_that_stands_at_another_place(tampered: None) -> None:
    call = one("SELECT id FROM demand_jitcall WHERE sequence_text = '0009'")
    run(f"UPDATE demand_jitcall SET sequence_text = '0019' WHERE id = {call}")

    found = broken(verify())

    assert found == {"I-09": (f"call {call}",)}


def test_i10_finds_a_number_that_was_skipped(tampered: None) -> None:
    run("UPDATE kernel_series SET last = last + 1 WHERE name = 'invoice'")

    found = broken(verify())

    assert found == {"I-10": ("invoice 3 missing",)}


def test_i11_finds_a_notice_that_tells_more_than_was_posted(tampered: None) -> None:
    strip("shipping_shippingnotice")
    notice = one("SELECT MIN(id) FROM shipping_shippingnotice")
    text = one(f"SELECT snapshot FROM shipping_shippingnotice WHERE id = {notice}")
    snapshot = json.loads(text)
    snapshot["lines"][0]["quantity"] = "2"
    digest = hashlib.sha256(json.dumps(snapshot, sort_keys=True).encode()).hexdigest()
    run(
        "UPDATE shipping_shippingnotice SET snapshot = %s, sha256 = %s WHERE id = %s",
        json.dumps(snapshot),
        digest,
        notice,
    )

    found = broken(verify())

    assert list(found) == ["I-11"]


def test_i11_finds_bytes_that_tell_something_else(tampered: None) -> None:
    key = one("SELECT MIN(id) FROM exchange_outboxmessage WHERE document_type = 'DESADV'")
    payload = bytes(one(f"SELECT payload FROM exchange_outboxmessage WHERE id = {key}")).replace(
        b"QTY+12:1", b"QTY+12:9"
    )
    run(
        "UPDATE exchange_outboxmessage SET payload = %s, sha256 = %s WHERE id = %s",
        payload,
        hashlib.sha256(payload).hexdigest(),
        key,
    )

    found = broken(verify())

    assert list(found) == ["I-11"]


def test_i12_finds_an_amount_that_is_not_quantity_times_price(tampered: None) -> None:
    run("UPDATE billing_invoiceline SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM billing_invoiceline)")
    run("UPDATE billing_invoice SET net_amount = net_amount + 1, gross_amount = gross_amount + 1")

    found = broken(verify())

    assert list(found) == ["I-12"]


def test_i12_finds_a_price_that_was_not_valid_that_day(tampered: None) -> None:
    run("UPDATE demand_supplyagreement SET valid_from = '2027-01-01'")

    found = broken(verify())

    assert list(found) == ["I-12"]


def test_i13_finds_a_request_that_was_kept_twice(tampered: None) -> None:
    strip("kernel_requestkey")
    copy_row("kernel_requestkey", "SELECT MIN(id) FROM kernel_requestkey")

    found = broken(verify())

    assert list(found) == ["I-13"]


def test_i14_finds_messages_that_are_missing(tampered: None) -> None:
    run("UPDATE exchange_message SET position = position + 1")

    found = broken(verify())

    assert list(found) == ["I-14"]


def test_i15_finds_a_wrong_check_digit(tampered: None) -> None:
    code = one("SELECT MAX(sscc) FROM stock_sscc")
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    strip("stock_sscc")
    copy_row("stock_sscc", f"SELECT id FROM stock_sscc WHERE sscc = '{code}'", sscc=f"'{wrong}'")
    run("UPDATE kernel_series SET last = last + 1 WHERE name = 'sscc'")

    found = broken(verify())

    assert found == {"I-15": (f"SSCC {wrong}",)}


def test_i15_finds_a_code_that_nobody_registered(tampered: None) -> None:
    unit = one("SELECT id FROM stock_handlingunit WHERE state = 'open' AND parent_id IS NOT NULL")
    run(f"UPDATE stock_handlingunit SET sscc = '340123450000099998' WHERE id = {unit}")

    found = broken(verify())

    assert found == {"I-15": (f"handling unit {unit}",)}


def test_i16_finds_units_that_stand_in_each_other(tampered: None) -> None:
    inner = one("SELECT id FROM stock_handlingunit WHERE parent_id IS NOT NULL")
    run(f"UPDATE stock_handlingunit SET parent_id = {inner} WHERE id = "
        f"(SELECT parent_id FROM stock_handlingunit WHERE id = {inner})")  # fmt: skip

    found = broken(verify())

    assert list(found) == ["I-16"]
    assert len(found["I-16"]) == 2


def test_i17_finds_goods_that_are_not_where_their_unit_is(tampered: None) -> None:
    run("UPDATE stock_handlingunit SET location_id = (SELECT id FROM stock_location WHERE code = 'DOCK1')")

    found = broken(verify())

    assert list(found) == ["I-17"]


def test_i18_finds_a_document_that_never_reached_the_outbox(tampered: None) -> None:
    run("UPDATE exchange_outboxmessage SET document_id = document_id + 999999 WHERE document_type = 'INVOIC'")

    found = broken(verify())

    assert list(found) == ["I-18"]


def test_i18_finds_one_flipped_byte(tampered: None) -> None:
    key = one("SELECT MIN(id) FROM exchange_outboxmessage WHERE document_type = 'CONTRL'")
    payload = bytearray(one(f"SELECT payload FROM exchange_outboxmessage WHERE id = {key}"))
    payload[40] ^= 1
    run("UPDATE exchange_outboxmessage SET payload = %s WHERE id = %s", bytes(payload), key)

    found = broken(verify())

    assert found == {"I-18": (f"outbox {key}",)}


def test_i19_finds_a_received_file_that_changed(tampered: None) -> None:
    run("UPDATE exchange_interchange SET size = size + 1")

    found = broken(verify())

    assert list(found) == ["I-19"]


def test_i20_finds_a_call_ahead_of_its_groups(tampered: None) -> None:
    call = one("SELECT id FROM demand_jitcall WHERE sequence_text = '0009'")
    run(f"UPDATE demand_jitcall SET state = 'issued' WHERE id = {call}")
    last = f"SELECT MAX(id) FROM kernel_journalentry WHERE subject_kind = 'call' AND subject_id = {call}"
    copy_row("kernel_journalentry", last, after="'issued'")

    found = broken(verify())

    assert found == {"I-20": (f"call {call}",)}


def test_i20_finds_a_group_that_skipped_a_state(tampered: None) -> None:
    group = one(
        "SELECT g.id FROM demand_componentgroup g JOIN demand_jitcall c ON c.id = g.call_id "
        "WHERE c.sequence_text = '0009'"
    )
    run(f"UPDATE demand_componentgroup SET state = 'ready' WHERE id = {group}")
    run("UPDATE demand_jitcall SET state = 'ready' WHERE sequence_text = '0009'")

    found = broken(verify())

    assert found["I-20"] == (f"group {group}",)
    assert set(found) <= {"I-20", "I-21"}


def test_i21_finds_a_document_that_the_journal_does_not_know(tampered: None) -> None:
    strip("kernel_journalentry")
    run("DELETE FROM kernel_journalentry WHERE subject_kind = 'invoice'")

    found = broken(verify())

    assert list(found) == ["I-21"]


def test_i21_finds_an_entry_by_nobody(tampered: None) -> None:
    strip("kernel_journalentry")
    entry = one("SELECT MAX(id) FROM kernel_journalentry")
    run(f"UPDATE kernel_journalentry SET actor = '' WHERE id = {entry}")

    found = broken(verify())

    assert found == {"I-21": (f"journal {entry}",)}


def test_i22_finds_a_child_at_another_site(tampered: None) -> None:
    run("INSERT INTO partners_site (code, name, zone, street, city, tax_id) VALUES ('X', 'X', 'UTC', '', '', '')")
    line = one("SELECT MIN(id) FROM production_jobline")
    run(f"UPDATE production_jobline SET site_id = (SELECT id FROM partners_site WHERE code = 'X') WHERE id = {line}")

    found = broken(verify())

    assert list(found) == ["I-22"]
    assert f"production_jobline {line}" in found["I-22"]


def test_i23_finds_a_quantity_that_is_not_what_was_entered(tampered: None) -> None:
    component = one(
        "SELECT k.id FROM demand_component k JOIN demand_componentgroup g ON g.id = k.group_id "
        "JOIN demand_jitcall c ON c.id = g.call_id WHERE c.sequence_text = '0009' AND k.part_id IS NOT NULL"
    )
    run(f"UPDATE demand_component SET entered_unit = 'DZN' WHERE id = {component}")

    found = broken(verify())

    assert found == {"I-23": (f"component {component}",)}


def test_i24_finds_a_report_that_was_not_posted_so(tampered: None) -> None:
    confirmation = one("SELECT MIN(id) FROM production_confirmation WHERE state = 'posted'")
    run(f"UPDATE production_confirmation SET scrap_qty = 1 WHERE id = {confirmation}")

    found = broken(verify())

    assert list(found) == ["I-24"]
    assert f"confirmation {confirmation}" in found["I-24"]


def test_i24_finds_components_that_were_not_used_up(tampered: None) -> None:
    run("UPDATE parts_bomline SET qty = qty + 1000 WHERE id = (SELECT MIN(id) FROM parts_bomline)")

    found = broken(verify())

    assert list(found) == ["I-24"]


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("UPDATE production_productionrun SET scrap_qty = scrap_qty + 1", "run R000001"),
        ("UPDATE production_job SET signal = 'call' WHERE signal = 'kanban'", "job "),
        ("UPDATE production_confirmation SET lot_no = 'OTHER' WHERE lot_no = 'B-7'", "movement "),
        ("UPDATE production_confirmation SET state = 'posted' WHERE state = 'reversed'", "confirmation "),
        ("UPDATE production_jobline SET rework_qty = rework_qty + 1 WHERE good_qty < qty", "job line "),
    ],
)
def test_i24_finds_runs_signals_lots_and_reversals_that_do_not_agree(tampered: None, damage: str, named: str) -> None:
    run(damage)

    found = broken(verify())

    assert any(row.startswith(named) for row in found["I-24"]), found


def test_i25_finds_a_failed_posting_without_its_cause(tampered: None) -> None:
    failed = one("SELECT MIN(id) FROM production_confirmation WHERE state = 'failed'")
    run(f"UPDATE production_confirmation SET failure = '' WHERE id = {failed}")

    found = broken(verify())

    assert found == {"I-25": (f"confirmation {failed}",)}


def test_i28_finds_a_billed_component_that_was_billed_short(tampered: None) -> None:
    component = one("SELECT MIN(id) FROM demand_component WHERE billed_qty > 0")
    run(f"UPDATE demand_component SET billed_qty = billed_qty - 1 WHERE id = {component}")

    found = broken(verify())

    assert found["I-28"] == (f"component {component}",)
    assert set(found) == {"I-12", "I-28"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_invoiceline SET live = TRUE WHERE id IN (SELECT credits_id FROM billing_invoiceline)",
        "UPDATE billing_invoiceline SET qty = qty + 1 WHERE credits_id IS NOT NULL",
        "UPDATE billing_invoice SET state = 'issued' WHERE state = 'cancelled'",
    ],
)
def test_i12_finds_a_credit_note_that_does_not_take_back_what_was_billed(tampered: None, statement: str) -> None:
    run(statement)

    assert "I-12" in broken(verify())


def test_f13_finds_a_day_that_does_not_add_up(tampered: None) -> None:
    run("UPDATE stock_daysummary SET qty = qty + 1 WHERE id = (SELECT MIN(id) FROM stock_daysummary)")

    found = broken(verify())

    assert list(found) == ["F-13"]


def test_only_the_first_rows_are_named_but_all_are_counted(tampered: None) -> None:
    run("UPDATE stock_daysummary SET movements = movements + 1")

    result = next(result for result in verify().invariants if result.id == "F-13")

    assert result.violations == one("SELECT COUNT(*) FROM stock_daysummary")
    assert len(result.first) == 5


def test_the_command_prints_a_line_for_each_invariant_and_says_no_when_one_is_broken(plant: None, capsys) -> None:
    clean = main(["verify"])
    lines = capsys.readouterr().out.splitlines()
    run("UPDATE stock_daysummary SET qty = qty + 1")

    broken_code = main(["verify", "--json"])
    run("UPDATE stock_daysummary SET qty = qty - 1")

    report = json.loads(capsys.readouterr().out)
    assert clean == 0
    assert "I-02 ok" in lines
    assert broken_code == 1
    assert [line["id"] for line in report["invariants"] if line["violations"]] == ["F-13"]
    assert len(lines) == len(report["invariants"])


def test_every_invariant_has_a_paragraph_with_its_title() -> None:
    page = (ROOT / "docs" / "reference" / "verify.md").read_text()

    missing = [rule.id for rule in INVARIANTS if f"**{rule.id} {rule.title}.**" not in page.replace("\n", " ")]

    assert not missing


def test_i60_finds_a_pick_that_no_movement_tells_of(tampered: None) -> None:
    strip("shipping_picktask")
    run("UPDATE shipping_picktask SET picked_qty = picked_qty - 1000000 WHERE state = 'short'")

    assert list(broken(verify())) == ["I-60"]


def test_i61_finds_a_task_whose_goods_are_not_kept_and_a_wave_that_ended_too_early(tampered: None) -> None:
    run("UPDATE shipping_picktask SET qty = qty + 1000000 WHERE state = 'open'")
    run("UPDATE shipping_wave SET state = 'done' WHERE state = 'open'")

    found = broken(verify())

    assert list(found) == ["I-61"]
    assert {row.split()[0] for row in found["I-61"]} == {"pick", "wave"}


def test_i66_finds_a_person_of_a_customer_who_was_given_a_role(tampered: None) -> None:
    run(
        "INSERT INTO partners_user (email, name, password, realm, partner_id, is_active, language) "
        "SELECT 'spy@oem.example', 'Spy', '', 'customer', MIN(id), %s, '' FROM partners_partner",
        True,
    )
    spy = one("SELECT MAX(id) FROM partners_user")
    run(f"INSERT INTO partners_role (user_id, role) VALUES ({spy}, 'auditor')")

    assert broken(verify()) == {"I-66": (f"user {spy}",)}
