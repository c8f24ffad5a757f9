"""What barcodes say: GS1 element strings and ISO/IEC 15434 records.

Sources: GS1 General Specifications, section 3 (application identifiers) and 7.8 (element strings); ISO/IEC 15434
(format 06 for data identifiers of ASC MH10.8.2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

RS, GS, EOT = "\x1e", "\x1d", "\x04"
# Identifiers whose length is known from their first two digits need no separator behind them (GS1, figure 7.8.4-2).
FIXED = {"00": 20, "01": 16, "02": 16, "03": 16, "11": 8, "12": 8, "13": 8, "15": 8, "16": 8, "17": 8, "20": 4}

DATA_IDENTIFIERS = (
    ("1J", "sscc"),
    ("P", "part.customer_number"),
    ("1P", "part.number"),
    ("Q", "quantity"),
    ("K", "order.number"),
    ("2K", "delivery.number"),
    ("V", "supplier.number"),
    ("S", "tag.number"),
    ("1T", "lot"),
    ("2L", "ship_to.code"),
    ("4L", "country.made"),
)


@dataclass(frozen=True, slots=True)
class Element:
    """An application identifier with what it says."""

    identifier: str
    text: str

    @property
    def open_ended(self) -> bool:
        """Tell whether a separator must follow, unless it is the last."""
        return self.identifier[:2] not in FIXED

    @property
    def scanned(self) -> str:
        """Return it as a scanner gives it, blanks left out."""
        return self.identifier + self.text.replace(" ", "")


def gs1_text(elements: Iterable[Element]) -> str:
    """Write elements as people read them.

    Example:
        >>> gs1_text([Element("00", "340123450000000017")])
        '(00)340123450000000017'
    """
    return "".join(f"({element.identifier}){element.text.replace(' ', '')}" for element in elements)


def gs1_runs(elements: Iterable[Element]) -> list[str]:
    """Return the texts between the FNC1 signs of a symbol: one stands before each run.

    Example:
        >>> gs1_runs([Element("37", "48"), Element("10", "L1"), Element("00", "340123450000000017")])
        ['3748', '10L1', '00340123450000000017']
    """
    runs, current = [], ""
    for element in elements:
        current += element.scanned
        if element.open_ended:
            runs.append(current)
            current = ""
    return [*runs, current] if current else runs


def iso_15434(known: Mapping[str, str]) -> str:
    """Write what is known as a record with data identifiers; empty where nothing is.

    Such records hold ASCII only: what is not, is left out rather than changed.

    Example:
        >>> iso_15434({"quantity": "48", "lot": "L1"}).encode()
        b'[)>\\x1e06\\x1dQ48\\x1d1TL1\\x1e\\x04'
    """
    said = [f"{identifier}{known[name]}" for identifier, name in DATA_IDENTIFIERS if _ascii(known.get(name, ""))]
    return f"[)>{RS}06{GS}{GS.join(said)}{RS}{EOT}" if said else ""


def _ascii(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable()
