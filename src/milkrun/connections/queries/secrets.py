"""The secrets that webhooks are signed with: made from the installation's key, never kept.

Whoever reads the database or a backup of it cannot sign. A rotation raises the version; both versions are live until
the former one's time is over.
"""

import base64
import hashlib
import hmac

from django.conf import settings

PREFIX = "whsec_"


def secret_of(public_id: str, version: int) -> str:
    """Return a webhook's secret in the form of Standard Webhooks: `whsec_` and 32 bytes in base64."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"webhook {public_id} {version}".encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(made.digest()).decode()


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Sign a message as Standard Webhooks 1.0.0 says: HMAC-SHA256 over `id.timestamp.body`.

    Args:
        secret: `whsec_...`.
        message_id: the header webhook-id.
        timestamp: the header webhook-timestamp, seconds since 1970.
        body: the bytes as sent.

    Example:
        >>> sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        ...      timestamp=1614265330, body=b'{"test": 2432232314}')
        'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(signed.digest()).decode()
