"""Writes and reads the acknowledgement of syntax (CONTRL).

The answer to an interchange says of the whole (UCI) whether it is acknowledged or rejected, names each rejected message
(UCM) and, where it is known, the segment (UCS) and element (UCD) at fault. Element positions count the tag as 1, as
the standard has it. A CONTRL is never answered, so that two systems cannot talk to each other for ever.

Source: ISO 9735 part 4 / CONTRL D.3; data elements 0083 (action) and 0085 (error).
"""

from collections.abc import Sequence

from milkrun.edi.fields import Fields
from milkrun.edi.messages import Control, ControlMessage, Finding, Interchange, Message, Party
from milkrun.edi.syntax import Segment
from milkrun.edi.writing import Segments

_SERVICE = frozenset({"UNA", "UNB", "UNZ", "UNG", "UNE", "UNH", "UNT"})
_REJECTED, _ACKNOWLEDGED, _RECEIVED = "4", "7", "8"
_MAX_REPORTED = 99  # places reported per message


def wants_answer(interchange: Interchange) -> bool:
    """Tell whether an interchange can be answered by a CONTRL: it is identified and is not itself an answer."""
    named = interchange.control and interchange.sender.id and interchange.recipient.id
    answers = bool(interchange.messages) and all(message.type == "CONTRL" for message in interchange.messages)
    return bool(named) and not answers


def contrl_segments(interchange: Interchange, segments: Segments, reject_with: str, received_only: bool) -> None:
    """Write the answer to an interchange.

    Raises:
        ValueError: the interchange has no reference or parties, or is itself an acknowledgement.
    """
    if not wants_answer(interchange):
        raise ValueError("interchange: is an acknowledgement, or does not say who sent it under which reference")
    errors = [finding for finding in interchange.findings if finding.severity == "error"]
    rejected = bool(reject_with or (errors and interchange.verdict == "rejected"))
    action = _REJECTED if rejected else _RECEIVED if received_only else _ACKNOWLEDGED
    error = reject_with or (errors[0].syntax_code if rejected else "")
    place = [] if reject_with or not rejected else _service_place(errors[0])
    segments.add(
        "UCI",
        interchange.control,
        _party(interchange.sender),
        _party(interchange.recipient),
        action,
        error,
        *place,
    )
    if rejected or received_only:
        return
    for message in interchange.messages:
        if message.verdict == "rejected" and message.type != "CONTRL":
            _add_message(segments, message)


def _add_message(segments: Segments, message: Message) -> None:
    errors = [finding for finding in message.findings if finding.severity == "error"]
    service = [finding for finding in errors if finding.segment in _SERVICE]
    version = message.version.removesuffix(message.release)
    identity = [message.type, version, message.release, message.agency, message.association]
    if service:
        segments.add("UCM", message.reference, identity, _REJECTED, service[0].syntax_code, *_service_place(service[0]))
    else:
        segments.add("UCM", message.reference, identity, _REJECTED)
    for finding in [finding for finding in errors if finding.segment not in _SERVICE][:_MAX_REPORTED]:
        position = str(max(finding.position, 1))
        if finding.element:
            segments.add("UCS", position)
            segments.add("UCD", finding.syntax_code, _place(finding.element))
        else:
            segments.add("UCS", position, finding.syntax_code)


def _service_place(finding: Finding) -> list[str | list[str]]:
    if finding.segment not in _SERVICE:
        return []
    return [finding.segment, _place(finding.element)] if finding.element else [finding.segment]


def _place(element: str) -> list[str]:
    """Turn "2:1" (tag not counted) into the position of the standard, where the tag is 1."""
    number, _, component = element.partition(":")
    return [str(int(number) + 1), component] if component else [str(int(number) + 1)]


def _party(party: Party) -> list[str]:
    return [party.id, party.qualifier]


def read_contrl(segments: Sequence[Segment], fields: Fields) -> Control | None:
    """Read an answer to one of our interchanges."""
    uci = next((segment for segment in segments if segment.tag == "UCI"), None)
    if uci is None:
        return None  # the grammar check has reported it
    if uci.get(4) not in {"1", "2", "3", "4", "5", "6", "7", "8"}:
        fields.at("invalid_value", "UCI", 2, "UCI element 4 (action) must be 4, 7 or 8; correct it", element="4")
    return Control(
        reference=uci.get(1),
        sender=Party(uci.get(2), uci.get(2, 2)),
        recipient=Party(uci.get(3), uci.get(3, 2)),
        action=uci.get(4),
        error=uci.get(5),
        messages=tuple(
            ControlMessage(segment.get(1), segment.get(2), segment.get(3), segment.get(4))
            for segment in segments
            if segment.tag == "UCM"
        ),
    )
