"""Send events to webhooks, signed by Standard Webhooks; a receiver's trouble is its own and nobody else's.

Each webhook's events leave in order. A receiver that is away is asked again by the ladder of the outbox and holds back
only its own events; an event that it refuses for good (400, 404, 410 and the like) is held for a person, and the ones
behind it go on. The bytes and the id of an event never change, so one that arrives twice is known.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from milkrun import __version__
from milkrun.connections.commands.claim_events import EventsClaimed, Letter, claim_events
from milkrun.connections.commands.record_event_failure import record_event_failure
from milkrun.connections.commands.record_event_sent import record_event_sent
from milkrun.connections.queries.secrets import sign
from milkrun.connections.queries.webhooks import due_webhooks
from milkrun.gateway.addresses import Network, NotAllowed, Target, target_of
from milkrun.kernel.errors import Conflict
from milkrun.kernel.identity import Actor

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
# A slow receiver gives the turn back after so long; the lease is longer.
TURN_SECONDS = 20.0
# Refusals that a later try may well overcome.
PASSING = {408, 409, 421, 423, 425, 429}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request: the status (0 where none came) and a sentence where it failed."""

    status: int
    error: str = ""
    permanent: bool = False

    @property
    def taken(self) -> bool:
        """Tell whether the receiver has the event."""
        return 200 <= self.status < 300 and not self.error


Post = Callable[[str, bytes, dict[str, str]], Answer]


def send_events(*, allowed: Sequence[Network], actor: Actor, at: datetime, post: Post | None = None) -> int:
    """Send what is due to every webhook; returns how many events left."""
    return sum(send_to(webhook_id, allowed=allowed, actor=actor, at=at, post=post) for webhook_id in due_webhooks(at))


def send_to(
    webhook_id: int, *, allowed: Sequence[Network], actor: Actor, at: datetime, post: Post | None = None
) -> int:
    """Send what is due to one webhook; the first passing failure stops the rest, which must not overtake it."""
    claimed = claim_events(webhook_id=webhook_id, at=at)
    began, sent = time.monotonic(), 0
    for letter in claimed.letters:
        now = at + timedelta(seconds=time.monotonic() - began)
        body = bytes.fromhex(letter.payload_hex)
        headers = signed_headers(claimed, letter, body, now)
        answer = (post or (lambda url, data, said: post_to(url, data, said, allowed)))(claimed.url, body, headers)
        if not _note(letter, answer, actor, at + timedelta(seconds=time.monotonic() - began)):
            break
        sent += answer.taken
        if time.monotonic() - began > TURN_SECONDS:
            break
    return sent


def _note(letter: Letter, answer: Answer, actor: Actor, at: datetime) -> bool:
    """Note what came of a letter; tells whether the next one may go."""
    if answer.taken:
        try:
            record_event_sent(note_id=letter.note_id, lease=letter.lease, status=answer.status, at=at)
        except Conflict:
            return False
        return True
    record_event_failure(
        note_id=letter.note_id,
        lease=letter.lease,
        status=answer.status,
        error=answer.error,
        permanent=answer.permanent,
        actor=actor,
        at=at,
    )
    return False


def signed_headers(claimed: EventsClaimed, letter: Letter, body: bytes, at: datetime) -> dict[str, str]:
    """Make the headers of Standard Webhooks; one signature for each live secret."""
    timestamp = int(at.timestamp())
    signatures = [
        sign(secret, message_id=letter.event_id, timestamp=timestamp, body=body) for secret in claimed.secrets
    ]
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Milkrun/{__version__}",
        "webhook-id": letter.event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def post_to(url: str, body: bytes, headers: dict[str, str], allowed: Sequence[Network]) -> Answer:
    """Send one request to the address that was checked; whatever happens is an answer, never an exception."""
    try:
        target = target_of(url, allowed)
    except NotAllowed as no:
        return Answer(0, str(no))
    except OSError:
        return Answer(0, _("The name of the address cannot be resolved."))
    return _exchange(target, body, headers)


def _exchange(target: Target, body: bytes, headers: dict[str, str]) -> Answer:
    # Imported here: only the worker sends.
    import urllib3

    limits = urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS, total=CONNECT_SECONDS + ANSWER_SECONDS)
    if target.scheme == "https":
        pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(
            target.address,
            target.port,
            cert_reqs="CERT_REQUIRED",
            server_hostname=target.host,
            assert_hostname=target.host,
        )
    else:
        pool = urllib3.HTTPConnectionPool(target.address, target.port)
    try:
        reply = pool.urlopen(
            "POST",
            target.path,
            body=body,
            headers={**headers, "Host": target.authority},
            timeout=limits,
            retries=False,
            redirect=False,
            preload_content=False,
        )
        said = reply.read(300, decode_content=False).decode("utf-8", "replace")
        reply.close()
    except (urllib3.exceptions.HTTPError, OSError) as trouble:
        return Answer(0, _("No answer: {plain}.").format(plain=_plain(trouble)))
    finally:
        pool.close()
    return judged(reply.status, said)


def judged(status: int, said: str = "") -> Answer:
    """Decide what a status means: taken, to be tried again, or refused for good."""
    if 200 <= status < 300:
        return Answer(status)
    if 300 <= status < 400:
        return Answer(
            status,
            _("The receiver redirects ({status}); redirects are not followed. Correct the address.").format(
                status=status
            ),
        )
    text = " ".join("".join(c if c.isprintable() else " " for c in said).split())[:200]
    permanent = 400 <= status < 500 and status not in PASSING
    return Answer(status, f"The receiver answered {status}. {text}".strip(), permanent)


def _plain(trouble: Exception) -> str:
    kind = type(trouble).__name__.removesuffix("Error")
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in kind).strip()
    return words or "failed"
