"""A person at our pages, for tests: a client that sends forms as the pages do, and what a person reads."""

import re
import uuid

from django.http import HttpResponse
from django.test import Client

PASSWORD = "correct-horse-battery"


class Door(Client):
    """A signed-in person; `send` posts a form with a new request key and returns the page it ends on."""

    def send(self, path: str, key: str = "", **fields: object) -> HttpResponse:
        """Post a form as a page of ours would."""
        return self.post(path, {"request_key": key or str(uuid.uuid4()), **fields}, follow=True)


def public_id_of_call(call_id: int) -> str:
    """Return the id that stands in addresses."""
    from milkrun.demand import queries

    return queries.calls_by_id([call_id])[call_id].public_id


def text_of(answer: HttpResponse) -> str:
    """Return what a person reads: no tags, one blank between words."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
