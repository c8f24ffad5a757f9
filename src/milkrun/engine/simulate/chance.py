"""Chance that comes out the same on every machine, for any number of workers: a number from seed, item and place.

SplitMix64: no state is carried along, so the hundredth draw of an item does not depend on who drew the others.
Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = Any
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def seeds(names: Sequence[str], seed: int, stream: str) -> Array:
    """Return a seed for each item: from its name, the run's seed, and what the draws are for."""
    return np.array(
        [
            int.from_bytes(hashlib.blake2b(f"{seed}|{stream}|{name}".encode(), digest_size=8).digest(), "little")
            for name in names
        ],
        dtype=np.uint64,
    )


def uniform(seed: Array, count: int) -> Array:
    """Return [item, count] numbers, even over 0 to below 1.

    Example:
        >>> uniform(seeds(["bolt"], 1, "lead times"), 3).round(6).tolist()
        [[0.119517, 0.206416, 0.609346]]
    """
    places = np.arange(1, count + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        mixed = seed[:, None] + places[None, :] * _STEP
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def sampled(choices: Sequence[Array], drawn: Array) -> Array:
    """Pick for each draw one of the item's own values, each as likely as the others.

    Args:
        choices: for each item its values, at least one.
        drawn: [item, count] of `uniform`.
    """
    counts = np.array([len(values) for values in choices])
    longest = int(counts.max(initial=1))
    table = np.zeros((len(choices), longest))
    for row, values in enumerate(choices):
        table[row, : len(values)] = values
    picked = np.minimum((drawn * counts[:, None]).astype(np.int64), counts[:, None] - 1)
    return np.take_along_axis(table, picked, axis=1)
