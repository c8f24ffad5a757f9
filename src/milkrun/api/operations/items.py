"""Items: parts with their units, customers' numbers and bills of material, brought to what another system says."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Code, CodeOrEmpty, Cursor, Listed, PartNumber, Quantity, Unit, Words, listed
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.problems import FieldProblem, pointer
from milkrun.api.routes import reads, runs
from milkrun.kernel.errors import Problem
from milkrun.parts.commands.record_parts import PartInput, record_parts
from milkrun.parts.queries.items import PartRecord, part_record, part_records
from milkrun.production.commands.record_boms import BomInput, record_boms
from milkrun.stock.commands.set_stock_levels import LevelInput, set_stock_levels
from milkrun.stock.queries.records import posting_public_id

router = Router(tags=["items"])

Text120 = Annotated[CodeOrEmpty, Field(max_length=120)]
Ratio = Annotated[int, Field(ge=1, lt=2**62, strict=True)]


class OwnUnitBody(Body):
    """A unit of the part's own: `numerator`/`denominator` base units in one of it."""

    code: Annotated[Unit, Field(min_length=1)]
    numerator: Ratio
    denominator: Ratio = 1


class CustomerNumberBody(Body):
    """Under which number a customer calls for the part."""

    customer: Annotated[Code, Field(max_length=20)]
    number: PartNumber


class ItemBody(Body):
    """What is said of one part; what is left out stays as it is."""

    part: PartNumber
    description: Text120 | None = None
    base_unit: Unit | None = None
    made_here: bool | None = None
    lot_tracked: bool | None = None
    supply_location: Annotated[CodeOrEmpty, Field(max_length=24)] | None = None
    units: Annotated[list[OwnUnitBody], Field(max_length=20)] | None = None
    customer_numbers: Annotated[list[CustomerNumberBody], Field(max_length=50)] | None = None


class ItemsBody(Body):
    """1 to 500 parts."""

    items: Annotated[list[ItemBody], Field(min_length=1, max_length=500)]


class BomLineBody(Body):
    """A component and how many of its base units go into one base unit of the part."""

    component: PartNumber
    qty: Quantity


class BomBody(Body):
    """The whole bill of one part."""

    part: PartNumber
    lines: Annotated[list[BomLineBody], Field(min_length=1, max_length=500)]


class BomsBody(Body):
    """1 to 200 bills."""

    boms: Annotated[list[BomBody], Field(min_length=1, max_length=200)]


class LevelBody(Body):
    """So much of a part stands at a place, in its base unit where none is given."""

    part: PartNumber
    location: Annotated[Code, Field(max_length=24)]
    qty: Quantity
    unit: Unit = ""
    lot_no: Annotated[CodeOrEmpty, Field(max_length=40)] = ""


class LevelsBody(Body):
    """1 to 500 levels."""

    levels: Annotated[list[LevelBody], Field(min_length=1, max_length=500)]
    reason: Words = ""


Outcome = Literal["new", "changed", "same", "refused"]


class OutcomeReply(Schema):
    """What became of one of them; a refused one says everything that is wrong with it and left nothing behind."""

    part: str
    outcome: Outcome
    problems: list[FieldProblem]


class OutcomeReplies(Schema):
    """One outcome each, in the order given."""

    outcomes: list[OutcomeReply]


class LevelReplies(OutcomeReplies):
    """One outcome each, and the posting that carries the differences, empty where there were none."""

    posting_id: str


class PartQuery(Cursor):
    """Which parts are wanted; the text is looked for in numbers and descriptions."""

    text: CodeOrEmpty = ""


@runs(router, "/items", "record_parts", OutcomeReplies)
def post_items(request: HttpRequest, body: ItemsBody) -> Any:
    """Bring parts to what is said of them: new ones are made, known ones changed, equal ones left alone."""
    done = record_parts(parts=[_part(item) for item in body.items], **by(request))
    return OutcomeReplies(outcomes=[_outcome(one.number, one.outcome, one.problems) for one in done.outcomes])


def _part(item: ItemBody) -> PartInput:
    units, numbers = item.units, item.customer_numbers
    return PartInput(
        number=item.part,
        description=item.description,
        base_unit=item.base_unit,
        made_here=item.made_here,
        lot_tracked=item.lot_tracked,
        supply_location=item.supply_location,
        units=None if units is None else tuple((u.code, u.numerator, u.denominator) for u in units),
        customer_numbers=None if numbers is None else tuple((n.customer, n.number) for n in numbers),
    )


@runs(router, "/items/boms", "record_boms", OutcomeReplies)
def post_boms(request: HttpRequest, body: BomsBody) -> Any:
    """Bring bills of material to what is said: each named part gets exactly these components."""
    bills = [BomInput(bom.part, tuple((line.component, line.qty) for line in bom.lines)) for bom in body.boms]
    done = record_boms(boms=bills, **by(request))
    return OutcomeReplies(outcomes=[_outcome(one.part, one.outcome, one.problems) for one in done.outcomes])


@runs(router, "/sites/{site}/stock/levels", "set_stock_levels", LevelReplies)
def post_levels(request: HttpRequest, site: SiteCode, body: LevelsBody) -> Any:
    """Bring stock to what another system says stands there; the differences are posted, reserved goods stay."""
    levels = [LevelInput(one.part, one.location, one.qty, one.unit, one.lot_no) for one in body.levels]
    done = set_stock_levels(site_id=site_of(site).id, levels=levels, reason=body.reason, **by(request))
    pairs = zip(body.levels, done.outcomes, strict=True)
    return LevelReplies(
        outcomes=[_outcome(level.part, one.outcome, one.problems) for level, one in pairs],
        posting_id=posting_public_id(done.posting_id) if done.posting_id else "",
    )


def _outcome(part: str, outcome: str, problems: tuple[Problem, ...]) -> OutcomeReply:
    found = [FieldProblem(pointer=pointer(p.field), code=p.code, message=p.message) for p in problems]
    return OutcomeReply.model_validate({"part": part, "outcome": outcome, "problems": found})


@reads(router, "/items", "list_items", Listed[PartRecord], action="view_stock", every_site=True)
def list_items(request: HttpRequest, query: Query[PartQuery]) -> Any:
    """List parts by number, with their units, customers' numbers and bill of material."""
    return listed(part_records(query.text, query.cursor, query.limit))


@reads(router, "/items/{part_id}", "get_item", PartRecord, action="view_stock", every_site=True)
def get_item(request: HttpRequest, part_id: Id) -> Any:
    """Read one part with its units, customers' numbers and bill of material."""
    return part_record(part_id)
