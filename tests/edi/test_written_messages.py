"""What we send, byte for byte, and that reading it gives the same document again."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from milkrun.edi import (
    Body,
    DelJit,
    Envelope,
    InvoiceDocument,
    Party,
    read,
    write_call,
    write_contrl,
    write_despatch_advice,
    write_invoice,
)
from tests.edi.documents import DESPATCH, ENVELOPE, INVOICE, SAMPLES


def body_of(data: bytes, zone: str = "UTC") -> Body | None:
    [interchange] = read(data, zone=zone).interchanges
    assert interchange.verdict == "accepted", [*interchange.findings, *interchange.messages[0].findings]
    return interchange.messages[0].body


WRITTEN = {
    "desadv_rack.edi": lambda: write_despatch_advice(DESPATCH, replace(ENVELOPE, association="GAVF21")),
    "invoic_d07a.edi": lambda: write_invoice(INVOICE, ENVELOPE),
    "invoic_d96a.edi": lambda: write_invoice(INVOICE, ENVELOPE, "D96A"),
    "contrl_one_message_rejected.edi": lambda: write_contrl(
        read((SAMPLES / "deljit_good_plus_bad_message.edi").read_bytes()).interchanges[0], ENVELOPE
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_written_interchange_equals_its_golden_file(name: str) -> None:
    assert WRITTEN[name]() == (SAMPLES / name).read_bytes()


def test_a_despatch_advice_reads_back_as_the_document_it_was_written_from() -> None:
    assert body_of(write_despatch_advice(DESPATCH, ENVELOPE), "Europe/Berlin") == DESPATCH


def test_a_cancelling_despatch_advice_names_what_it_cancels() -> None:
    cancel = replace(DESPATCH, number="ASN4712", function="cancel", cancels="ASN4711", lines=(), units=())

    assert body_of(write_despatch_advice(cancel, ENVELOPE), "Europe/Berlin") == cancel


@pytest.mark.parametrize("version", ["D07A", "D96A"])
def test_an_invoice_reads_back_as_the_document_it_was_written_from(version: str) -> None:
    assert body_of(write_invoice(INVOICE, ENVELOPE, version)) == INVOICE


def test_a_price_without_a_basis_is_the_price_of_one() -> None:
    data = write_invoice(INVOICE, ENVELOPE).replace(b"PRI+AAA:1250.5:::100:PCE", b"PRI+AAA:12.505")

    invoice = body_of(data)

    assert isinstance(invoice, InvoiceDocument)
    assert (invoice.lines[0].unit_price, invoice.lines[0].price_basis) == (Decimal("12.505"), Decimal(1))


@pytest.mark.parametrize("name", ["deljit_jis_two_vehicles.edi", "deljit_summarized.edi"])
def test_a_call_reads_back_as_it_was_written(name: str) -> None:
    call = body_of((SAMPLES / name).read_bytes())
    assert isinstance(call, DelJit)

    again = body_of(write_call(call, ENVELOPE))

    assert again == call


def test_a_local_time_is_written_in_the_zone_of_the_plant() -> None:
    summer = replace(DESPATCH, shipped_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))

    assert b"DTM+11:202607020030:203'" in write_despatch_advice(summer, ENVELOPE)


REFUSED_DESPATCHES = [
    (replace(DESPATCH, number=""), "number: must not be empty"),
    (replace(DESPATCH, number="x" * 36), "number: 36 characters do not fit the 35 of BGM"),
    (replace(DESPATCH, ship_to="Łódź"), "ship_to: holds 'Ł', which UNOC does not have"),
    (replace(DESPATCH, ship_to="21\n"), "ship_to: holds a control character or line break"),
    (replace(DESPATCH, shipped_at=datetime(2026, 1, 1)), "shipped_at: a time with its zone"),  # noqa: DTZ001
    (
        replace(DESPATCH, lines=(replace(DESPATCH.lines[0], quantity=Decimal(0)),)),
        "lines[0].quantity: must be greater than zero",
    ),
    (
        replace(DESPATCH, lines=(replace(DESPATCH.lines[0], quantity=Decimal("0.0000001")),)),
        "lines[0].quantity: 1E-7 does not fit 12 digits and 6 decimals",
    ),
    (
        replace(DESPATCH, lines=(replace(DESPATCH.lines[0], sscc="340000000000000099"),)),
        "lines[0].sscc: no such unit is listed",
    ),
    (
        replace(DESPATCH, lines=(replace(DESPATCH.lines[0], vin="V" * 36),)),
        "lines[0].vin: 36 characters do not fit the 35 of GIR",
    ),
    (replace(DESPATCH, units=DESPATCH.units[1:]), "units[0].parent_sscc: the unit below must be listed before"),
]


@pytest.mark.parametrize(("doc", "sentence"), REFUSED_DESPATCHES)
def test_a_field_that_does_not_fit_is_refused_by_name(doc: object, sentence: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(sentence)):
        write_despatch_advice(doc, ENVELOPE)  # type: ignore[arg-type]


def test_an_invoice_with_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^net: NaN does not fit"):
        write_invoice(replace(INVOICE, net=Decimal("NaN")), ENVELOPE)


def test_capital_letters_only_go_out_under_unoa() -> None:
    with pytest.raises(ValueError, match="UNOA, which has capital letters only"):
        write_invoice(
            replace(INVOICE, seller_name="SITZE"), replace(ENVELOPE, charset="UNOA", sender=Party("supp", ""))
        )


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("UNOC", "Müller"),
        ("UNOD", "Łódź"),
        ("UNOE", "Завод"),
        ("UNOF", "Αθήνα"),
        ("UNOK", "Şişli"),
        ("UNOW", "東京 Łódź"),
    ],
)
def test_names_survive_in_each_character_set(charset: str, name: str) -> None:
    invoice = replace(INVOICE, seller_name=name)

    assert body_of(write_invoice(invoice, replace(ENVELOPE, charset=charset))) == invoice


def test_the_envelope_says_test_acknowledgement_and_guide() -> None:
    envelope = Envelope(
        ENVELOPE.sender, ENVELOPE.recipient, "7", ENVELOPE.prepared_at, test=True, ack_requested=True, association="X1"
    )

    [interchange] = read(write_invoice(INVOICE, envelope)).interchanges

    assert (interchange.test, interchange.ack_requested, interchange.control) == (True, True, "7")
    assert interchange.messages[0].association == "X1"
