"""The API as one object: its routers, its parser, its schema."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.parser import Parser

from milkrun import __version__
from milkrun.api import door
from milkrun.api.operations import (
    call_changes,
    call_steps,
    calls,
    counting,
    deliveries,
    files,
    imports,
    invoices,
    items,
    jobs,
    keeping,
    orders,
    packing,
    picking,
    printing,
    production,
    recalls,
    sequences,
    sites,
    stock,
    units,
    webhooks,
)
from milkrun.api.problems import MEDIA_TYPE, MalformedRequest, add_handlers

DESCRIPTION = """Everything the supply line can do, for machines. An operation bears the name of its command or query.

Each request carries `Authorization: Bearer <prefix>.<secret>`, each POST an `Idempotency-Key`. The same key with the
same body gives the first reply again and has no further effect. Quantities and amounts are strings of plain digits,
instants carry their offset, ids are random. A refusal is a problem document (RFC 9457) with a stable `code`."""


class StrictParser(Parser):
    """Reads JSON without what JSON does not have: NaN, Infinity, a name given twice."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Read the body.

        Raises:
            MalformedRequest: it is no JSON object.
        """
        try:
            return json.loads(request.body, parse_constant=_refuse_constant, object_pairs_hook=_object)
        except (ValueError, RecursionError) as problem:
            raise MalformedRequest(_("The body is not JSON: {problem}.").format(problem=problem)) from problem


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return found


class Api(NinjaAPI):
    """The API; it marks stored replies, and its schema says that errors are problem documents."""

    # Written once: it takes more than a second and never changes while the process runs.
    _schema: Any = None

    def create_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the reply and mark it where it is a stored one."""
        response = super().create_response(request, *args, **kwargs)
        return door.say_repeated(request, response)

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """Write the schema of all operations."""
        if self._schema is not None:
            return self._schema
        schema = super().get_openapi_schema(**kwargs)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in response.get("content", {}):
                        response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
        self._schema = schema
        return schema


api = Api(
    title="Milkrun",
    version=__version__,
    description=DESCRIPTION,
    docs_url=None,
    parser=StrictParser(),
    urls_namespace="api",
)
add_handlers(api)
for noun in (
    sites,
    # Before the calls: what is done with many stands beside one call's own address.
    call_steps,
    call_changes,
    sequences,
    calls,
    jobs,
    production,
    packing,
    picking,
    deliveries,
    invoices,
    stock,
    units,
    printing,
    counting,
    keeping,
    recalls,
    files,
    webhooks,
    imports,
    items,
    orders,
):
    api.add_router("", noun.router)
