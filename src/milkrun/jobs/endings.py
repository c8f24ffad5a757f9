"""Signals as something to wait for: a handler of Python's own could meet a lock that its thread holds."""

import os
import select
import signal
from collections.abc import Iterable

ENDINGS = frozenset({signal.SIGTERM, signal.SIGINT})


class Signals:
    """Catches signals from now on, for the main thread to wait on.

    Args:
        caught: the signals; what they did before no longer happens.
    """

    def __init__(self, caught: Iterable[signal.Signals] = ENDINGS) -> None:
        self._read, write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(write, False)
        for number in caught:
            signal.signal(number, lambda *_: None)
        # The interpreter writes the number of each signal into the pipe, whatever the thread is doing.
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)

    def wait(self, seconds: float) -> set[int]:
        """Wait for signals at most so long; returns those that came, none after the time."""
        if not select.select([self._read], [], [], max(seconds, 0.0))[0]:
            return set()
        return set(os.read(self._read, 4096))

    def ended(self, seconds: float) -> bool:
        """Wait at most so long; tells whether the process is asked to end."""
        return bool(self.wait(seconds) & ENDINGS)
