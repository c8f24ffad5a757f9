"""Who acts, by which request, and the random ids that outsiders see."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

_READABLE = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghjkmnpqrstvwxyz")


def new_public_id() -> str:
    """Make a random id of 16 characters (80 bits) without letters that are read wrongly."""
    return base64.b32encode(secrets.token_bytes(10)).decode().translate(_READABLE)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something and by which door.

    Args:
        name: what people read in the history ("anna@plant.example", "EDI OEM01").
        via: web, portal, api, edi, cli, demo or worker.
        user_id: the user's key, None for machines.
        request_id: ties all journal rows of one request together.
    """

    name: str
    via: str
    user_id: int | None = None
    request_id: str = ""


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Request:
    """A write request that must take effect once.

    Args:
        scope: who asks for what ("api:token 7:post_goods_issue"); keys are unique within it.
        key: the asker's own key.
        body_hash: SHA-256 of what was asked, so that a key cannot be used for something else.
        repeated: called when the answer is the stored one of an earlier request, so that a door can say so.
    """

    scope: str
    key: str
    body_hash: str
    repeated: Callable[[], None] = field(default=_nothing, compare=False)
