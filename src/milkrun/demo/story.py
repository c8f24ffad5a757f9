"""What the makers of demo data share: who acts, what time it is in the story, and the keys made so far."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypedDict

from milkrun.kernel.identity import Actor

DOMAIN = "demo.milkrun.example"


class Acting(TypedDict):
    """The two arguments that every command takes."""

    actor: Actor
    at: datetime


@dataclass
class Story:
    """The day that is told: it ends at `today`, the instant the demo is made; `now` moves towards it."""

    today: datetime
    home: Path
    chance: random.Random
    now: datetime = field(init=False)
    site_id: int = 0
    partners: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    files: int = 0

    def __post_init__(self) -> None:
        self.now = self.today - timedelta(hours=30)

    def go_to(self, hours_before: int) -> None:
        """Let the story go on at so many hours before its end, or at once where it is later already."""
        self.now = max(self.now, self.today - timedelta(hours=hours_before))

    def by(self, role: str) -> Acting:
        """Let a person of a role act, a few seconds later."""
        self.now = min(self.now + timedelta(seconds=10), self.today)
        name = f"{role}@{DOMAIN}"
        return {"actor": Actor(name, "demo", self.users.get(name)), "at": self.now}
