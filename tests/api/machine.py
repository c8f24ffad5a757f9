"""A machine at the JSON door: keeps its token, makes a new request key for each new request."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from milkrun.kernel.identity import Actor
from milkrun.partners.commands.create_token import create_token
from tests.world import World


class Machine:
    """Talks to the API as a system of the floor does: with a header, never with a cookie."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._keys = itertools.count(1)

    def get(self, path: str, **parameters: Any) -> Any:
        """Ask; returns Django's test response."""
        joined = f"{path}{'&' if '?' in path else '?'}{urlencode(parameters)}" if parameters else path
        return Client().get(f"/api/v1{joined}", headers=self._headers())

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        """Send a command with a key, a new one where none is given."""
        return self.send(path, json.dumps({} if body is None else body), "application/json", key=key, **headers)

    def send(self, path: str, data: str | bytes, kind: str, *, key: str | None = None, **headers: str) -> Any:
        """Send a body as it is."""
        wanted = {"Idempotency-Key": key or f"key-{next(self._keys)}", **self._headers(), **headers}
        return Client().post(f"/api/v1{path}", data, content_type=kind, headers=wanted)

    def do(self, path: str, body: Any = None) -> Any:
        """Send a command that has to be done; returns its reply."""
        response = self.post(path, body)
        assert response.status_code == 200, response.content
        return response.json()

    def read(self, path: str, **parameters: Any) -> Any:
        """Ask for what has to be there; returns the reply."""
        response = self.get(path, **parameters)
        assert response.status_code == 200, response.content
        return response.json()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def machine(*scopes: str, name: str = "MES", **other: Any) -> Machine:
    """Make a token with these scopes and a machine that has it."""
    now = datetime.now(UTC)
    who = {"actor": Actor("Anna Test", "cli"), "at": now}
    return Machine(create_token(name=name, scopes=scopes, expires_at=now + timedelta(days=90), **other, **who).token)


def call_body(world: World, number: str, *, kind: str = "summarized", qty: str = "48", **other: Any) -> dict[str, Any]:
    """Describe a call as a system sends it."""
    given = {
        "number": number,
        "kind": kind,
        "required_at": "2026-11-22T10:50:00+01:00",
        "ship_to": "21",
        "unloading_point": "TOR 7",
        "zone": "Europe/Berlin",
        "groups": [
            {
                "components": [
                    {"line_no": 1, "customer_part_no": "5N0 881 105 A", "qty": qty, "order_no": "5500012345"},
                ]
            }
        ],
    }
    return {"partner": "OEM01", "call": {**given, **other}}
