"""Go on with the next handling unit of a load: a call for many pieces fills one box after the other."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup, PackingGroup
from milkrun.demand.states import PACKING_GROUP_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check
from milkrun.measure.gs1 import read_sscc
from milkrun.shipping.errors import NothingToPack, OneUnitRack, UnitStillEmpty
from milkrun.shipping.steps import holds_goods, next_unit, switch_unit
from milkrun.stock.queries import first_place


@dataclass(frozen=True, slots=True)
class LoadUnitStarted:
    """Goods of the load go into `sscc` from now on; `before` is the unit that was filled until now ("" for none)."""

    packing_group_id: int
    hu_id: int
    sscc: str
    before: str


@command
def start_load_unit(
    *, packing_group_id: int, actor: Actor, at: datetime, sscc: str = "", request: Request | None = None
) -> LoadUnitStarted:
    """Let the goods of a load go into a new unit of ours, or into the scanned one.

    Args:
        packing_group_id: the load of a summarised call that is being packed or picked.
        sscc: an empty unit that was scanned, or one the load fills already; a new one is made where none is given.

    Raises:
        NotFound: there is no such load.
        OneUnitRack: a rack of a sequence stays one unit.
        IllegalMove: the load is closed, or not begun.
        NothingToPack: everything is packed.
        UnitStillEmpty: nothing is in the unit that is being filled.
        WrongHandlingUnit: the scanned unit is not open here, is another load's, holds other goods or units, stands in
            another unit, or is a frame.
    """
    groups = demand_steps.lock_groups(
        ComponentGroup.objects.filter(slot__packing_group_id=packing_group_id, state="in_packing")
    )
    rack = lock_one(PackingGroup.objects.filter(pk=packing_group_id).select_related("hu"), noun="load")
    if rack.stream_id is not None:
        raise OneUnitRack(_("{rack} is packed in sequence: it stays one handling unit.").format(rack=rack))
    check([rack], PACKING_GROUP_MOVES, "close", noun="Rack")
    if not groups:
        raise NothingToPack(_("Nothing in {rack} waits for packing.").format(rack=rack), rack=str(rack))
    code = read_sscc(sscc) if sscc else ""
    if not code and rack.hu is not None and not holds_goods(rack.hu):
        raise UnitStillEmpty(
            _("{unit} is still empty. Fill it before you take the next one.").format(unit=rack.hu.sscc),
            sscc=rack.hu.sscc,
        )

    before = rack.hu.sscc if rack.hu else ""
    place = rack.hu.location_id if rack.hu else first_place(rack.site_id, "dock").pk
    if code:
        switch_unit(rack, code, location_id=place, wanted=str(groups[0]))
    else:
        next_unit(rack, location_id=place, at=at)
    assert rack.hu is not None  # noqa: S101 - it was given one

    facts = {"sscc": rack.hu.sscc, "before": before}
    journal.write(
        [journal.Entry("start_load_unit", "group", group.pk, site_id=rack.site_id, facts=facts) for group in groups]
        + [journal.Entry("start_load_unit", "hu", rack.hu.pk, site_id=rack.site_id, facts={"load": str(rack)})],
        actor=actor,
        at=at,
    )
    return LoadUnitStarted(rack.pk, rack.hu.pk, rack.hu.sscc, before)
