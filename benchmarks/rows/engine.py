"""The analysis engine: the pool of forecasts beside statsforecast, the twin beside stockpyl, on the same figures."""

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.measure import Contender, Goal, Row
from benchmarks.peers import Peer, peer

SEEN, WINDOWS = 42, 9
MISSING = "is not installed and could not be: not measured."


def rows(quick: bool) -> Iterator[Row]:
    """Prepare all rows."""
    yield _forecast(quick)
    yield _twin(quick)


def car_parts(quick: bool) -> tuple[Any, str]:
    """Return demand [item, month]: the public data where it lies beside the checkout, else drawn like it."""
    import numpy as np

    shared = Path(__file__).parents[3] / "shared" / "data" / "planning" / "carparts_monthly.parquet"
    if shared.exists():
        import polars as pl

        table = pl.read_parquet(shared).sort("sku", "date")["qty"].cast(pl.Float64).to_numpy().reshape(-1, 51)
        found, name = np.ascontiguousarray(table[~np.isnan(table).any(axis=1)]), "2,509 car parts, 51 months"
    else:
        chance = np.random.default_rng(0)
        found = chance.poisson(1.6, (2509, 51)) * (chance.random((2509, 51)) < 0.25) * 1.0
        name = "2,509 items drawn like car parts, 51 months"
    return (found[:200], f"200 of {name}") if quick else (found, name)


def _forecast(quick: bool) -> Row:
    import numpy as np

    from milkrun.engine.forecasts.kernel import COUNT, MODELS, SQUARE, judge
    from milkrun.engine.forecasts.pool import Series, forecast

    demand, name = car_parts(quick)
    items = len(demand)
    begin, ones = np.zeros(items, np.int64), np.ones(items, np.int64)
    halves = np.array_split(np.arange(items), 2)

    def pool(chosen: Any) -> None:
        judge(demand[chosen], begin[chosen], ones[chosen] * 51, ones[chosen], 12, 0, -ones[chosen])

    def one_thread() -> int:
        pool(np.arange(items))
        return items

    def two_threads() -> int:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(pool, halves))
        return items

    found = forecast(Series(demand[:, :SEEN], begin, ones * SEEN, ones, begin))
    later, _, _, _ = judge(demand, begin, ones * 51, ones, SEEN, 0, -ones)
    picked = later[np.arange(items), SQUARE, np.maximum(found.chosen, 0)] / later[np.arange(items), COUNT, 0]
    errors = [f"root mean squared error one month ahead, {WINDOWS} months: Milkrun {np.sqrt(picked.mean()):.4f}"]
    contenders = [
        Contender("Milkrun", "milkrun", one_thread, note=f"{MODELS} models, 39 origins, one thread"),
        Contender("Milkrun, two threads", "also", two_threads),
    ]
    goals: list[Goal] = []
    known = peer("statsforecast")
    if known is None:
        return Row("pool", f"forecasts, {name}", "series", contenders, goals, [f"statsforecast {MISSING}"])
    file = Path(tempfile.mkdtemp(prefix="milkrun-peers-")) / "demand.npy"
    np.save(file, demand)
    for model in ("SES 0.1", "SBA", "IMAPA"):
        contenders.append(
            Contender(f"statsforecast {model}", "peer", _fitted(known, file, model, items), note="3 origins")
        )
        goals.append(Goal(f"statsforecast {model}", 5))
    for model in ("SES 0.1", "SES optimised", "SBA", "TSB", "ADIDA", "IMAPA"):
        answer = known.ask({"file": str(file), "model": model, "windows": WINDOWS})
        errors.append(f"{model} {answer['rmse']:.4f}")
    return Row(
        "pool", f"forecasts, {name}", "series", contenders, goals, [", ".join(errors)], most_repeats=3, pid=known.pid
    )


def _fitted(known: Peer, file: Path, model: str, items: int) -> Any:
    def work() -> int:
        known.ask({"file": str(file), "model": model, "windows": 3})
        return items

    return work


def _twin(quick: bool) -> Row:
    import numpy as np

    from milkrun.engine.simulate.kernel import ORDERS, STOCK, replay
    from milkrun.engine.simulate.twin import Candidates, History, run

    items, periods, lanes = (100 if quick else 1000), 730, 64
    demand = np.random.default_rng(0).poisson(5, (items, periods)).astype(float)
    policy = np.zeros((items, 4, lanes))
    policy[:, 0], policy[:, 1], policy[:, 3] = 8, np.linspace(0, 3, lanes), 1
    arrival = np.repeat(np.arange(periods)[None, :] + 8, items, axis=0)
    open_, window = np.ones(periods, np.bool_), np.zeros(periods, np.int64)
    mean, spread = np.full((items, periods), 5.0), np.full((items, periods), 6.0)

    def part(chosen: Any) -> None:
        count = len(chosen)
        replay(
            demand[chosen], mean[chosen], spread[chosen], arrival[chosen], open_, np.zeros(count, np.int64), window,
            policy[chosen], np.zeros(count), np.zeros(count), np.full((count, lanes), 50.0), False, 1, 16,
        )  # fmt: skip

    def one_thread() -> int:
        part(np.arange(items))
        return items * periods * lanes

    def two_threads() -> int:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(part, np.array_split(np.arange(items), 2)))
        return items * periods * lanes

    contenders = [
        Contender("Milkrun, two threads", "milkrun", two_threads, note=f"{items} items, 64 policies, 730 days"),
        Contender("Milkrun, one thread", "also", one_thread),
    ]
    remarks = [
        f"the goal of the two threads is 500 M policy-item-days a second; the machine has {os.cpu_count()} cores"
    ]
    known = peer("stockpyl")
    if known is None:
        return Row("twin", "replay of policies", "policy-item-day", contenders, [], [*remarks, f"stockpyl {MISSING}"])
    sold = [float(one) for one in demand[0, :400]]
    cases = [
        ("base stock, lead time 0", None, 9.0, 0),
        ("base stock, lead time 4", None, 30.0, 4),
        ("(s, S)", 22.0, 40.0, 3),
    ]
    for title, small, big, lead in cases:
        # stockpyl counts a lead time of 1 where an order serves the next period's demand; here that is 0.
        theirs = known.ask({"demand": sold, "small": small, "big": big, "lead_time": lead + 1})
        level = big if small is None else small
        one = np.ones((1, len(sold)))
        plan = Candidates(np.array([[level]]), np.zeros((1, 1)), np.array([[big - level]]), np.ones((1, 1)))
        none = np.zeros(1)
        past = History(("one",), np.array([sold]), np.zeros(1, int), ([lead],), none, none, none * np.nan)
        seen = run(past, one, one * 0, plan, np.zeros(len(sold), int), opening=np.array([[big]])).figures[0, 0]
        assert seen[ORDERS, 0] > 0
        same = abs(float(seen[STOCK, 0]) - theirs["stock"]) < 1e-6
        remarks.append(
            f"{title}: stock over 400 periods {seen[STOCK, 0]:.0f}, stockpyl {theirs['stock']:.0f}"
            + ("" if same else " (differs)")
        )

    def stockpyl() -> int:
        known.ask({"demand": sold, "small": None, "big": 30.0, "lead_time": 5})
        return len(sold)

    contenders.append(Contender("stockpyl", "peer", stockpyl, note="base stock, one item, one policy"))
    return Row(
        "twin", "replay of policies", "policy-item-day", contenders, [Goal("stockpyl", 100_000)], remarks, pid=known.pid
    )
