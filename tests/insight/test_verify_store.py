"""`verify` names what was tampered with in purchasing and the store."""

import pytest

from milkrun.insight.queries.verify import verify
from tests.insight.tampering import one, run, strip
from tests.insight.test_verify import broken, plant, tampered

__all__ = ["plant", "tampered"]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE purchasing_purchaseorderline SET received_qty = received_qty + 1 WHERE id = {line}",
            "order line {line}",
        ),
        ("UPDATE purchasing_receipt SET posting_id = NULL WHERE id = {receipt}", "receipt {receipt}"),
        ("UPDATE purchasing_receipt SET state = 'posted' WHERE state = 'taken_back'", "order line"),
        ("UPDATE purchasing_purchaseorder SET state = 'received' WHERE state = 'open'", "order "),
    ],
)
def test_w01_finds_a_receipt_that_is_not_what_was_posted(tampered: None, statement: str, found: str) -> None:
    line = one("SELECT MIN(id) FROM purchasing_purchaseorderline")
    receipt = one("SELECT MIN(id) FROM purchasing_receipt")
    strip("purchasing_receipt")
    run(statement.format(line=line, receipt=receipt))

    report = broken(verify())

    assert list(report) == ["W-01"]
    assert any(key.startswith(found.format(line=line, receipt=receipt)) for key in report["W-01"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_countline SET counted_qty = counted_qty + 1 WHERE state = 'posted'",
        "UPDATE stock_countline SET state = 'posted' WHERE state = 'taken_back'",
        "UPDATE stock_countline SET posting_id = NULL WHERE state = 'posted'",
        "UPDATE stock_countentry SET qty = qty + 1",
    ],
)
def test_w02_finds_a_count_that_is_not_what_was_posted(tampered: None, statement: str) -> None:
    strip("stock_countline")
    run(statement)

    report = broken(verify())

    assert list(report) == ["W-02"]
    assert report["W-02"][0].startswith("count line ")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_writeoff SET qty = qty + 1 WHERE id = (SELECT MIN(id) FROM stock_writeoff)",
        "DELETE FROM stock_writeoff WHERE id = (SELECT MAX(id) FROM stock_writeoff)",
    ],
)
def test_w03_finds_waste_that_is_not_what_was_scrapped(tampered: None, statement: str) -> None:
    strip("stock_writeoff")
    run(statement)

    assert list(broken(verify())) == ["W-03"]
