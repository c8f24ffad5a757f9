"""How passwords are kept."""

from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import Argon2PasswordHasher

# The C library keeps the memory of a hash for the thread that asked for it. Two threads of their own do all the
# hashing, so that it is kept twice and not once for each thread of the web server.
_hashing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")


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
        """Hash a password."""
        return _hashing.submit(super().encode, password, salt).result()

    def verify(self, password: str, encoded: str) -> bool:
        """Compare a password with a hash."""
        return _hashing.submit(super().verify, password, encoded).result()
