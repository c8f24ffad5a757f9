"""GS1 identifiers with their check digit.

Source: GS1 General Specifications, section 7.9 (check digit calculations) and 3.3 (SSCC).
"""


def check_digit(digits: str) -> str:
    """Return the GS1 modulo-10 check digit for the digits before it.

    Example:
        >>> check_digit("37610425002123456")
        '9'
    """
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def sscc(extension: int, company_prefix: str, serial: int) -> str:
    """Compose an SSCC-18.

    Args:
        extension: 0 to 9.
        company_prefix: 7 to 10 digits given to the company.
        serial: running number; it must fit into what is left of 16 digits.

    Raises:
        ValueError: the serial no longer fits, or the prefix is not digits.
    """
    width = 16 - len(company_prefix)
    if not company_prefix.isascii() or not company_prefix.isdigit() or not 6 <= width <= 9:
        raise ValueError("A GS1 company prefix has 7 to 10 digits.")
    if not 0 <= serial < 10**width or not 0 <= extension <= 9:
        raise ValueError("The range of serial numbers for shipping units is used up.")
    body = f"{extension}{company_prefix}{serial:0{width}d}"
    return body + check_digit(body)


def is_sscc(text: str) -> bool:
    """Tell whether the text is an SSCC-18 with a right check digit."""
    return len(text) == 18 and text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]
