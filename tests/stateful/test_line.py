"""Operations in any order, some of them impossible: after each one the plant is as a plain reference says it is.

The daily run does at least 1,500 operations on each database, the same ones every time, in two halves that two workers
can share; the full run does twenty times as many and others every time.
"""

import secrets
import time

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

pytestmark = pytest.mark.slow
OPERATIONS_OF_A_HALF, EXAMPLES, STEPS = 750, 5, 30
# Each half must get at least so deep that goods leave, come back and are billed.
DEEP = ("post_goods_issue", "issue_invoice", "confirm_packing")


@pytest.mark.parametrize("half", [1, 2])
def test_whatever_is_done_in_whatever_order_every_invariant_holds_after_each_step(
    start, full: bool, half: int, record_property
) -> None:
    from tests.stateful.operations import Line1

    Line1.start = start
    Line1.operations.clear()
    wanted = OPERATIONS_OF_A_HALF * (20 if full else 1)
    first = secrets.randbelow(10**9) if full else half * 1000
    began = time.monotonic()

    number = first
    while sum(Line1.operations.values()) < wanted:
        number += 1
        print(f"seed {number}")
        run_state_machine_as_test(
            seed(number)(Line1),
            settings=settings(
                max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink] if full else [Phase.generate],
            ),
        )  # fmt: skip

    done = sum(Line1.operations.values())
    record_property("operations in any order", done)
    print(f"{done} operations in {time.monotonic() - began:.0f} s: {dict(Line1.operations.most_common())}")
    assert min(Line1.operations[name] for name in DEEP) > 0
