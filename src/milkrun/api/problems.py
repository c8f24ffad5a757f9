"""Refusals as problem documents (RFC 9457). Kinds are translated here once; no class of an app is named."""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.responses import NinjaJSONEncoder
from pydantic import Field

from milkrun.api import door
from milkrun.kernel.errors import Invalid, Refusal

LOG = logging.getLogger("milkrun.api")
MEDIA_TYPE = "application/problem+json"


class FieldProblem(Schema):
    """One thing wrong with one field: `pointer` is a JSON pointer into the body, or names the parameter."""

    pointer: str
    code: str
    message: str
    facts: dict[str, Any] = Field(default_factory=dict)


class Problem(Schema):
    """What was refused and why. `code` is stable, `detail` is for people, `facts` are for programs."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    facts: dict[str, Any]
    problems: list[FieldProblem]
    request_id: str


class TokenRefused(Refusal):
    """The token is missing, malformed, unknown, expired or revoked."""

    code = "token_refused"
    status = 401


class MalformedRequest(Refusal):
    """The request cannot be read: no or a bad request key, or no JSON."""

    code = "malformed_request"
    status = 400


class TooLarge(Refusal):
    """The body is larger than 64 MB."""

    code = "too_large"
    status = 413


class MethodNotAllowed(Refusal):
    """The address exists, but not with this method."""

    code = "method_not_allowed"
    status = 405


class TooManyRequests(Refusal):
    """The token has used up its rate; the facts and the header Retry-After say how long to wait."""

    code = "too_many_requests"
    status = 429


class InternalError(Refusal):
    """Something went wrong here; nothing was changed."""

    code = "internal_error"
    status = 500


# Every operation may answer with these; what a status means stands in docs/reference/api.md.
PROBLEMS: dict[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 500), Problem)


def answer(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    detail: str,
    facts: Mapping[str, Any] | None = None,
    problems: Sequence[FieldProblem] = (),
) -> HttpResponse:
    """Make the problem document for a refusal."""
    document = {
        "type": f"/api/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "facts": dict(facts or {}),
        "problems": [problem.model_dump() for problem in problems],
        "request_id": door.request_id(request),
    }
    response = HttpResponse(json.dumps(document, cls=NinjaJSONEncoder), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="milkrun"'
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str((facts or {}).get("retry_after", 1))
    return response


def add_handlers(api: NinjaAPI) -> None:
    """Teach the API to translate every kind of refusal."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Refusal: _refusal,
        ValidationError: _validation,
        HttpError: _http,
        Http404: _not_found,
        RequestDataTooBig: _too_big,
        MultiPartParserError: _multipart,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    found = refusal.problems if isinstance(refusal, Invalid) else ()
    problems = [
        FieldProblem(pointer=pointer(p.field), code=p.code, message=p.message, facts=dict(p.facts)) for p in found
    ]
    return answer(
        request,
        status=refusal.status,
        code=refusal.code,
        detail=refusal.message,
        facts=refusal.facts,
        problems=problems,
    )


def pointer(field: str) -> str:
    """Turn the name of a field as commands write it into a JSON pointer.

    Example:
        >>> pointer("groups[0].components[2].qty"), pointer("reason")
        ('#/groups/0/components/2/qty', '#/reason')
    """
    return "#/" + re.sub(r"[.\[]", "/", field.replace("]", "")) if field else "#"


def no_such_method(request: HttpRequest) -> HttpResponse:
    """Make the problem document for an address asked with a method that it does not have."""
    return _refusal(request, MethodNotAllowed(_("This address does not take {method}.").format(method=request.method)))


def _validation(request: HttpRequest, failure: ValidationError) -> HttpResponse:
    if any(error["loc"][0] == "path" for error in failure.errors):
        return _not_found(request, failure)
    problems = [_field_problem(error) for error in failure.errors]
    return answer(
        request,
        status=422,
        code="invalid",
        detail=" ".join(f"{problem.pointer}: {problem.message}" for problem in problems[:5]),
        problems=problems,
    )


def _field_problem(error: Mapping[str, Any]) -> FieldProblem:
    where, *rest = error["loc"]
    path = "#/" + "/".join(str(step) for step in rest[1:]) if where == "body" else f"{where}: {rest[0] if rest else ''}"
    message = str(error["msg"]).removeprefix("Value error, ")
    return FieldProblem(pointer=path, code=str(error["type"]), message=message)


def _http(request: HttpRequest, failure: HttpError) -> HttpResponse:
    if failure.status_code == HTTPStatus.BAD_REQUEST:
        return _refusal(request, MalformedRequest(_("The body is not JSON. Send a JSON object.")))
    return answer(request, status=failure.status_code, code="refused", detail=HTTPStatus(failure.status_code).phrase)


def _not_found(request: HttpRequest, failure: Exception) -> HttpResponse:
    return answer(request, status=404, code="not_found", detail=_("There is nothing at this address."))


def _too_big(request: HttpRequest, failure: RequestDataTooBig) -> HttpResponse:
    return _refusal(request, TooLarge(_("The body is larger than 64 MB. Send it in parts.")))


def _multipart(request: HttpRequest, failure: MultiPartParserError) -> HttpResponse:
    return _refusal(request, MalformedRequest(_("The body cannot be read. Send JSON, or the bytes of the file.")))


def _unexpected(request: HttpRequest, failure: Exception) -> HttpResponse:
    LOG.error("request %s failed", door.request_id(request), exc_info=failure)
    return _refusal(
        request,
        InternalError(
            _(
                "Something went wrong here; nothing was changed. Send the request again with the same "
                "key, and name the request id when you report it."
            )
        ),
    )
