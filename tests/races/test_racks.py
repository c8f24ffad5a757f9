"""Several people at one rack: each slot is packed once, a frame takes a rack once, a damaged part is ordered once."""

from functools import partial

import pytest

from milkrun.demand.commands.specify_rack import specify_rack
from milkrun.demand.models import ComponentGroup, PackingGroup
from milkrun.kernel.identity import Actor
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.place_rack import place_rack
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.commands.reorder_component import reorder_component
from milkrun.stock.models import Balance
from tests.races.together import Answer, attempt, losers, race, together, winners
from tests.world import SEAT, World

pytestmark = [pytest.mark.postgres_only, pytest.mark.slow]
HANDS, SLOTS = 4, 10


def test_four_people_at_one_rack_pack_each_slot_once_and_the_others_are_told_who_was_first(plant: World) -> None:
    who = {"actor": plant.actor, "at": plant.later()}
    specify_rack(partner_id=plant.partner_id, family="SV", slots=SLOTS, racks=2, **who)
    calls = [plant.call(plant.sequenced(number, parts=(SEAT,))) for number in range(1, SLOTS + 1)]
    plant.finish(calls)
    rack = release_for_packing(call_ids=calls, **who).packing_groups[0].packing_group_id
    frame = PackingGroup.objects.select_related("frame__hu").get(pk=rack).frame
    assert frame is not None

    def work(number: int) -> list[Answer]:
        me = Actor(f"packer {number}", "web")
        pack = partial(confirm_packing, packing_group_id=rack, scan=SEAT, actor=me, at=plant.now)
        return [attempt(partial(pack, slot=slot)) for slot in range(1, SLOTS + 1)]

    answers = [answer for history in together([partial(work, number) for number in range(HANDS)]) for answer in history]
    placed = race([partial(place_rack, packing_group_id=rack, scan=frame.hu.sscc, **who)] * HANDS)
    group = ComponentGroup.objects.get(call_id=calls[0])
    ordered = race([
        partial(reorder_component, call_id=calls[0], group_code="SV", line_nos=(1,), reason="torn",
                seen_group_id=group.pk, **who)
    ] * HANDS)  # fmt: skip

    assert sorted(answer.result.slot for answer in winners(answers)) == list(range(1, SLOTS + 1))
    assert losers(answers) == {"slot_taken"}
    assert (len(winners(placed)), losers(placed)) == (1, {"rack_placed"})
    assert (len(winners(ordered)), losers(ordered)) == (1, {"slot_changed"})
    unit = PackingGroup.objects.get(pk=rack).hu_id
    assert sum(row.on_hand for row in Balance.objects.filter(hu=unit)) == SLOTS - 1
