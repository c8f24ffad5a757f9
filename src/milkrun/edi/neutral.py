"""Neutral messages as JSON documents and back: what `milkrun edi read --json` prints and `edi write` takes.

Names are those of the dataclasses. Numbers are strings, because a JSON number would pass through floating point;
times are ISO 8601. Each message says its body's kind as `kind`.
"""

import types
import typing
from collections.abc import Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, cast

from milkrun.edi.messages import DelJit, DespatchAdvice, Envelope, InvoiceDocument, Party, Reading
from milkrun.edi.outgoing import Writable

_KINDS: dict[str, type] = {"DELJIT": DelJit, "DESADV": DespatchAdvice, "INVOIC": InvoiceDocument}
_VERSIONS = {"DELJIT": "D04A", "DESADV": "D07A", "INVOIC": "D07A"}


class NotNeutral(ValueError):
    """A document is not of the shape the dataclasses have; the text names the place."""


def to_neutral(reading: Reading) -> dict[str, Any]:
    """Turn a reading into plain values ready for JSON."""
    document = cast(dict[str, Any], _plain(reading))
    document["verdict"] = reading.verdict
    return document


def from_neutral(document: Any) -> tuple[Envelope, Sequence[tuple[str, Writable, str]]]:
    """Turn a document of the shape `to_neutral` gives into what `write_messages` takes.

    The first interchange is used, and of it the messages that have a body.

    Raises:
        NotNeutral: something is missing or of the wrong kind, with its place in the document.
    """
    interchange = _entry(document, "interchanges", list, "document")
    if not interchange or not isinstance(interchange[0], dict):
        raise NotNeutral("interchanges: at least one is needed")
    first = interchange[0]
    messages = []
    for index, message in enumerate(_entry(first, "messages", list, "interchange")):
        at = f"messages[{index}]"
        body = _entry(message, "body", (dict, type(None)), at)
        if body is None:
            continue
        kind = _entry(message, "type", str, at)
        if kind not in _KINDS:
            raise NotNeutral(f"{at}.type: {kind} is not written; use one of {', '.join(_KINDS)}")
        reference = message.get("reference") or str(index + 1)
        version = message.get("version") or _VERSIONS[kind]
        messages.append((str(reference), cast(Writable, _build(_KINDS[kind], body, f"{at}.body")), str(version)))
    return _envelope(first), messages


def _envelope(interchange: dict[str, Any]) -> Envelope:
    prepared = _entry(interchange, "prepared", str, "interchange")
    for pattern in ("%y%m%d:%H%M", "%Y%m%d:%H%M"):
        try:
            prepared_at = datetime.strptime(prepared, pattern).replace(tzinfo=UTC)
            break
        except ValueError:
            continue
    else:
        raise NotNeutral(f'interchange.prepared: "{prepared}" is not YYMMDD:HHMM')
    associations = [m.get("association") for m in interchange["messages"] if m.get("body") is not None]
    return Envelope(
        sender=_build(Party, _entry(interchange, "sender", dict, "interchange"), "interchange.sender"),
        recipient=_build(Party, _entry(interchange, "recipient", dict, "interchange"), "interchange.recipient"),
        control=_entry(interchange, "control", str, "interchange"),
        prepared_at=prepared_at,
        charset=interchange.get("charset") or "UNOC",
        test=interchange.get("test") is True,
        association=str(next(iter(associations), "") or ""),
        ack_requested=interchange.get("ack_requested") is True,
    )


def _entry(document: Any, name: str, kind: type | tuple[type, ...], at: str) -> Any:
    if not isinstance(document, dict) or name not in document:
        raise NotNeutral(f"{at}.{name}: is missing")
    if not isinstance(document[name], kind):
        raise NotNeutral(f"{at}.{name}: is of the wrong kind")
    return document[name]


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(kind: Any, value: Any, at: str) -> Any:
    """Build a value of a declared type from plain JSON, naming the place of anything that does not fit."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        options = [option for option in typing.get_args(kind) if option is not type(None)]
        return None if value is None else _build(options[0], value, at)
    if origin is tuple:
        if not isinstance(value, list):
            raise NotNeutral(f"{at}: must be a list")
        return tuple(_build(typing.get_args(kind)[0], item, f"{at}[{index}]") for index, item in enumerate(value))
    if origin is typing.Literal:
        if value not in typing.get_args(kind):
            raise NotNeutral(f"{at}: must be one of {', '.join(map(str, typing.get_args(kind)))}")
        return value
    if is_dataclass(kind):
        return _build_record(cast(type, kind), value, at)
    return _build_scalar(kind, value, at)


def _build_record(kind: type, value: Any, at: str) -> Any:
    if not isinstance(value, dict):
        raise NotNeutral(f"{at}: must be an object")
    given = {}
    for item in fields(kind):
        if item.name in value:
            given[item.name] = _build(_hints(kind)[item.name], value[item.name], f"{at}.{item.name}")
        elif item.default is MISSING:
            raise NotNeutral(f"{at}.{item.name}: is missing")
    return kind(**given)


def _build_scalar(kind: Any, value: Any, at: str) -> Any:
    try:
        if kind is Decimal and isinstance(value, str):
            return Decimal(value)
        if kind is datetime and isinstance(value, str):
            return datetime.fromisoformat(value)
        if kind is date and isinstance(value, str):
            return date.fromisoformat(value)
    except (ValueError, InvalidOperation) as error:
        raise NotNeutral(f'{at}: "{value}" cannot be read') from error
    if kind in (str, int, bool) and type(value) is kind:
        return value
    raise NotNeutral(f"{at}: is of the wrong kind")
