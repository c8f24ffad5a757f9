"""Every command there is, one after the other in any order in one plant, and every invariant holds throughout.

The scenes of the faults say what must be there before a command and what it is asked; here they are played in a random
order in one database, so that each command meets what all others have left behind. Now and then an earlier request
comes again and must get its first answer. The daily run is the same every time; the full one does a hundred thousand
operations together with the line's own walk, and others every time.
"""

import importlib
import inspect
import random
import secrets
from collections import Counter
from pathlib import PurePosixPath
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist

from milkrun.insight.queries import verify
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Request
from tests.house.source import command_modules

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]
COMMANDS = {PurePosixPath(module.path).stem: module.path for module in command_modules()}
ROUNDS, FULL_ROUNDS = 2, 600
VERIFY_EVERY, REPEAT_EVERY = 25, 7


def function_of(name: str) -> Any:
    path = COMMANDS[name].removeprefix("src/").removesuffix(".py").replace("/", ".")
    return getattr(importlib.import_module(path), name)


def sound() -> None:
    report = verify()
    assert report.ok, [(result.id, result.first) for result in report.invariants if result.violations]


def test_every_command_after_every_other_leaves_a_sound_plant(
    committed_db: object, full: bool, record_property
) -> None:
    from tests.faults.scenes import every_scene
    from tests.world import build_world

    world, scenes = build_world(), every_scene()
    seed = secrets.randbelow(10**9) if full else 1
    print(f"seed {seed}")
    dice = random.Random(seed)
    order = [name for _ in range(FULL_ROUNDS if full else ROUNDS) for name in dice.sample(sorted(scenes), len(scenes))]
    kept: list[tuple[Any, dict[str, Any], Any]] = []
    refused: Counter[str] = Counter()

    for number, name in enumerate(order, 1):
        function = function_of(name)
        try:
            given = scenes[name](world)
        except (Refusal, LookupError, ObjectDoesNotExist) as missing:
            # Others have used up what this scene builds on, such as the last free slot or the stock.
            refused[f"{name} could not be set up: {type(missing).__name__}"] += 1
            continue
        try:
            parameters = inspect.signature(function).parameters
            given |= {k: v for k, v in {"actor": world.actor, "at": world.later()}.items() if k in parameters}
            if "request" in parameters:
                given["request"] = Request("walk", str(number), name)
            result = function(**given)
            kept.append((function, given, result))
        except Refusal as refusal:
            # What others have left behind may stand in the way; then the command says so and nothing has changed.
            refused[f"{name}: {refusal.code}"] += 1
        if kept and number % REPEAT_EVERY == 0:
            again, asked, first = dice.choice(kept)
            assert "request" not in asked or again(**asked) == first
        if number % VERIFY_EVERY == 0:
            sound()

    sound()
    record_property("operations in any order", len(order))
    print(f"{sum(refused.values())} refused: {dict(refused.most_common())}")
    assert sum(refused.values()) < len(order) // 4
