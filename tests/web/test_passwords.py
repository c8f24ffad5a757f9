"""Passwords are kept safely, and many people may sign in at once without filling the memory."""

import threading
from concurrent.futures import ThreadPoolExecutor

from milkrun.config.passwords import Argon2

PASSWORD = "horse battery staple"


def test_a_password_is_kept_as_argon2id_with_nineteen_megabytes() -> None:
    kept = Argon2().encode(PASSWORD, "some-salt-of-this-test")

    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert Argon2().verify(PASSWORD, kept)
    assert not Argon2().verify(PASSWORD.upper(), kept)


def test_many_sign_ins_at_once_are_hashed_by_two_threads() -> None:
    kept = Argon2().encode(PASSWORD, "some-salt-of-this-test")

    with ThreadPoolExecutor(16) as people:
        right = list(people.map(lambda _: Argon2().verify(PASSWORD, kept), range(32)))

    assert all(right)
    assert sum(thread.name.startswith("passwords") for thread in threading.enumerate()) <= 2
