"""Give a wave up: what was picked stays picked, the rest can go on another wave."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.shipping.models import Delivery, PickTask, Wave
from milkrun.shipping.states import PICK_TASK_MOVES, WAVE_MOVES


@dataclass(frozen=True, slots=True)
class WaveCancelled:
    """A wave was given up with so many tasks still open."""

    wave_id: int
    dropped: int


@command
def cancel_wave(
    *, wave_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> WaveCancelled:
    """Cancel the open tasks of a wave; its calls and deliveries wait for another one.

    Raises:
        Invalid: no reason is given.
        IllegalMove: the wave is done or cancelled.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the wave is given up."), "reason_missing")])
    open_tasks = PickTask.objects.filter(wave_id=wave_id, state="open")
    lock(Delivery.objects.filter(pk__in=open_tasks.values("delivery_id")))
    groups = demand_steps.lock_groups(
        ComponentGroup.objects.filter(pk__in=open_tasks.filter(component__isnull=False).values("component__group_id"))
    )
    wave = lock_one(Wave.objects.filter(pk=wave_id), noun="wave")
    check([wave], WAVE_MOVES, "cancel", noun="Wave")
    tasks = lock(open_tasks)

    why = f"Wave {wave} is given up: {reason.strip()}"
    if tasks:
        move(
            tasks,
            PICK_TASK_MOVES,
            "cancel",
            noun="Task",
            handled_by=actor.name,
            handled_via=actor.via,
            handled_at=at,
            reason=why[:400],
        )
    move([wave], WAVE_MOVES, "cancel", noun="Wave")
    waiting = [group for group in groups if group.picking == "open"]
    ComponentGroup.objects.filter(pk__in=[group.pk for group in waiting]).update(picking="none")

    entries = [
        journal.Entry("cancel_wave", "group", group.pk, site_id=wave.site_id, reason=reason, facts={"wave": str(wave)})
        for group in groups
    ]
    entries.append(
        journal.Entry(
            "cancel_wave",
            "wave",
            wave.pk,
            site_id=wave.site_id,
            before="open",
            after="cancelled",
            reason=reason,
            facts={"dropped": len(tasks)},
        )
    )
    journal.write(entries, actor=actor, at=at)
    return WaveCancelled(wave.pk, len(tasks))
