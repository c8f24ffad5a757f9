"""A whole simulation of files: curves of service against stock, the proof of a step, and the staircase."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.figures import Figures
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.executors import Executor
from milkrun.engine.policies.safety_stock import z_of
from milkrun.engine.simulate.curves import SHARES, Point, Replayed, replay_shares
from milkrun.engine.simulate.from_book import SEASONS, Played, as_counted, by_day
from milkrun.engine.simulate.proof import StepProof, Terms, prove_step
from milkrun.engine.simulate.sizing import MEMORY, Model, best_model
from milkrun.engine.simulate.stairs import Stage, walk_down
from milkrun.engine.simulate.twin import Outcome

Array = Any

SHAPE = 1
CYCLES = (1, 7, 14)
# Errors of half a year of days say how far daily forecasts are off.
DAYS_KEPT = 182
# What is looked at when the proof is judged; the rest judges it.
DECIDE = 4 / 7
MOST_CURVES = 20
STEADY = ("smooth", "erratic")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a simulation.

    Args:
        step: share of the safety stock that a step takes away.
        target: fill rate that each stepped item must keep.
        scenarios: resampled histories of the proof.
        lost: unmet demand is lost; else it waits.
        seed: of lead times and scenarios.
        most_at_risk: the most value of safety stock that the staircase may take away; None for no limit.
    """

    step: float = 0.2
    target: float = 0.95
    scenarios: int = 200
    lost: bool = False
    seed: int = 0
    most_at_risk: float | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """What came out.

    Args:
        report: everything as values of JSON.
        items: one row for each item that was replayed.
    """

    report: dict[str, Any]
    items: list[dict[str, Any]]


def study(book: Book, found: Figures, settings: Settings, wanted: Wanted, executor: Executor | None = None) -> Study:
    """Replay the present way of ordering with less and more safety stock, and prove what can be taken away.

    The present policy is a review every `review_days` and a level for the service level of the settings.

    Args:
        book, found, settings: of the analysis.
        wanted: what is asked.
        executor: where blocks of items are worked out; the answer does not depend on it.

    Raises:
        ValueError: there is no demand to replay.
    """
    played, left = by_day(book, found, settings)
    counted, _ = as_counted(book, found, settings)
    value = _value(book)
    replayed, models = _replayed(played, found, settings, wanted, executor)
    proofs = _proved(counted, value[counted.places], settings, wanted, executor)
    rows = _rows(book, found, played, replayed, counted, proofs, value, wanted)
    kinds = np.array([found.pattern.kind[place] for place in played.places])
    report = {
        "milkrun_simulation": SHAPE, "as_of": book.as_of.isoformat(), "period": played.period,
        "periods": int(played.history.demand.shape[1]), "items": len(played.places), "left_out": asdict(left),
        "value_basis": book.masters.basis or None, "wanted": asdict(wanted),
        "policy": _policy(played, settings, models),
        "portfolio": _curve(replayed, np.ones(len(kinds), np.bool_), value[played.places]),
        "segments": [
            {"kind": kind, "items": int((kinds == kind).sum()), "steps_claimed": kind in STEADY,
             "curve": _curve(replayed, kinds == kind, value[played.places])}
            for kind in sorted(set(kinds.tolist()))
        ],
        "items_largest": _largest(played, replayed, value), "proof": _proof(counted, proofs, wanted),
    }  # fmt: skip
    return Study(report, rows)


def _value(book: Book) -> Array:
    """[item]: worth of a base unit; 1 for all where no file tells it."""
    return np.nan_to_num(book.masters.value) if book.masters.basis else np.ones(len(book.items))


def _policy(played: Played, settings: Settings, models: Mapping[str, Model]) -> dict[str, Any]:
    return {
        "service_level": settings.service_level, "review_periods": played.review,
        "models": {
            name: {"alpha": model.alpha, "season_periods": model.season} for name, model in sorted(models.items())
        },
    }  # fmt: skip


def _replayed(
    played: Played, found: Figures, settings: Settings, wanted: Wanted, executor: Executor | None
) -> tuple[Replayed, dict[str, Model]]:  # fmt: skip
    """Replay all items: one model of demand for the steady ones, one for the others."""
    steady = np.array([found.pattern.kind[place] in STEADY for place in played.places], np.bool_)
    cycles = tuple(sorted({played.review, *(CYCLES if played.period == "day" else ())}))
    lanes = len(cycles) * len(SHARES)
    figures, models = np.zeros((len(steady), 1, 8, lanes)), {}
    variance = np.zeros(len(steady))
    for name, mask in (("steady", steady), ("rare", ~steady)):
        if not mask.any():
            continue
        rows = np.flatnonzero(mask)
        history, lead = played.history.part(rows), played.lead[rows]
        interval = np.maximum(np.rint(lead).astype(np.int64), 0) + min(cycles)
        memory = DAYS_KEPT if played.period == "day" else MEMORY
        models[name] = best_model(history.demand, history.begin, interval, SEASONS[played.period], memory)
        part = replay_shares(
            history, lead, models[name], z_of(settings.service_level), cycles=cycles, lost=wanted.lost,
            seed=wanted.seed, executor=executor,
        )  # fmt: skip
        figures[rows], variance[rows] = part.outcome.figures, part.variance
    return Replayed(Outcome(figures), SHARES, cycles, variance), models


def _curve(replayed: Replayed, rows: Array, value: Array) -> list[dict[str, Any]]:
    return [_rounded(asdict(point)) for point in replayed.curve(rows, value)]


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cut the digits that nobody reads, so that the file stays readable."""
    return {name: float(f"{one:.9g}") if isinstance(one, float) else one for name, one in values.items()}


def _largest(played: Played, replayed: Replayed, value: Array) -> list[dict[str, Any]]:
    """Return the curves of the items with the most stock value."""
    place = _present(replayed, played.review)
    worth = replayed.outcome.stock[:, 0, place] * value[played.places]
    largest = np.argsort(-worth, kind="stable")[:MOST_CURVES]
    return [
        {
            "item": played.history.names[row],
            "curve": [
                _short(point)
                for point in replayed.curve(np.array([row]), value[played.places])
                if point.cycle == played.review
            ],
        }
        for row in largest
    ]


def _short(point: Point) -> dict[str, Any]:
    return _rounded({"share": point.share, "fill": point.fill, "stock": point.stock})


def _present(replayed: Replayed, review: int) -> int:
    """Return the candidate that is the present policy: its review cycle, the whole safety stock."""
    return replayed.cycles.index(review) * len(replayed.shares) + replayed.shares.index(1.0)


@dataclass(frozen=True, slots=True)
class _Proofs:
    """What is claimed now, how such claims did on what was kept out, and the staircase walked there."""

    now: StepProof | None
    judged: StepProof | None
    decide: int
    stairs: Sequence[Stage]


def _proved(
    counted: Played, value: Array, settings: Settings, wanted: Wanted, executor: Executor | None
) -> _Proofs:  # fmt: skip
    history, periods = counted.history, counted.history.demand.shape[1]
    if not len(counted.places):
        return _Proofs(None, None, periods, ())
    terms = Terms(
        step=wanted.step, z=z_of(settings.service_level), target=wanted.target, scenarios=wanted.scenarios,
        review=counted.review, period_days=counted.days, seasons=SEASONS[counted.period], seed=wanted.seed,
    )  # fmt: skip
    decide = round(periods * DECIDE)
    now = prove_step(history, terms, periods, value, executor)
    judged = prove_step(history, terms, decide, value, executor)
    stairs: Sequence[Stage] = ()
    if judged.proven.any():
        stairs = walk_down(
            history, judged.proven, terms, judged.model, decide, weights=value, most_at_risk=wanted.most_at_risk
        )
    return _Proofs(now, judged, decide, stairs)


def _proof(counted: Played, proofs: _Proofs, wanted: Wanted) -> dict[str, Any]:
    now, judged = proofs.now, proofs.judged.judged if proofs.judged else None
    return {
        "period": counted.period, "step": wanted.step, "target": wanted.target,
        "eligible": int(now.eligible.sum()) if now else 0, "proven": int(now.proven.sum()) if now else 0,
        "declined_share": round(now.declined, 6) if now else 1.0,
        "record": None if judged is None or not judged.stepped else _rounded({
            "decided_on_periods": proofs.decide,
            "judged_on_periods": int(counted.history.demand.shape[1]) - proofs.decide,
            **asdict(judged), "freed": judged.freed, "held_share": judged.held_share,
        }),
        "stairs": [_rounded(asdict(stage)) for stage in proofs.stairs],
    }  # fmt: skip


def _rows(
    book: Book, found: Figures, played: Played, replayed: Replayed, counted: Played, proofs: _Proofs, value: Array,
    wanted: Wanted,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return a row for each item: its present service and stock, and what is claimed for it."""
    first = replayed.cycles.index(played.review) * len(SHARES)
    lanes = slice(first, first + len(SHARES))
    fill, stock = replayed.outcome.fill[:, 0, lanes], replayed.outcome.stock[:, 0, lanes]
    at = SHARES.index(1.0)
    claim = {int(place): row for row, place in enumerate(counted.places)}
    rows = []
    priced = bool(book.masters.basis)
    for row, place in enumerate(played.places):
        proven, probability, status = _claimed(proofs.now, claim.get(int(place)))
        worth = float(value[place])
        below = int(np.argmin(np.abs(np.array(SHARES) - (1 - wanted.step))))
        rows.append(_rounded({
            "item": played.history.names[row], "kind": found.pattern.kind[place], "xyz": found.pattern.xyz[place],
            "lead_time_days": float(found.leads.mean[place]), "fill": float(fill[row, at]),
            "stock": float(stock[row, at]), "stock_value": float(stock[row, at]) * worth if priced else None,
            "step": status, "probability": probability,
            "freed_value": float(stock[row, at] - stock[row, below]) * worth if proven and priced else None,
            "freed": float(stock[row, at] - stock[row, below]) if proven else None,
        }))  # fmt: skip
    return rows


def _claimed(proof: StepProof | None, row: int | None) -> tuple[bool, float | None, str]:
    """Say what is claimed for an item: proven, not proven, or nothing because it does not qualify."""
    if proof is None or row is None or not proof.eligible[row]:
        return False, None, "not claimed"
    proven = bool(proof.proven[row])
    return proven, float(proof.probability[row]), "proven" if proven else "not proven"
