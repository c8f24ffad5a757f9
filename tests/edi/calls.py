"""Random DELJIT interchanges of every legal manner, and ways to spoil them."""

import random

UNA = "UNA:+.? '"
PARTS = ["5N0 881 105 A", "5N0 881 106 B", "N 908 132", "O?'BRIEN?+1", "X??", "L"]
FUNCTIONS = ["9", "9", "9", "5", "4", "1", "31"]


def interchange(chance: random.Random, *, messages: int, charset: str = "UNOC") -> str:
    """Write an interchange of calls that are in order, most of them plain."""
    texts = [message(chance, str(number)) for number in range(1, messages + 1)]
    between = chance.choice(["", "\n", "\r\n"])
    header = f"UNB+{charset}:3+OEM01:ZZ+SUPP01:ZZ+261121:1948+77++DELJIT"
    segments = [header, *(segment for text in texts for segment in text), f"UNZ+{messages}+77"]
    return chance.choice([UNA + between, ""]) + "".join(f"{segment}'{between}" for segment in segments)


def message(chance: random.Random, reference: str) -> list[str]:
    """Write the segments of one call."""
    jis = chance.random() < 0.5
    segments = [f"UNH+{reference}+DELJIT:D:{chance.choice(['04A', '04A', '07B'])}:UN{chance.choice(['', ':GAJS12'])}"]
    name = f"CALL{chance.randint(1, 9)}"
    segments.append(f"BGM+242{':::JIS' if jis else ''}+{name}+{chance.choice(FUNCTIONS)}")
    segments.append(f"DTM+137:2026112119{chance.randint(10, 59)}00:204")
    segments += chance.sample(["RFF+ON:5500012345", "FTX+AAI+++CARE?: GLASS", "DTM+10:20261121:102"], 1)
    segments.sort(key=lambda segment: ["UNH", "BGM", "DTM", "FTX", "RFF"].index(segment[:3]))
    segments += ["NAD+BY+OEM01::92", "NAD+SE+000012345::92", "NAD+ST+21::92"]
    segments += ["LOC+11+TOR 7"] * chance.randint(0, 1)
    for number in range(1, chance.randint(2, 4)):
        segments += _sequence(chance, number, jis)
    return [*segments, f"UNT+{len(segments) + 1}+{reference}"]


def _sequence(chance: random.Random, number: int, jis: bool) -> list[str]:
    segments = [f"SEQ+{chance.choice(['1', '1', '2'])}" + (f"+{number:04d}" if jis else "")]
    dated = jis or chance.random() < 0.3
    if dated:
        segments.append(f"DTM+2:2026112210{chance.randint(10, 59)}:203")
    if jis:
        segments.append(f"GIR+4+WVW{number:06d}:VV+2611{number:06d}:AN+SV:XA+{number:06d}:XO")
    segments += ["LOC+159+LF-12"] * chance.randint(0, 1)
    for line in range(1, chance.randint(2, 5)):
        segments += _line(chance, line, dated)
    return segments


def _line(chance: random.Random, number: int, dated: bool) -> list[str]:
    part = chance.choice(PARTS) if chance.random() < 0.98 else ""
    segments = [f"LIN+{number}++{part}:IN"]
    segments += ["PIA+1+02:EC"] * chance.randint(0, 1)
    segments += ["GIR+4+SV:XA"] * chance.randint(0, 1)
    segments += ["DTM+2:20261122:102"] * (chance.random() < 0.2)
    segments += ["RFF+ON:5500012346"] * chance.randint(0, 1)
    segments += chance.choice([[], [], ["LOC+11+TOR 8"], ["LOC+159+LF-9"]])
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        segments.append(f"QTY+{chance.choice(['131', '1', '113'])}:{chance.choice(['1', '48', '2.5', '0.5'])}:PCE")
        if not dated:
            segments.append(f"DTM+2:2026112{chance.randint(2, 8)}1000:203")
    return segments + ["QTY+70:4711:PCE"] * chance.randint(0, 1)


SNIPPETS = [
    "",
    "'",
    "+",
    ":",
    "?",
    "?'",
    "''",
    "\x00",
    "é",
    "a",
    "\n",
    " ",
    "9",
    "-1",
    "0",
    "UNT+5+1'",
    "UNH+1+DELJIT:D:04A:UN'",
]
SNIPPETS += [
    "UNA:+.? '",
    "UNA!^.\\ ~",
    "SEQ+1'",
    "LIN+1++P:IN'",
    "XYZ+1'",
    "DTM+2:20269999:102'",
    "x" * 40,
    "NAD+ST+22::92'",
]


def spoiled(chance: random.Random, text: str) -> str:
    """Change something: characters anywhere, or whole segments left out, doubled or exchanged."""
    for _ in range(chance.randint(1, 3)):
        if chance.random() < 0.5:
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(SNIPPETS) + text[at + chance.randint(0, 3) :]
        else:
            segments = text.split("'")
            one, other = chance.randrange(len(segments)), chance.randrange(len(segments))
            way = chance.randrange(4)
            if way == 0:
                del segments[one]
            elif way == 1:
                segments.insert(one, segments[other])
            elif way == 2:
                segments[one], segments[other] = segments[other], segments[one]
            else:
                segments[one] += chance.choice(["+", ":", "+X", ":1", "1"])
            text = "'".join(segments)
    return text
