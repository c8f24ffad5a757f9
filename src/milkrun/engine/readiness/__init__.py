"""Which way of supply fits an item: a score of factors, hard gates first, and what would change the verdict.

`judge` gives the verdict on one item's `ItemFacts`, `judge_group` sums up a category, `what_would_change` lists the
single improvements that move it up, `needed_stock` and `released` say the money, `start` ranks where to begin. The
rules are data: `rules.toml`, or a copy of it read by `rulebook`.
"""

from milkrun.engine.readiness.book import NotARulebook, Rulebook, rank, rulebook, shipped
from milkrun.engine.readiness.changes import Change, what_would_change
from milkrun.engine.readiness.factors import Factor
from milkrun.engine.readiness.facts import ItemFacts
from milkrun.engine.readiness.money import Pilot, Released, Sizing, Start, needed_stock, released, start
from milkrun.engine.readiness.verdict import GroupVerdict, Verdict, judge, judge_group

__all__ = [
    "Change",
    "Factor",
    "GroupVerdict",
    "ItemFacts",
    "NotARulebook",
    "Pilot",
    "Released",
    "Rulebook",
    "Sizing",
    "Start",
    "Verdict",
    "judge",
    "judge_group",
    "needed_stock",
    "rank",
    "released",
    "rulebook",
    "shipped",
    "start",
    "what_would_change",
]
