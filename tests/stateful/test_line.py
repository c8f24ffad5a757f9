"""Operations in any order, some of them impossible: after each one the plant is as a plain reference says it is.

The daily run does at least 1,500 operations on each database, the same ones every time; the full run does twenty times
as many and others every time.
"""

import time

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

pytestmark = pytest.mark.slow
DAILY, STEPS = 1_500, 30


def test_whatever_is_done_in_whatever_order_every_invariant_holds_after_each_step(start, full: bool) -> None:
    from tests.stateful.operations import Line1

    examples = 700 if full else 43
    Line1.start = start
    Line1.operations.clear()
    began = time.monotonic()

    run_state_machine_as_test(
        Line1,
        settings=settings(
            max_examples=examples, stateful_step_count=STEPS, deadline=None, derandomize=not full, database=None,
            print_blob=full, suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        ),
    )  # fmt: skip

    done = sum(Line1.operations.values())
    print(f"{done} operations in {time.monotonic() - began:.0f} s: {dict(Line1.operations.most_common())}")
    assert done >= DAILY
    assert min(Line1.operations[name] for name in ("issue_invoice", "reverse_goods_issue", "reprocess_posting")) > 0
