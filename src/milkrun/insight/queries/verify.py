"""Recompute every invariant from the raw tables, with code that nothing else uses.

The checks are plain SQL and short loops over it; they share nothing with the steps that write the rows, so a mistake
there cannot hide itself here. Each violation is named by the row it was found at. docs/reference/verify.md says what
each invariant promises and what to do when it does not hold.
"""

from dataclasses import dataclass

from milkrun.insight.queries.billing_invariants import BILLING_INVARIANTS
from milkrun.insight.queries.demand_invariants import DEMAND_INVARIANTS
from milkrun.insight.queries.document_invariants import DOCUMENT_INVARIANTS
from milkrun.insight.queries.exchange_invariants import EXCHANGE_INVARIANTS
from milkrun.insight.queries.handling_unit_invariants import HANDLING_UNIT_INVARIANTS
from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.notice_invariants import NOTICE_INVARIANTS
from milkrun.insight.queries.ownership_invariants import OWNERSHIP_INVARIANTS
from milkrun.insight.queries.picking_invariants import PICKING_INVARIANTS
from milkrun.insight.queries.production_invariants import PRODUCTION_INVARIANTS
from milkrun.insight.queries.purchasing_invariants import PURCHASING_INVARIANTS
from milkrun.insight.queries.reading import Reader, one_moment
from milkrun.insight.queries.stock_invariants import STOCK_INVARIANTS
from milkrun.insight.queries.store_invariants import STORE_INVARIANTS

INVARIANTS: tuple[Invariant, ...] = tuple(
    sorted(
        (
            *STOCK_INVARIANTS,
            *HANDLING_UNIT_INVARIANTS,
            *DEMAND_INVARIANTS,
            *PRODUCTION_INVARIANTS,
            *PURCHASING_INVARIANTS,
            *STORE_INVARIANTS,
            *DOCUMENT_INVARIANTS,
            *NOTICE_INVARIANTS,
            *BILLING_INVARIANTS,
            *EXCHANGE_INVARIANTS,
            *OWNERSHIP_INVARIANTS,
            *PICKING_INVARIANTS,
        ),
        key=lambda invariant: invariant.id,
    )
)
NAMED = 5


@dataclass(frozen=True, slots=True)
class InvariantResult:
    """What one check found: how many violations, and the rows of the first few."""

    id: str
    title: str
    violations: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """All checks of one moment; `ok` when none found anything."""

    ok: bool
    invariants: tuple[InvariantResult, ...]


def verify() -> VerifyReport:
    """Check every invariant against one state of the database, reading only.

    Returns:
        A result for each invariant, in the order of their ids.
    """
    with one_moment() as reader:
        results = tuple(_check(invariant, reader) for invariant in INVARIANTS)
    return VerifyReport(all(result.violations == 0 for result in results), results)


def _check(invariant: Invariant, reader: Reader) -> InvariantResult:
    first: list[str] = []
    count = 0
    for finder in invariant.finders:
        for key in finder(reader):
            count += 1
            if len(first) < NAMED:
                first.append(key)
    return InvariantResult(invariant.id, invariant.title, count, tuple(first))
