"""What people type never becomes a command of the printer."""

import re

from hypothesis import given
from hypothesis import strategies as st

from milkrun.labels import SAMPLES, SOURCES, Field, Layout, place, write_zpl

COMMAND = re.compile(rb"[\^~][A-Z][A-Z0-9@]?")
# One label with a field of every way in which text gets into ZPL.
LAYOUT = Layout("all", "All", 200, 200, (
    Field("text", 1, 1, 100, 5, source="customer.name"),
    Field("text", 1, 10, 100, 5, source="customer.name", align="right"),
    Field("text", 1, 20, 5, 100, source="customer.name", rotation=90),
    Field("code128", 1, 130, 198, 10, source="tag.number"),
    Field("gs1_128", 1, 142, 198, 10, source="order.gs1"),
    Field("data_matrix", 1, 155, 40, 40, source="record"),
    Field("qr", 60, 155, 40, 40, source="link"),
    Field("caption", 120, 155, 40, 10, text="^XZ~JR"),
))  # fmt: skip
NOT_COMMANDS = {b"^CI28": b"^CI"}


def commands(zpl: bytes) -> set[bytes]:
    return set(COMMAND.findall(zpl))


def test_the_sample_uses_these_commands_only() -> None:
    used = commands(write_zpl([place(LAYOUT, SAMPLES)]))

    assert used == {
        b"^XA", b"^CI", b"^LH", b"^PW", b"^LL", b"^FO", b"^A0", b"^FB", b"^FH", b"^FD", b"^FS", b"^BY", b"^BC", b"^BX",
        b"^BQ", b"^PQ", b"^XZ",
    } | (used & {b"^CI2", b"^LH0", b"^PW1", b"^LL1"})  # fmt: skip


@given(st.text(max_size=60))
def test_no_text_of_any_language_adds_or_ends_a_command(text: str) -> None:
    data = {name: text for name, source in SOURCES.items() if not source.derived}

    zpl = write_zpl([place(LAYOUT, data)])

    assert zpl.count(b"^XA") == zpl.count(b"^XZ") == 1
    assert b"~" not in zpl
    fields = re.findall(rb"\^FH\^FD(.*?)\^FS", zpl, re.DOTALL)
    assert zpl.count(b"^FD") == len(fields) == zpl.count(b"^FH")
    assert all(re.fullmatch(rb"(?:[A-Za-z0-9 ./:,()+\-#*=\[\]]|_[0-9A-F]{2})*", field) for field in fields)
    # Every caret is one of the commands that the layout itself asks for.
    assert zpl.count(b"^") == len(
        re.findall(rb"\^(?:XA|CI28|LH0,0|PW\d|LL\d|FO\d|A0[NRIB]|FB\d|FH\^|FD|FS|BY\d|BC|BX|BQ|PQ1|XZ)", zpl)
    ) + len(fields)


@given(st.text(alphabet=st.sampled_from("^~_\\XZJRFSD>;:08\x1e\x1d\x04\x1f&,"), max_size=30))
def test_the_letters_of_commands_stay_letters(text: str) -> None:
    plain = write_zpl([place(LAYOUT, {"customer.name": "x"})])

    zpl = write_zpl([place(LAYOUT, {"customer.name": text or "x"})])

    assert commands(zpl) - commands(plain) <= {b"^A0"}
