"""Groups leave their slots: the slot becomes empty, nobody else's place shifts, and what stood there is kept."""

from collections.abc import Sequence
from datetime import datetime

from milkrun.demand.models import ComponentGroup, PackingSlot, SlotHistory
from milkrun.kernel.identity import Actor


def leave_slots(groups: Sequence[ComponentGroup], *, reason: str, actor: Actor, at: datetime) -> int:
    """Empty the slots of groups that are held, and remember who stood there; returns how many."""
    slots = list(PackingSlot.objects.filter(group__in=groups))
    SlotHistory.objects.bulk_create(
        [
            SlotHistory(
                site_id=slot.site_id,
                packing_group_id=slot.packing_group_id,
                position=slot.position,
                group_id=slot.group_id or 0,
                left_at=at,
                actor=actor.name,
                reason=reason[:400],
            )
            for slot in slots
        ]
    )
    PackingSlot.objects.filter(pk__in=[slot.pk for slot in slots]).update(group=None)
    return len(slots)
