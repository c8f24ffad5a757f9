"""Give calls other places in their sequence: who may have which, and the move itself with its history.

Within one file or one selection the places are looked at together: two cars may change places.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.demand.steps.racks import Seat, seat_groups
from milkrun.demand.steps.slots import leave_slots
from milkrun.demand.steps.streams import Position
from milkrun.kernel.identity import Actor

# Slots are fixed when a call is released for packing.
MOVABLE = ("created", "released", "ready")


@dataclass(frozen=True, slots=True)
class Claim:
    """A call that wants a place; `leaves` is the one it gives up for it, None where it has none."""

    number: str
    target: Position
    leaves: Position | None = None


def settle_claims(claims: Mapping[int, Claim], taken: Mapping[Position, str]) -> dict[int, str]:
    """Find the claims that cannot be met; returns, by their key, the number of the call that keeps the place.

    A place is free where nobody has it, where the claimant has it, or where its holder gives it up for another that
    it can have. Of two that want the same one the first gets it.

    Args:
        claims: in the order in which they were made.
        taken: which call holds a place now.
    """
    valid = dict(claims)
    lost: dict[int, str] = {}
    while True:
        leaving = {claim.number for claim in valid.values() if claim.leaves not in (None, claim.target)}
        claimed: dict[Position, str] = {}
        bad: dict[int, str] = {}
        for key, claim in valid.items():
            holder = taken.get(claim.target, claim.number)
            if holder != claim.number and holder not in leaving:
                bad[key] = holder
            elif claimed.setdefault(claim.target, claim.number) != claim.number:
                bad[key] = claimed[claim.target]
        if not bad:
            return lost
        lost |= bad
        valid = {key: claim for key, claim in valid.items() if key not in bad}


def vacate(
    calls: Sequence[JitCall], groups: Iterable[ComponentGroup], *, reason: str, actor: Actor, at: datetime
) -> None:
    """Take calls that are held out of their places, so that others can have them; their slots become empty."""
    if not calls:
        return
    leave_slots([group for group in groups if group.state in MOVABLE], reason=reason, actor=actor, at=at)
    JitCall.objects.filter(pk__in=[call.pk for call in calls]).update(stream_id=None, position=None)
    for call in calls:
        call.stream_id = call.position = None


def give_place(call: JitCall, groups: Iterable[ComponentGroup], position: Position | None) -> None:
    """Give a call that has no place one, with a slot for each of its groups that are not in packing."""
    call.stream_id, call.position = position or (None, None)
    JitCall.objects.filter(pk=call.pk).update(stream_id=call.stream_id, position=call.position)
    if position is not None:
        seats = [Seat(group.pk, position[0], group.code, position[1]) for group in groups if group.state in MOVABLE]
        seat_groups(seats, site_id=call.site_id, partner_id=call.partner_id)


def place_of(call: JitCall) -> Position | None:
    """Return where a call stands in its stream."""
    return (call.stream_id, call.position) if call.stream_id and call.position else None
