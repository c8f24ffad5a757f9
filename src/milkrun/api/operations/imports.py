"""Tables of other systems as a request's body: items, bills of material, stock, calls, orders, receipts."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from milkrun.api.door import actor, keyed, visit
from milkrun.api.fields import CodeOrEmpty, Cursor, Listed, listed
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.routes import reads, runs
from milkrun.connections.queries.imports import ImportRecord, SetAsideRecord, import_run, imports, set_aside
from milkrun.gateway.tables.kinds import Place
from milkrun.gateway.tables.reading import Told
from milkrun.gateway.tables.taking import KINDS, take_table
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.once import answered_once

router = Router(tags=["imports"])

KindName = Annotated[str, Path(), Field(min_length=1, max_length=12, pattern=r"^[a-z]+$")]


class TableQuery(Schema):
    """How the file is to be read: its character set and decimal mark, where the file does not show them itself."""

    file_name: Annotated[CodeOrEmpty, Field(max_length=120, pattern=r"^[^/\\]*$")] = ""
    encoding: Literal["", "utf-8", "windows-1252", "iso-8859-15"] = ""
    decimal: Literal["", "point", "comma"] = ""


class TableReply(Schema):
    """What became of the table: `new`, `changed`, `same` and `refused` add up to `rows`."""

    import_id: str
    kind: str
    file_name: str
    rows: int
    new: int
    changed: int
    same: int
    refused: int
    refusal: str
    doubts: list[str]


class ImportQuery(Cursor):
    """Which imports are wanted."""

    kind: Annotated[str, Field(max_length=12, pattern=r"^[a-z]*$")] = ""


BYTES = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The table as it is; its first line names the columns.",
    }
}


@runs(router, "/sites/{site}/tables/{kind}", "import_table", TableReply, extra=BYTES)
def post_table(request: HttpRequest, site: SiteCode, kind: KindName, query: Query[TableQuery]) -> Any:
    """Take a table in: the good rows are taken, the bad ones set aside; the same file again changes nothing."""
    if kind not in KINDS:
        raise NotFound(
            _("There is no kind of table {kind}. There are {kinds}.").format(kind=kind, kinds=", ".join(KINDS)),
            kind=kind,
        )
    if not request.body:
        raise Invalid([Problem("", _("The table is empty. Send its bytes as the body."), "empty_file")])
    here = site_of(site)
    place = Place(here.id, here.code, here.zone, actor(request), visit(request).at)
    told = Told(query.encoding, query.decimal)

    def work() -> TableReply:
        report = take_table(request.body, kind=kind, place=place, file_name=query.file_name, source="api", told=told)
        return TableReply(**{name: getattr(report, name) for name in TableReply.model_fields})

    return answered_once(keyed(request), work, TableReply, at=place.at)


@reads(router, "/sites/{site}/imports", "list_imports", Listed[ImportRecord], action="view_connections")
def list_imports(request: HttpRequest, site: SiteCode, query: Query[ImportQuery]) -> Any:
    """List tables that were taken in, newest first."""
    return listed(imports(site_of(site).id, query.kind, query.cursor, query.limit))


@reads(router, "/sites/{site}/imports/{import_id}", "get_import", ImportRecord, action="view_connections")
def get_import(request: HttpRequest, site: SiteCode, import_id: Id) -> Any:
    """Read what became of one table."""
    return import_run(site_of(site).id, import_id)


@reads(
    router, "/sites/{site}/imports/{import_id}/set-aside", "list_set_aside_rows", Listed[SetAsideRecord],
    action="view_connections",
)  # fmt: skip
def list_set_aside_rows(request: HttpRequest, site: SiteCode, import_id: Id, query: Query[Cursor]) -> Any:
    """List the rows of a table that were set aside, with all that is wrong with each."""
    return listed(set_aside(site_of(site).id, import_id, query.cursor, query.limit))
