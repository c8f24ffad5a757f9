"""The words findings are named by, each with its UN/EDIFACT syntax error number, and the list they are gathered in.

The numbers are data element 0085 of the CONTRL message; a code without a number is answered with 18 (unspecified).
Every code has a paragraph in docs/reference/edi.md.
"""

from milkrun.edi.messages import Finding, Severity

SYNTAX_CODES: dict[str, str] = {
    # the file
    "empty_file": "",
    "unrecognised_syntax": "",
    "unsupported_syntax": "2",
    "too_large": "",
    "segment_too_long": "39",
    "truncated": "13",
    "trailing_data": "15",
    "bad_separators": "22",
    "too_many_findings": "",
    "empty_segment": "15",
    "line_break": "21",
    # characters
    "byte_order_mark": "21",
    "unsupported_charset": "2",
    "undecodable": "21",
    "charset_disagrees": "21",
    "control_character": "21",
    # envelope
    "unsupported_syntax_version": "2",
    "missing_header": "13",
    "missing_trailer": "13",
    "unexpected_segment": "15",
    "reference_mismatch": "28",
    "count_wrong": "29",
    "duplicate_reference": "26",
    "groups_mixed": "30",
    "no_messages": "32",
    "unsupported_message": "14",
    "unsupported_version": "14",
    "unpadded_header": "",
    "wrong_group": "",
    # grammar
    "unknown_field": "",
    "unknown_segment": "15",
    "segment_out_of_place": "15",
    "missing_segment": "13",
    "too_many_repeats": "35",
    "missing_element": "13",
    "too_many_elements": "16",
    "element_too_long": "39",
    "not_a_number": "37",
    # meaning
    "invalid_date": "12",
    "unsupported_date_format": "14",
    "missing_date": "13",
    "missing_quantity": "13",
    "quantity_not_positive": "12",
    "missing_part": "13",
    "missing_number": "13",
    "missing_line": "13",
    "missing_party": "13",
    "several_parties": "12",
    "missing_function": "13",
    "missing_sequence": "13",
    "sequence_disagrees": "12",
    "invalid_value": "12",
    "several_times": "",
    "total_wrong": "",
    "planned_quantity": "",
}

# One broken file must not fill memory with sentences.
LIMIT = 200


class Findings:
    """Gathers findings of one message or one interchange, up to `LIMIT`."""

    def __init__(self) -> None:
        self.items: list[Finding] = []

    def add(
        self, code: str, segment: str, position: int, text: str, *, element: str = "", severity: Severity = "error"
    ) -> None:
        """Note one finding; `text` is a sentence that names the segment and the way out."""
        if len(self.items) >= LIMIT:
            if severity == "warning" or self.items[-1].code == "too_many_findings":
                return
            code, element = "too_many_findings", ""
            text = f"More than {LIMIT} findings; the rest are not listed. Correct the ones above and send again."
        self.items.append(Finding(segment, position, element, code, SYNTAX_CODES[code] or "18", severity, text))

    def add_fatal(self, code: str, position: int, text: str) -> None:
        """Note what stopped the reading, however many findings there are already."""
        self.items.append(Finding("", position, "", code, SYNTAX_CODES[code] or "18", "error", text))

    def warn(self, code: str, segment: str, position: int, text: str, *, element: str = "") -> None:
        """Note one finding that does not change the verdict."""
        self.add(code, segment, position, text, element=element, severity="warning")
