"""A file of 100,000 lines until its rows are committed: read, checked, stored, answered, matched, written."""

from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Contender, Goal, Row
from benchmarks.plant import NOW, PARTS, Plant

LINES_A_MESSAGE = 5


def summarised(messages: int, control: int, first: int) -> bytes:
    """Write an interchange of summarised calls, five lines each."""
    lines = ["UNA:+.? '", f"UNB+UNOC:3+OEM01+SUPP01+260302:0600+{control}'"]
    for index in range(messages):
        number = first + index
        body = [
            f"UNH+{index + 1}+DELJIT:D:04A:UN'",
            f"BGM+242+F{number:08d}+9'",
            "DTM+137:202603020600:203'",
            "NAD+BY+OEM01::92'",
            "NAD+SE+000012345::92'",
            "NAD+ST+21::92'",
            "SEQ+6'",
            "DTM+2:202603021000:203'",
            "LOC+11+TOR 7'",
        ]
        for line in range(1, LINES_A_MESSAGE + 1):
            body += [f"LIN+{line}++5N0 {(number + line) % PARTS:03d} 105 A:IN'", "QTY+1:4:PCE'", "RFF+ON:5500012345'"]
        lines += [*body, f"UNT+{len(body) + 1}+{index + 1}'"]
    lines.append(f"UNZ+{messages}+{control}'")
    return "\n".join(lines).encode("latin-1")


def rows(plant: Plant, quick: bool) -> Iterator[Row]:
    """Prepare the row."""
    from benchmarks.rows.calls import _copy, _Known

    messages = 400 if quick else 20_000
    known = _Known(plant)
    state: dict[str, Any] = {"control": 0}
    given: list[Any] = []

    def write() -> None:
        state["control"] += 1
        state["data"] = summarised(messages, state["control"], state["control"] * 1_000_000)

    def milkrun() -> int:
        from milkrun.gateway.receive import take_in

        (report,) = take_in(
            state["data"], partner_code="OEM01", file_name="x.edi", source="cli", actor=plant.actor, at=NOW
        )
        assert report.verdict == "accepted", report.messages[:1]
        assert len(report.messages) == messages
        return messages * LINES_A_MESSAGE

    def describe() -> None:
        given[:] = [plant.call(LINES_A_MESSAGE) for _ in range(messages)]

    def copy() -> int:
        for start in range(0, len(given), 1_000):
            _copy(plant, known, given[start : start + 1_000])
        return messages * LINES_A_MESSAGE

    yield Row(
        "intake",
        f"EDI file of {messages * LINES_A_MESSAGE:,} lines to committed rows",
        "line",
        [
            Contender("Milkrun", "milkrun", milkrun, write),
            Contender("COPY", "limit", copy, describe, note="the rows alone, nothing read"),
        ],
        [Goal("COPY", 0.6, 0.8)],
        [f"a call for every {LINES_A_MESSAGE} lines; Bots: parsing alone 7,900 lines/s, a recorded figure."],
        most_repeats=5,
    )
