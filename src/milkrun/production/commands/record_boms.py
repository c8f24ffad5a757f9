"""Bring bills of material to what another system says: each named part gets exactly these components."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import hold, lock
from milkrun.measure.quantity import trouble_with
from milkrun.parts.models import BomLine, Part
from milkrun.production.models import Confirmation


@dataclass(frozen=True, slots=True)
class BomInput:
    """The whole bill of one part: (component's number, its base units in one of the part)."""

    part: str
    lines: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class BomOutcome:
    """What became of one bill: new, changed, same or refused (then with every problem)."""

    part: str
    outcome: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class BomsRecorded:
    """One outcome a bill, in the order given."""

    outcomes: tuple[BomOutcome, ...]


@command
def record_boms(
    *, boms: Sequence[BomInput], actor: Actor, at: datetime, request: Request | None = None
) -> BomsRecorded:
    """Take bills over in one transaction; a bill with anything wrong in it is set aside whole.

    What was made is checked by its bill for ever, so the bill of a part that was made once stays as it is: a changed
    part has a new number.
    """
    hold("parts", 0)
    numbers = {bom.part for bom in boms} | {number for bom in boms for number, __ in bom.lines}
    parts = {row.number: row for row in lock(Part.objects.filter(number__in=numbers))}
    before: dict[int, dict[int, Decimal]] = {}
    for line in BomLine.objects.filter(part__number__in=[bom.part for bom in boms]):
        before.setdefault(line.part_id, {})[line.component_id] = line.qty
    uses = _uses()
    made = _made([row.pk for row in parts.values()])

    outcomes: list[BomOutcome] = []
    entries: list[journal.Entry] = []
    rows: list[BomLine] = []
    emptied: list[int] = []
    for bom in boms:
        problems = _problems(bom, parts, uses)
        if problems:
            outcomes.append(BomOutcome(bom.part, "refused", tuple(problems)))
            continue
        part = parts[bom.part]
        wanted = {parts[number].pk: qty for number, qty in bom.lines}
        held = before.get(part.pk, {})
        if held == wanted:
            outcomes.append(BomOutcome(bom.part, "same"))
            continue
        if part.pk in made or (part.phantom and held):
            said = _("{part} was made by its bill already. Give the changed part a new number.").format(part=bom.part)
            outcomes.append(BomOutcome(bom.part, "refused", (Problem("part", said, "bom_in_use"),)))
            continue
        emptied.append(part.pk)
        uses[part.pk] = set(wanted)
        rows += [BomLine(part=part, component_id=key, qty=qty) for key, qty in wanted.items()]
        outcomes.append(BomOutcome(bom.part, "changed" if held else "new"))
        entries.append(journal.Entry("record_bom", "part", part.pk, facts={"components": len(wanted)}))
    BomLine.objects.filter(part__in=emptied).delete()
    BomLine.objects.bulk_create(rows, batch_size=1000)

    journal.write(entries, actor=actor, at=at)
    return BomsRecorded(tuple(outcomes))


def _made(part_ids: list[int]) -> set[int]:
    rows = Confirmation.objects.filter(line__part__in=part_ids)
    return set(rows.values_list("line__part_id", flat=True).distinct())


def _uses() -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for part, component in BomLine.objects.values_list("part_id", "component_id"):
        found.setdefault(part, set()).add(component)
    return found


def _problems(bom: BomInput, parts: dict[str, Part], uses: dict[int, set[int]]) -> list[Problem]:
    found = []
    if bom.part not in parts:
        found.append(Problem("part", _("Part {part} is not known.").format(part=bom.part), "unknown_part"))
    if not bom.lines:
        found.append(Problem("component", _("A bill of material names at least one component."), "no_components"))
    if len({number for number, __ in bom.lines}) != len(bom.lines):
        found.append(
            Problem(
                "component",
                _("A component stands twice in the bill of {part}.").format(part=bom.part),
                "component_twice",
            )
        )
    for number, qty in bom.lines:
        trouble = trouble_with(qty)
        if trouble:
            found.append(
                Problem("qty", _("{number}: {trouble}").format(number=number, trouble=trouble), "not_positive")
            )
        if number not in parts:
            found.append(
                Problem("component", _("Component {number} is not known.").format(number=number), "unknown_part")
            )
        elif bom.part in parts and _leads_to(parts[number].pk, parts[bom.part].pk, uses):
            said = (
                _("{number} is itself made of {part}.").format(number=number, part=bom.part)
                if number != bom.part
                else _("{number} is the part itself.").format(number=number)
            )
            found.append(Problem("component", said, "bom_goes_round"))
    return found


def _leads_to(start: int, end: int, uses: dict[int, set[int]]) -> bool:
    """Tell whether a part is, or is made of, another one at any depth."""
    waiting, seen = [start], set()
    while waiting:
        key = waiting.pop()
        if key == end:
            return True
        if key not in seen:
            seen.add(key)
            waiting += uses.get(key, ())
    return False
