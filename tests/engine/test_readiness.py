"""The verdict: every rule at its edge, the promise that better never means further away, the rules as data."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milkrun.engine.analysis.verdicts import critical
from milkrun.engine.policies.safety_stock import DemandOverTime
from milkrun.engine.readiness import (
    ItemFacts,
    NotARulebook,
    Sizing,
    judge,
    judge_group,
    needed_stock,
    rulebook,
    shipped,
    what_would_change,
)
from milkrun.engine.readiness.book import ORDER, files
from milkrun.engine.readiness.changes import IMPROVABLE

SCREW = ItemFacts(
    104, 104, 1, 900, "smooth", "X", 1.0, error=0.15, receipts=120, on_time=0.99, on_time_proven=0.96, lead_time=3,
    lead_time_variation=0.1, mean_demand=100, least=200, daily=True,
)  # fmt: skip
WEAK = replace(SCREW, error=0.6, on_time=0.7, on_time_proven=0.6, lead_time=50, lead_time_variation=0.8, least=9000)
WAITED_FOR = {"quoted_lead_time": True, "tolerated_wait": 10.0}

CASES: list[tuple[str, ItemFacts, dict[str, Any], int, int]] = [
    ("a year without an issue", SCREW, {"days_since_issue": 365}, 1, 5),
    ("seven periods only", SCREW, {"history": 7}, 2, 5),
    ("two periods with demand", SCREW, {"nonzero": 2}, 2, 5),
    ("critical from one source", replace(SCREW, critical="critical"), {"single_source": True}, 3, 5),
    ("critical and not proven", replace(SCREW, critical="critical"), {"on_time_proven": 0.89, "on_time": 0.93}, 3, 5),
    ("critical and unknown", replace(SCREW, critical="critical"), {"on_time_proven": None, "receipts": 0}, 3, 5),
    ("lumpy and waited for", SCREW, {**WAITED_FOR, "kind": "lumpy"}, 4, 5),
    ("never foreseen and waited for", SCREW, {**WAITED_FOR, "persistently_wrong": True}, 4, 5),
    ("dear, rare and waited for", SCREW, {**WAITED_FOR, "dear": True, "interval": 6.0}, 4, 5),
    ("a wait that is only guessed", SCREW, {"tolerated_wait": 10.0, "kind": "lumpy"}, 8, 5),
    ("a wait shorter than the supply", SCREW, {**WAITED_FOR, "tolerated_wait": 2.9, "kind": "lumpy"}, 8, 5),
    ("a forecast off by more", SCREW, {"error": 0.21}, 6, 5),
    ("a supplier proven for less", SCREW, {"on_time_proven": 0.949}, 6, 5),
    ("a lead time that varies", SCREW, {"lead_time_variation": 0.26}, 6, 5),
    ("a lead time above five days", SCREW, {"lead_time": 5.1}, 6, 5),
    ("neither container nor daily booking", replace(SCREW, lead_time=9), {"daily": False}, 7, 6),
    ("a lead time above fifteen days", replace(SCREW, lead_time=15), {"lead_time": 15.1}, 7, 6),
    ("intermittent", replace(SCREW, lead_time=15), {"kind": "intermittent", "xyz": "Z"}, 8, 6),
    ("intermittent, in three products", SCREW, {"kind": "intermittent", "xyz": "Z", "parents": 3}, 7, 5),
    ("everything weak", WEAK, {"critical": "medium"}, 9, 9),
]


@pytest.mark.parametrize(("what", "item", "with_it", "rule", "without"), CASES, ids=[case[0] for case in CASES])
def test_each_rule_fits_where_it_should_and_not_without_its_reason(
    what: str, item: ItemFacts, with_it: dict[str, Any], rule: int, without: int
) -> None:
    found = judge(replace(item, **with_it))

    assert (found.rule, judge(item).rule) == (rule, without)


SHARES = st.integers(0, 100).map(lambda percent: percent / 100)
ITEMS = st.builds(
    ItemFacts,
    history=st.integers(0, 60), nonzero=st.integers(0, 60), days_since_issue=st.none() | st.integers(0, 800),
    on_hand=st.sampled_from([0.0, 50.0]), kind=st.sampled_from(["smooth", "erratic", "intermittent", "lumpy"]),
    xyz=st.sampled_from(["X", "Y", "Z", ""]), interval=st.sampled_from([None, 1.0, 2.0, 8.0]),
    error=st.none() | SHARES, receipts=st.integers(0, 60), on_time=st.none() | SHARES,
    on_time_proven=st.none() | SHARES, lead_time=st.none() | st.integers(0, 60),
    lead_time_variation=st.none() | SHARES, mean_demand=st.sampled_from([None, 0.0, 3.0, 100.0]),
    least=st.none() | st.integers(0, 9000), critical=st.sampled_from(["none", "medium", "critical"]),
    single_source=st.booleans(), tolerated_wait=st.none() | st.integers(0, 60), quoted_lead_time=st.booleans(),
    holding_saved=st.none() | st.integers(0, 100), ordering_added=st.none() | st.integers(0, 100),
    container=st.sampled_from([None, 25.0]), daily=st.booleans(), parents=st.integers(0, 5), dear=st.booleans(),
    persistently_wrong=st.booleans(),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(ITEMS, st.sampled_from(sorted(IMPROVABLE)), st.floats(0, 1))
def test_an_item_that_gets_better_never_moves_away_from_just_in_time(item: ItemFacts, fact: str, share: float) -> None:
    now = getattr(item, fact)
    if now is None:
        return
    perfect, with_value = IMPROVABLE[fact]
    before, after = judge(item), judge(with_value(item, now + share * (perfect - now)))

    if before.rank is None:
        assert after.code == before.code
    else:
        assert after.rank is not None
        assert after.rank <= before.rank


def test_the_rule_as_first_written_would_have_moved_items_away() -> None:
    """A rule that asks for a long lead time takes the buffer from an item whose lead time gets shorter."""
    text = files("milkrun.engine.readiness").joinpath("rules.toml").read_text("utf-8")
    first = text.replace('{ fact = "lead_time", at_least = 0 }', '{ fact = "lead_time", above = 15 }')
    long = replace(SCREW, lead_time=16, daily=False)

    assert first != text
    assert [judge(replace(long, lead_time=days), rulebook(first)).code for days in (16, 14)] == ["ddmrp", "hybrid"]
    assert [judge(replace(long, lead_time=days)).code for days in (16, 14)] == ["ddmrp", "ddmrp"]


def test_the_named_change_is_the_least_that_moves_the_item() -> None:
    slow = replace(SCREW, lead_time=20.0)

    first = what_would_change(slow)[0]

    assert (first.fact, judge(slow).code, first.verdict) == ("lead_time", "ddmrp", "kanban")
    assert judge(replace(slow, lead_time=first.needed)).code == "kanban"
    assert judge(replace(slow, lead_time=first.needed + 0.01)).code == "ddmrp"


def test_unknown_facts_count_as_the_middle_and_are_named() -> None:
    found = judge(ItemFacts(30, 30, 1, 5, "smooth", "X"))

    assert found.assumed == ("demand", "supplier", "lead_time", "order", "value")
    assert (found.score, found.code, found.confidence) == (55.0, "hybrid", "low")


def test_few_receipts_count_in_proportion_and_prove_nothing() -> None:
    few = replace(SCREW, receipts=10, on_time=1.0, on_time_proven=0.72)

    assert next(factor.value for factor in judge(few).factors if factor.name == "supplier") == 0.5
    assert judge(few).code == "kanban"


def test_a_category_takes_the_verdict_that_holds_most_of_its_value() -> None:
    kanban, weak = judge(replace(SCREW, lead_time=9)), judge(WEAK)

    found = judge_group([(kanban, 700.0), (weak, 300.0)])

    assert found is not None
    assert (found.code, found.items, found.shares) == ("kanban", 2, (("kanban", 0.7), ("jic", 0.3)))
    assert judge_group([]) is None


def test_more_just_in_time_needs_less_stock() -> None:
    size = Sizing(DemandOverTime(100, 20, 9, 2, review=1), 3000, 4.0, lot=500, container=50, lead_time_p90=12)

    needed = [needed_stock(code, size) for code in ORDER]

    assert needed[0] == 0.0
    assert needed[1] == min(value for value in needed[1:] if value is not None)
    assert needed[-1] is not None
    assert needed[-1] > (needed[-2] or 0)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("demand = 0.25\n", "demand = 0.35\n", "weights: they are not below 0 and add up to 1, not to 1.1."),
        ('fact = "parents"', 'fact = "parrots"', "rule 7: there is no fact 'parrots'."),
        ('verdict = "mto"', 'verdict = "pray"', "rule 4: its verdict is one of mto, "),
        ("at_least = 365", "roughly = 365", "rule 1: days_since_issue is compared by one of above, "),
        ("full = 0.20, none = 0.60", "full = 0.60, none = 0.60", "scales: demand is full and none at the same value."),
        ("[weights]", "[weights", "This is no TOML: "),
    ],
)
def test_wrong_rules_are_refused_with_what_is_wrong(old: str, new: str, problem: str) -> None:
    text = files("milkrun.engine.readiness").joinpath("rules.toml").read_text("utf-8")

    with pytest.raises(NotARulebook) as refused:
        rulebook(text.replace(old, new, 1))

    assert refused.value.problems[0].startswith(problem)


def test_edited_rules_decide() -> None:
    text = files("milkrun.engine.readiness").joinpath("rules.toml").read_text("utf-8")
    strict = rulebook(text.replace('fact = "score", at_least = 75', 'fact = "score", at_least = 99'))

    assert (judge(SCREW).code, judge(SCREW, strict).code) == ("jit", "kanban")
    assert [rule.number for rule in shipped().rules] == list(range(1, 10))


@pytest.mark.parametrize(
    ("word", "means"),
    [("H", "critical"), ("yes", "critical"), ("V", "critical"), ("M", "medium"), ("whatever", "medium"), ("L", "none"),
     ("no", "none"), ("", "none")],
)  # fmt: skip
def test_a_word_for_what_must_not_run_out_is_never_taken_for_harmless_because_it_is_unknown(
    word: str, means: str
) -> None:
    assert critical(word) == means
