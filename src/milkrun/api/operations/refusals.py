"""What a machine reports of a job and we refuse: it gets its 409, and a person gets the report as work."""

import dataclasses
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from milkrun.api.door import by
from milkrun.api.fields import Body
from milkrun.kernel.errors import IllegalMove, Refused
from milkrun.production.commands.keep_refused_report import keep_refused_report


@contextmanager
def keeping(request: HttpRequest, job_id: int, what: str, body: Body, source: str) -> Iterator[None]:
    """Let a refusal through, and keep what was reported; the same report sent again is kept once."""
    try:
        yield
    except (Refused, IllegalMove) as refusal:
        who = by(request)
        asked = who["request"]
        if asked is not None:
            # The key stays free for a corrected report, so another body under it is another report.
            text = hashlib.sha256(f"{asked.key} {asked.body_hash}".encode()).hexdigest()
            own = dataclasses.replace(asked, scope=f"{asked.scope}:refused", key=text, repeated=lambda: None)
            who = {**who, "request": own}
        keep_refused_report(
            job_id=job_id,
            what=what,
            content=body.model_dump(mode="json"),
            code=refusal.code,
            message=refusal.message,
            source=source,
            **who,
        )
        raise
