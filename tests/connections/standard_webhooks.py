"""A receiver's check of a signature, written from the text of Standard Webhooks 1.0.0 and not from our code."""

import base64
import hashlib
import hmac


def verified(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    """Tell whether one of the signatures is ours and the message is not older than five minutes."""
    key = base64.b64decode(secret[len("whsec_") :])
    if abs(now - int(headers["webhook-timestamp"])) > 300:
        return False
    content = headers["webhook-id"].encode() + b"." + headers["webhook-timestamp"].encode() + b"." + body
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return any(
        hmac.compare_digest(given, expected)
        for version, _, given in (part.partition(",") for part in headers["webhook-signature"].split())
        if version == "v1"
    )
