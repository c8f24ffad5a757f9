"""The writers other parts call: a neutral message and an envelope in, the bytes of an interchange out.

All raise ValueError naming the field where a text does not fit its element or the character set. Nothing is shortened.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from milkrun.edi.contrl import contrl_segments
from milkrun.edi.deljit_writing import deljit_segments
from milkrun.edi.desadv import desadv_segments
from milkrun.edi.invoic import invoic_segments
from milkrun.edi.messages import DelJit, DespatchAdvice, Envelope, Interchange, InvoiceDocument
from milkrun.edi.writing import Outgoing, Segments, segments_for, write_interchange

Writable = DelJit | DespatchAdvice | InvoiceDocument


def write_despatch_advice(doc: DespatchAdvice, envelope: Envelope, version: str = "D07A") -> bytes:
    """Write one despatch advice (DESADV).

    Raises:
        ValueError: naming the field that does not fit.
    """
    return write_messages([(envelope.message_reference, doc, version)], envelope)


def write_invoice(doc: InvoiceDocument, envelope: Envelope, version: Literal["D07A", "D96A"] = "D07A") -> bytes:
    """Write one invoice (INVOIC).

    Raises:
        ValueError: naming the field that does not fit.
    """
    return write_messages([(envelope.message_reference, doc, version)], envelope)


def write_call(doc: DelJit, envelope: Envelope, version: str = "D04A") -> bytes:
    """Write one just-in-time call (DELJIT), as the customer does.

    Raises:
        ValueError: naming the field that does not fit.
    """
    return write_messages([(envelope.message_reference, doc, version)], envelope)


def write_messages(messages: Sequence[tuple[str, Writable, str]], envelope: Envelope) -> bytes:
    """Write several messages into one interchange.

    Args:
        messages: reference, document and directory of each, at least one.
        envelope: its own message reference is not used.

    Raises:
        ValueError: naming the field that does not fit, or that there is no message.
    """
    if not messages:
        raise ValueError("messages: an interchange needs at least one")
    return write_interchange([_outgoing(*message, envelope) for message in messages], envelope)


def write_contrl(
    interchange: Interchange,
    envelope: Envelope,
    duplicate: bool = False,
    *,
    reject_with: str = "",
    received_only: bool = False,
) -> bytes:
    """Write the acknowledgement of an interchange as it was read.

    Args:
        interchange: as read; its verdicts and findings decide the answer.
        envelope: sender is who answers, that is the recipient of the interchange.
        duplicate: reject as already received under this reference with other content (error 26).
        reject_with: reject the whole for this error (0085), for instance "23" unknown sender, "7" not for us.
        received_only: say no more than that it arrived (action 8).

    Raises:
        ValueError: the interchange is itself an acknowledgement, or does not say who sent it under which reference.
    """
    segments = Segments(envelope.charset)
    contrl_segments(interchange, segments, reject_with or ("26" if duplicate else ""), received_only)
    message = Outgoing(envelope.message_reference, "CONTRL", "D3", "", segments)
    return write_interchange([message], envelope)


_Write = Callable[..., None]
_WRITERS: dict[type, tuple[str, _Write]] = {
    DelJit: ("DELJIT", deljit_segments),
    DespatchAdvice: ("DESADV", desadv_segments),
    InvoiceDocument: ("INVOIC", invoic_segments),
}


def _outgoing(reference: str, doc: Writable, version: str, envelope: Envelope) -> Outgoing:
    message_type, write = _WRITERS[type(doc)]
    segments = segments_for(message_type, version, envelope.charset)
    write(doc, segments)
    return Outgoing(reference, message_type, version, envelope.association, segments)
