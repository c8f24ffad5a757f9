"""What a metric is: a figure with a name, a unit and a search that finds where it is out of bounds.

To add one, write a search and put a `Metric` into the tuple of its file; a new file is named in `metrics/__init__.py`.
With `standard` it brings a rule of its own into every installation. docs/how-to/add-a-metric.md has a worked example.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.utils.functional import Promise

Word = str | Promise
Comparison = Literal["below", "above"]
Unit = Literal["minutes", "quantity", "count", "days", "percent", "takts"]

# A search stops here: nobody reads a thousand alerts of one rule, and no turn of the worker may take for ever.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a rule asks its metric for.

    Args:
        at: now.
        comparison: whether values below or above the threshold count.
        threshold: in the metric's unit.
        sites: the sites of ours that are looked at.
        partner_id: one customer or supplier, None for all.
        part_id: one part, None for all.
        place: a work centre, a location or a stream by its code, "" for all.
        working: times count the sites' working time only.
    """

    at: datetime
    comparison: Comparison
    threshold: Decimal
    sites: tuple[int, ...] = ()
    partner_id: int | None = None
    part_id: int | None = None
    place: str = ""
    working: bool = False

    def narrow(self, **fields: str) -> dict[str, object]:
        """Return filter arguments for the parts of the scope that are set.

        Args:
            fields: scope -> name of the column that holds it (site="call__site_id").
        """
        given = {"partner": self.partner_id, "part": self.part_id, "place": self.place}
        found: dict[str, object] = {column: given[scope] for scope, column in fields.items() if given.get(scope)}
        # Always named, also where a rule is for all sites: indexes begin with the site.
        return {f"{fields['site']}__in": self.sites, **found} if "site" in fields else found


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the figure is out of bounds.

    Args:
        kind: what the alert is about: call, delivery, rack, part, outbox, received, confirmation, stream, customer.
        id: the row's key; they come ordered by `due_at` (none first), then by key.
        public_id: where a page about it is found, "" where there is none.
        label: what people recognise it by.
        site_id: the site whose people are told.
        since: when the cause began.
        facts: words for the metric's sentences; instants are ISO text under names that end in `_at`, and
            `zone` names the zone they are shown in.
        due_at: until when something must be done, for the ranking.
        partner_id: the customer or supplier it concerns.
        part_id: the part it concerns.
        mark: a word for how bad it is; the owner is told again when it changes.
    """

    kind: str
    id: int
    label: str
    site_id: int
    since: datetime
    public_id: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    due_at: datetime | None = None
    partner_id: int | None = None
    part_id: int | None = None
    mark: str = ""


Search = Callable[[Wanted], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Standard:
    """The rule that a metric brings with it.

    Args:
        threshold: in the metric's unit.
        owner_role: who is told.
        tone: "act" or "watch".
        repeat_minutes: after how long the owner is told again, 0 for never.
        escalate_minutes: after how long somebody else is told, 0 for never.
        escalate_role: whom.
    """

    threshold: Decimal
    owner_role: str
    tone: str = "act"
    repeat_minutes: int = 0
    escalate_minutes: int = 0
    escalate_role: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that rules can watch.

    Args:
        name: for rules and the address of the form.
        title: for people, as a condition ("Call not released in time").
        unit: of the threshold.
        comparison: the side of the threshold that is bad.
        search: finds where it is out of bounds, in a bounded number of statements, at most `MOST` findings.
        cause: one sentence with %(name)s of the findings' facts.
        stake: what happens if nobody does anything.
        action: the command behind the primary button, or "" where the button only leads to the page.
        button: its word.
        scopes: what a rule may be narrowed to: partner, part, place.
        standard: the rule it brings with it, None for metrics that people make rules of.
        meaning: what the threshold means, for the form.
        both_ways: whether rules may also watch the other side.
    """

    name: str
    title: Word
    unit: Unit
    comparison: Comparison
    search: Search
    cause: Word
    stake: Word
    button: Word
    action: str = ""
    scopes: tuple[str, ...] = ()
    standard: Standard | None = None
    meaning: Word = ""
    both_ways: bool = False

    @property
    def comparisons(self) -> tuple[str, ...]:
        """Tell on which sides of a threshold the figure can be watched."""
        return ("below", "above") if self.both_ways else (self.comparison,)
