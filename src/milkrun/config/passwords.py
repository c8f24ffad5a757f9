"""How passwords are kept."""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE = 2
_room = BoundedSemaphore(AT_ONCE)


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes, at most two at once in a process.

    Django's own 100 MiB a hash in each of eight threads would take a web process far beyond its memory when people
    sign in together at the start of a shift.

    Source: OWASP Password Storage Cheat Sheet, Argon2id.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash a password, when there is room."""
        return _with_room(super().encode, password, salt)  # type: ignore[no-any-return]

    def verify(self, password: str, encoded: str) -> bool:
        """Compare a password with a hash, when there is room."""
        return _with_room(super().verify, password, encoded)  # type: ignore[no-any-return]


def _with_room(work: Callable[..., Any], *arguments: Any) -> Any:
    with _room:
        return work(*arguments)
