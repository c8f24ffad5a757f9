"""Reading EDIFACT on one core: tokens, segments, checks and neutral messages, against a bare split and pydifact."""

from collections.abc import Iterator

from benchmarks.measure import Contender, Goal, Row

BOTS_RECORDED = 0.83  # MB/s, recorded on 2 x 2.8 GHz


def deljit(vehicles: int, control: str = "1") -> bytes:
    """Write a sequenced DELJIT interchange: five parts a vehicle."""
    lines = [
        "UNA:+.? '",
        f"UNB+UNOC:3+OEM01+SUPP01+260302:0600+{control}'",
        "UNH+1+DELJIT:D:04A:UN'",
        f"BGM+30+JIS{control}+9'",
        "DTM+137:202603020600:203'",
        "NAD+BY+OEM01::92'",
        "NAD+SE+000012345::92'",
        "NAD+ST+21::92'",
        "LOC+11+TOR 7'",
    ]
    for number in range(1, vehicles + 1):
        lines += [
            f"SEQ+6+{(number - 1) % 9999 + 1:04d}'",
            "DTM+2:202603021000:203'",
            f"GIR+4+WVWZZZ1JZXW{number:06d}:VV+{control}{number:07d}:AN+03:XN'",
        ]
        for line in range(1, 6):
            lines += [
                f"LIN+{line}++5N0 {(number + line) % 20:03d} 105 A:IN'",
                "QTY+1:1:PCE'",
                "RFF+ON:5500012345'",
            ]
    lines += [f"UNT+{len(lines) - 1}+1'", f"UNZ+1+{control}'"]
    return "\n".join(lines).encode()


def rows(quick: bool) -> Iterator[Row]:
    """Prepare the row."""
    from milkrun import edi

    data = deljit(500 if quick else 5_000)
    text = data.decode()
    small = deljit(100 if quick else 300)
    reading = edi.read(data)
    assert reading.interchanges[0].verdict == "accepted", [
        f.text for m in reading.interchanges[0].messages for f in m.findings
    ][:3]
    assert len(reading.interchanges[0].messages[0].body.sequences) == (500 if quick else 5_000)

    def milkrun() -> int:
        edi.read(data)
        return len(data)

    def split() -> int:
        for segment in text.split("'"):
            for element in segment.split("+"):
                element.split(":")
        return len(data)

    contenders = [Contender("Milkrun", "milkrun", milkrun), Contender("str.split", "limit", split)]
    goals, remarks = [], []
    try:
        from pydifact.segmentcollection import Interchange
    except ImportError:
        remarks.append("pydifact is not installed: not measured.")
    else:

        def pydifact() -> int:
            interchange = Interchange.from_str(small.decode())
            for message in interchange.get_messages():
                list(message.segments)
            return len(small)

        contenders.append(Contender("pydifact", "peer", pydifact, note="segments only, smaller file"))
        goals.append(Goal("pydifact", 20))
    remarks.append(f"Bots: {BOTS_RECORDED} MB/s, a recorded figure; the goal is 8 times that, 6.6 MB/s.")
    yield Row("edi", "tokenise and extract, one core", "B", contenders, goals, remarks)
