"""Say how a customer numbers the vehicles to one line, and what a gap in the numbers does at each step."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand.errors import StreamInUse
from milkrun.demand.models import JitCall, SequenceStream
from milkrun.demand.states import GAP_RULES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.partners.models import ShipTo

LARGEST_EVER = 10**9


@dataclass(frozen=True, slots=True)
class StreamRules:
    """What holds for a stream.

    Args:
        largest: the number after which the customer starts again at 1.
        release_rule: what a gap before the chosen numbers does at release: none, warn or block.
        packing_rule: the same when calls are released for packing.
        gap_rule: the same when a delivery is made.
        issue_rule: the same when it leaves.
        takt_minutes: minutes between two vehicles; None where nobody says.
    """

    largest: int = 9999
    release_rule: str = "none"
    packing_rule: str = "none"
    gap_rule: str = "block"
    issue_rule: str = "block"
    takt_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class StreamConfigured:
    """The stream, made where it was new, with what holds from now on."""

    stream_id: int
    made: bool


@command
def configure_stream(
    *,
    site_id: int,
    partner_id: int,
    ship_to_code: str,
    code: str,
    rules: StreamRules,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> StreamConfigured:
    """Set the rules of one stream; calls keep their places.

    Raises:
        Invalid: lists every impossible rule.
        NotFound: the customer has no such plant.
        StreamInUse: places that exist would mean other numbers under the new largest one.
    """
    problems = _problems(code, rules)
    if problems:
        raise Invalid(problems)
    plant = ShipTo.objects.filter(partner_id=partner_id, code=ship_to_code).first()
    if plant is None:
        raise NotFound(
            _("The customer has no plant {ship_to_code}.").format(ship_to_code=ship_to_code), plant=ship_to_code
        )
    row, made = SequenceStream.objects.get_or_create(site_id=site_id, ship_to=plant, code=code)
    row = lock_one(SequenceStream.objects.filter(pk=row.pk), noun="stream")
    before = asdict(_rules_of(row))
    _refuse_renumbering(row, rules.largest)

    since = at if rules.gap_rule == "block" and row.gap_rule != "block" else row.blocking_since
    SequenceStream.objects.filter(pk=row.pk).update(**asdict(rules), blocking_since=since)

    changed = {name: [before[name], new] for name, new in asdict(rules).items() if before[name] != new}
    entry = journal.Entry("configure_stream", "stream", row.pk, site_id=site_id, facts={"changed": changed})
    journal.write([entry], actor=actor, at=at)
    return StreamConfigured(row.pk, made)


def _problems(code: str, rules: StreamRules) -> list[Problem]:
    found = []
    if len(code) > 20:
        found.append(Problem("code", _("A line's code has at most 20 characters."), "stream_code_long"))
    if not 1 <= rules.largest <= LARGEST_EVER:
        found.append(Problem("largest", _("The largest number is between 1 and 1,000,000,000."), "largest_impossible"))
    for name in ("release_rule", "packing_rule", "gap_rule", "issue_rule"):
        if getattr(rules, name) not in GAP_RULES:
            found.append(
                Problem(name, _("A rule is one of {gap_rules}.").format(gap_rules=", ".join(GAP_RULES)), "rule_unknown")
            )
    if rules.takt_minutes is not None and not 1 <= rules.takt_minutes <= 10_000:
        found.append(Problem("takt_minutes", _("The takt is between 1 and 10,000 minutes."), "takt_impossible"))
    return found


def _rules_of(row: SequenceStream) -> StreamRules:
    return StreamRules(row.largest, row.release_rule, row.packing_rule, row.gap_rule, row.issue_rule, row.takt_minutes)


def _refuse_renumbering(row: SequenceStream, largest: int) -> None:
    if largest == row.largest:
        return
    beyond = JitCall.objects.filter(stream=row, position__gt=min(largest, row.largest)).order_by("position").first()
    if beyond is not None:
        raise StreamInUse(
            _(
                "Call {beyond} stands at number {sequence_text}: under another largest number its place "
                "would mean another one. Open a stream with another code."
            ).format(beyond=beyond, sequence_text=beyond.sequence_text),
            call=beyond.external_no,
        )
