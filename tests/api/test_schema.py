"""The schema tells the truth: names, errors, scopes; whatever it allows is answered with what it promises."""

import json
import sys
from collections import Counter
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given, settings
from ninja import Schema
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from milkrun.api.application import api
from tests.api.machine import machine
from tests.api.test_path import SITE, delivered
from tests.world import build_world

NAMES = (Path(__file__).parent / "operations.txt").read_text().split()
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """List (method, path, operation)."""
    schema = json.loads(json.dumps(api.get_openapi_schema()))
    return [(method, path, op) for path, methods in schema["paths"].items() for method, op in methods.items()]


def test_the_operations_are_the_ones_that_were_promised() -> None:
    assert sorted(op["operationId"] for _, _, op in operations()) == NAMES


def every_schema(base: type[Schema] = Schema) -> list[type[Schema]]:
    """List every shape of the API that has been written, however deep it inherits."""
    return [one for kind in base.__subclasses__() for one in (kind, *every_schema(kind))]


def test_no_two_shapes_share_a_name_because_the_schema_would_keep_one_of_them() -> None:
    ours = {kind for kind in every_schema() if kind.__module__.startswith("milkrun.api")}
    kept = {
        kind
        for module in [found for name, found in sys.modules.items() if name.startswith("milkrun.")]
        for name, kind in vars(module).items()
        if name.endswith("Record") and is_dataclass(kind)
    }

    assert [name for name, times in Counter(kind.__name__ for kind in ours | kept).items() if times > 1] == []


def test_every_operation_documents_its_errors_as_problem_documents() -> None:
    for _, _, op in operations():
        for status in ("400", "401", "403", "404", "409", "413", "422", "500"):
            assert list(op["responses"][status]["content"]) == ["application/problem+json"], op["operationId"]


def test_every_post_asks_for_a_request_key_and_every_operation_for_a_token() -> None:
    for method, _, op in operations():
        keyed = any(p["name"] == "Idempotency-Key" and p["required"] for p in op["parameters"])
        assert keyed == (method == "post"), op["operationId"]
        assert op["security"] == [{"Access": []}], op["operationId"]


def test_every_operation_says_what_it_does() -> None:
    assert [op["operationId"] for _, _, op in operations() if not op.get("description")] == []


def test_every_operation_stands_in_the_reference() -> None:
    text = (Path(__file__).parent.parent.parent / "docs" / "reference" / "api.md").read_text()

    assert [name for name in NAMES if f"`{name}`" not in text] == []


def test_no_number_of_the_database_is_in_a_reply() -> None:
    schemas = json.loads(json.dumps(api.get_openapi_schema()))["components"]["schemas"]

    wrong = [
        (name, field)
        for name, schema in schemas.items()
        for field, kind in schema.get("properties", {}).items()
        if (field == "id" or field.endswith(("_id", "_ids"))) and "integer" in json.dumps(kind)
    ]

    assert wrong == []


@pytest.mark.django_db
def test_schema_and_documentation_are_served_from_here() -> None:
    schema = Client().get("/api/v1/openapi.json")
    page = Client().get("/api/docs")

    assert schema.json()["openapi"].startswith("3.1")
    assert page.status_code == 200
    assert b"//" not in page.content.replace(b"<!DOCTYPE html>", b"")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "'unsafe-eval'" not in page.headers["Content-Security-Policy"]
    for file in ("swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-init.js"):
        assert f"/static/ninja/{file}".encode() in page.content


@pytest.mark.slow
def test_whatever_the_schema_allows_is_answered_as_documented(committed_db, full: bool) -> None:
    world = build_world()
    mes = machine("*")
    call, delivery = delivered(mes, world)
    mes.do(f"{SITE}/deliveries/{delivery}/goods-issue")
    item = mes.read(f"{SITE}/stock/items")["items"][0]["id"]
    known = {
        "site": "MAIN",
        "partner": "OEM01",
        "call_id": call,
        "delivery_id": delivery,
        "part_id": item,
        "job_id": mes.read(f"{SITE}/jobs", state="done")["items"][0]["id"],
        "packing_group_id": mes.read(f"{SITE}/packing-groups")["items"][0]["id"],
        "outbox_id": mes.read("/outbox")["items"][0]["id"],
        "message_id": mes.read("/outbox")["items"][0]["id"],
        "posting_id": mes.read(f"{SITE}/stock/movements")["items"][0]["posting_id"],
    }
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    played: list[int] = []
    for found in schema.get_all_operations():
        operation = found.ok()

        wanted = operation.as_strategy()
        if operation.body:
            # Bodies of the wrong shape too: refused, never a failure.
            wanted |= operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

        @given(case=wanted)
        @settings(max_examples=200 if full else 4, suppress_health_check=list(HealthCheck), deadline=None)
        def play(case: schemathesis.Case) -> None:
            # Random addresses lead nowhere; every second request goes to something that exists.
            if len(played) % 2:
                case.path_parameters = {
                    name: known.get(name, value) for name, value in (case.path_parameters or {}).items()
                }
            case.headers["Authorization"] = f"Bearer {mes.token}"
            played.append(case.call_and_validate(checks=CHECKS).status_code)

        play()

    assert len(played) >= len(NAMES) * 4
    assert {200, 404, 422} <= set(played)
    assert 401 not in played
