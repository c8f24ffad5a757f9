"""Whatever a document holds, reading what was written of it gives the same document."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from milkrun.edi import (
    DelJit,
    DelJitLine,
    DelJitSequence,
    DespatchAdvice,
    DespatchLine,
    DespatchUnit,
    EdiTime,
    InvoiceDocument,
    InvoiceDocumentLine,
    parse_time,
    read,
    write_call,
    write_despatch_advice,
    write_invoice,
)
from tests.edi.documents import ENVELOPE

LATIN_1 = st.characters(min_codepoint=0x20, max_codepoint=0xFF, blacklist_categories=("Cc",))
HOSTILE = st.sampled_from(["'", "+", ":", "?", "??'", "'UNT+1+1'UNH+2", "UNA:+.? '", "A'B", "?'", "*"])


def text(width: int) -> st.SearchStrategy[str]:
    """Text of at least one character that fits an element; service characters are frequent."""
    free = st.text(LATIN_1, min_size=1, max_size=width)
    return st.one_of(free, HOSTILE.filter(lambda hostile: len(hostile) <= width))


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), strategy)


AMOUNT = st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents).scaleb(-2))
QUANTITY = st.integers(1, 10**17).map(lambda micro: Decimal(micro).scaleb(-6))
MINUTE = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)
DAY = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def time_of(moment: datetime) -> EdiTime:
    time = parse_time(moment.strftime("%Y%m%d%H%M"), "203")
    assert time is not None
    return time


TIME = MINUTE.map(time_of)


def despatch_lines(sscc: str, most: int) -> st.SearchStrategy[list[DespatchLine]]:
    line = st.builds(
        DespatchLine,
        line_no=maybe(text(6)),
        sscc=st.just(sscc),
        buyer_part=text(35),
        supplier_part=maybe(text(35)),
        quantity=QUANTITY,
        unit=maybe(text(8)),
        order_no=maybe(text(35)),
        call_no=maybe(text(35)),
        line_feed=maybe(text(35)),
        vin=maybe(text(35)),
        production_no=maybe(text(35)),
        family=maybe(text(35)),
        line=maybe(text(35)),
        sequence_no=maybe(text(35)),
    )
    return st.lists(line, max_size=most)


@st.composite
def despatches(draw: st.DrawFn) -> DespatchAdvice:
    ssccs = draw(st.lists(text(35), unique=True, max_size=3))
    units = []
    lines = []
    for index, sscc in enumerate(ssccs):
        parent = draw(st.sampled_from([None, *ssccs[:index]]))
        units.append(DespatchUnit(sscc, draw(maybe(text(17))), parent))
        lines += draw(despatch_lines(sscc, 2))
    lines += draw(despatch_lines("", 2))
    ship_to = draw(maybe(text(35)))
    return DespatchAdvice(
        number=draw(text(35)),
        function=draw(st.sampled_from(["original", "cancel"])),
        issued_at=draw(MINUTE),
        shipped_at=draw(MINUTE),
        arrival_at=draw(st.none() | MINUTE),
        seller=draw(maybe(text(35))),
        buyer=draw(maybe(text(35))),
        ship_to=ship_to,
        ship_from=draw(maybe(text(35))),
        unloading_point=draw(maybe(text(35))) if ship_to else "",
        delivery_no=draw(maybe(text(35))),
        cancels=draw(st.none() | text(35)),
        units=tuple(units),
        lines=tuple(lines),
    )


INVOICE_LINES = st.builds(
    InvoiceDocumentLine,
    line_no=maybe(st.integers(1, 999_999).map(str)),
    buyer_part=text(35),
    supplier_part=maybe(text(35)),
    quantity=AMOUNT,
    unit=maybe(text(3)),
    unit_price=AMOUNT,
    price_basis=st.integers(1, 10**6).map(Decimal),
    amount=AMOUNT,
    order_no=maybe(text(35)),
    call_no=maybe(text(35)),
    delivery_no=maybe(text(35)),
)
INVOICES = st.builds(
    InvoiceDocument,
    number=text(35),
    issued_on=DAY,
    delivery_no=maybe(text(35)),
    delivered_on=st.none() | DAY,
    seller=text(35),
    seller_name=maybe(text(175)),
    seller_tax_id=maybe(text(35)),
    buyer=text(35),
    ship_to=maybe(text(35)),
    currency=text(3),
    tax_rate=st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths).scaleb(-2)),
    lines=st.lists(INVOICE_LINES, max_size=3).map(tuple),
    net=AMOUNT,
    tax=AMOUNT,
    gross=AMOUNT,
)


def call_lines() -> st.SearchStrategy[tuple[DelJitLine, ...]]:
    line = st.builds(
        DelJitLine,
        position=st.just(0),
        line_no=maybe(text(6)),
        buyer_part=text(35),
        change_level=maybe(text(35)),
        order_no=maybe(text(35)),
        quantity=QUANTITY,
        unit=maybe(text(8)),
        required=TIME,
        family=maybe(text(35)),
        unloading_point=maybe(text(35)),
        line_feed=maybe(text(35)),
    )
    return st.lists(line, min_size=1, max_size=3).map(tuple)


SEQUENCES = st.builds(
    DelJitSequence,
    number=st.integers(1, 9_999_999_999).map(str),
    action=maybe(text(3)),
    position=st.just(0),
    required=st.none() | TIME,
    unloading_point=maybe(text(35)),
    vin=maybe(text(35)),
    production_no=maybe(text(35)),
    family=maybe(text(35)),
    line=maybe(text(35)),
    reference_sequence=st.just(""),
    reorder_key=maybe(text(35)),
    line_feed=maybe(text(35)),
    lines=call_lines(),
)
CALLS = st.builds(
    DelJit,
    call_no=text(35),
    function=st.sampled_from(["original", "replace", "change", "cancel", "other:7"]),
    kind=st.just("sequenced"),
    document_at=TIME,
    order_no=maybe(text(35)),
    buyer=text(35),
    seller=maybe(text(35)),
    ship_to=maybe(text(35)),
    unloading_point=maybe(text(35)),
    sequences=st.lists(SEQUENCES, min_size=1, max_size=3).map(tuple),
)


def read_back(data: bytes) -> object:
    reading = read(data)
    assert reading.verdict == "accepted", [f for i in reading.interchanges for m in i.messages for f in m.findings]
    [message] = reading.interchanges[0].messages
    return message.body


def without_positions(call: object) -> str:
    """Text of a call with the segment numbers blanked: they only exist once it is written."""
    assert isinstance(call, DelJit)
    rows: list[object] = [call.call_no, call.function, call.kind, call.document_at, call.order_no, call.buyer]
    rows += [call.seller, call.ship_to, call.unloading_point]
    for s in call.sequences:
        rows += [s.number, s.action, s.required, s.unloading_point, s.vin, s.production_no, s.family, s.line]
        rows += [s.reorder_key, s.line_feed]
        for x in s.lines:
            rows += [x.line_no, x.buyer_part, x.change_level, x.order_no, x.quantity, x.unit, x.required]
            rows += [x.family, x.unloading_point, x.line_feed]
    return repr([format(row.normalize(), "f") if isinstance(row, Decimal) else row for row in rows])


@given(despatches())
def test_every_despatch_advice_comes_back(doc: DespatchAdvice) -> None:
    assert read_back(write_despatch_advice(doc, ENVELOPE)) == doc


@given(INVOICES, st.sampled_from(["D07A", "D96A"]))
def test_every_invoice_comes_back(doc: InvoiceDocument, version: str) -> None:
    assert read_back(write_invoice(doc, ENVELOPE, version)) == doc  # type: ignore[arg-type]


@given(CALLS)
def test_every_call_comes_back(call: DelJit) -> None:
    assert without_positions(read_back(write_call(call, ENVELOPE))) == without_positions(call)
