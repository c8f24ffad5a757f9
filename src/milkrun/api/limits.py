"""How many requests a token may make: a bucket for each token that fills evenly and holds one minute's worth.

Kept in the memory of each web process, because a row a request would cost more than the request. With several web
processes each of them allows its share, so that together they allow the token's rate.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from milkrun.api.problems import TooManyRequests
from milkrun.partners.queries import TokenView


@dataclass
class Buckets:
    """Requests left for each key, as of when it was last asked.

    Args:
        clock: seconds that only grow.
    """

    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, per_minute: float) -> float:
        """Take one request out; returns 0, or how many seconds to wait where none is left."""
        with self._lock:
            now = self.clock()
            left, asked = self._left.get(key, (per_minute, now))
            left = min(per_minute, left + (now - asked) * per_minute / 60)
            if left < 1:
                self._left[key] = (left, now)
                return (1 - left) * 60 / per_minute
            self._left[key] = (left - 1, now)
            return 0.0


_BUCKETS = Buckets()


def take(token: TokenView, buckets: Buckets = _BUCKETS) -> None:
    """Count a request of a token.

    Raises:
        TooManyRequests: it has used up its rate.
    """
    share = max(token.requests_per_minute / settings.ENVIRONMENT.milkrun_web_workers, 1.0)
    wait = buckets.take(token.prefix, share)
    if wait:
        seconds = int(wait) + 1
        raise TooManyRequests(
            _("Token {name} may make {requests_per_minute} requests a minute. Wait {seconds} s.").format(
                name=token.name, requests_per_minute=token.requests_per_minute, seconds=seconds
            ),
            retry_after=seconds,
            per_minute=token.requests_per_minute,
        )
