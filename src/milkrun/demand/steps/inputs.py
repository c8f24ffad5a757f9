"""What doors hand over about calls, and what they are told became of each."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.demand.steps.streams import LONGEST_CODE
from milkrun.kernel.errors import Problem
from milkrun.measure.quantity import trouble_with

# What the database keeps as a positive integer.
LARGEST_LINE_NO = 2**31 - 1
# A year outside is a slip of the keyboard, and at the edges of the calendar no zone can write the time.
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class ComponentInput:
    """A part wanted, as the customer wrote it."""

    line_no: int
    customer_part_no: str
    qty: Decimal
    unit: str = "PCE"
    order_no: str = ""


@dataclass(frozen=True, slots=True)
class GroupInput:
    """Components that belong together, under the customer's code for the module family ("" for the only one)."""

    code: str
    components: tuple[ComponentInput, ...]


@dataclass(frozen=True, slots=True)
class CallInput:
    """A call as any door hands it over; `required_at` is an aware instant, `zone` the plant's."""

    external_no: str
    kind: str
    required_at: datetime
    groups: tuple[GroupInput, ...]
    ship_to_code: str = ""
    unloading_point: str = ""
    line_feed: str = ""
    vin: str = ""
    production_no: str = ""
    stream_code: str = ""
    sequence_text: str = ""
    required_text: str = ""
    zone: str = "UTC"
    transmission_no: str = ""
    interchange_id: int | None = None
    message_id: int | None = None

    def content_hash(self) -> str:
        """Fingerprint what the customer wants, without the way it came."""
        wanted = [
            (
                group.code,
                [(c.line_no, c.customer_part_no, f"{c.qty:f}", c.unit, c.order_no) for c in group.components],
            )
            for group in self.groups
        ]
        said = (
            self.external_no, self.kind, self._instant(), self.ship_to_code, self.unloading_point,
            self.line_feed, self.vin, self.production_no, self.stream_code, self.sequence_text, self.zone, wanted,
        )  # fmt: skip
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def _instant(self) -> str:
        # The same instant written with another offset is the same wish.
        return self.required_at.astimezone(UTC).isoformat() if self.required_at.tzinfo else ""


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """What became of one call: created, updated, unchanged, under_way or refused (then with code and message).

    `notes` tell what was taken over but should be looked at.
    """

    external_no: str
    outcome: str
    call_id: int | None = None
    public_id: str = ""
    code: str = ""
    message: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    message_id: int | None = None
    notes: tuple[str, ...] = ()


def problems_of(call: CallInput) -> list[Problem]:
    """List what is impossible about a call before anything is looked up."""
    found = []
    if not call.external_no or len(call.external_no) > 80:
        found.append(Problem("external_no", _("A call needs a number of 1 to 80 characters."), "number_missing"))
    if call.kind not in ("summarized", "sequenced"):
        found.append(Problem("kind", _("A call is summarized or sequenced."), "kind_unknown"))
    if len(call.stream_code) > LONGEST_CODE:
        found.append(
            Problem(
                "stream_code",
                _("Line {stream_code} is longer than 20.").format(stream_code=call.stream_code),
                "stream_code_long",
            )
        )
    for name in ("ship_to_code", "unloading_point", "line_feed"):
        if len(getattr(call, name)) > 35:
            found.append(
                Problem(name, _("{value} is longer than 35 characters.").format(value=getattr(call, name)), "too_long")
            )
    if call.required_at.tzinfo is None:
        found.append(Problem("required_at", _("The required time needs a time zone."), "zone_missing"))
    if not FIRST_YEAR <= call.required_at.year <= LAST_YEAR:
        text = _("The required time is in the year {year}. Check the date.").format(year=call.required_at.year)
        found.append(Problem("required_at", text, "year_impossible"))
    if not call.groups or any(not group.components for group in call.groups):
        found.append(Problem("groups", _("A call needs at least one component in each group."), "no_components"))
    for index, group in enumerate(call.groups):
        if len(group.code) > 12:
            found.append(
                Problem(
                    f"groups[{index}].code",
                    _("Group code {code} is longer than 12.").format(code=group.code),
                    "group_code_long",
                )
            )
        numbers = [component.line_no for component in group.components]
        if len(set(numbers)) != len(numbers):
            found.append(Problem(f"groups[{index}]", _("Line numbers in a group must differ."), "line_number_twice"))
        for component in group.components:
            where = f"groups[{index}].components[{component.line_no}]"
            trouble = trouble_with(component.qty)
            if trouble:
                found.append(
                    Problem(
                        f"{where}.qty",
                        _("Line {line_no}: {trouble}").format(line_no=component.line_no, trouble=trouble),
                        "not_positive",
                    )
                )
            if len(component.unit) > 8 or len(component.order_no) > 35:
                sentence = _("Line {line_no}: a unit has at most 8 characters, an order number at most 35.").format(
                    line_no=component.line_no
                )
                found.append(Problem(where, sentence, "too_long"))
            if not 1 <= component.line_no <= LARGEST_LINE_NO:
                found.append(Problem(where, _("Lines are numbered from 1."), "line_number_impossible"))
            if not component.customer_part_no.strip() or len(component.customer_part_no) > 40:
                found.append(
                    Problem(
                        f"{where}.customer_part_no",
                        _("Line {line_no}: a part number of 1 to 40 characters is needed.").format(
                            line_no=component.line_no
                        ),
                        "part_missing",
                    )
                )
    if len({group.code for group in call.groups}) != len(call.groups):
        found.append(Problem("groups", _("Group codes in a call must differ."), "group_code_twice"))
    return found
