"""What shipping refuses, with codes."""

from milkrun.kernel.errors import Conflict, Invalid, Refused


class WrongPart(Refused):
    """The scanned part does not belong into the next slot; facts name both."""

    code = "wrong_part"


class OutOfSequence(Refused):
    """The scanned part belongs into a later slot; facts name the one that is next."""

    code = "out_of_sequence"


class SlotTaken(Conflict):
    """Somebody else packed this slot a moment ago; facts say who, when, and which slot is next."""

    code = "slot_taken"


class WrongFrame(Refused):
    """The rack does not belong on the scanned frame; facts name the right one."""

    code = "wrong_frame"


class RackPlaced(Conflict):
    """The rack stands on its frame already."""

    code = "rack_placed"


class SlotChanged(Conflict):
    """What stands in this slot is not what the person saw: it was ordered again or taken out meanwhile."""

    code = "slot_changed"


class NothingToPack(Refused):
    """Everything that was released for packing in this rack is packed."""

    code = "nothing_to_pack"


class TooMuchPacked(Invalid):
    """More is packed than is called for."""

    code = "too_much_packed"


class MixedDestinations(Refused):
    """The chosen calls go to different plants or docks."""

    code = "mixed_destinations"


class RackIncomplete(Refused):
    """A rack cannot leave while slots in it are being packed, or while it holds goods of a call left out."""

    code = "rack_incomplete"


class WrongHandlingUnit(Refused):
    """The scanned handling unit does not belong to this delivery."""

    code = "wrong_handling_unit"


class PickedByOther(Conflict):
    """Somebody else picked this handling unit first; facts say who and when."""

    code = "picked_by_other"


class PostingMissing(Refused):
    """Goods of the delivery are not reserved in full; their stock posting failed or was taken back."""

    code = "posting_missing"


class WrongLocation(Refused):
    """The scanned place is not the one the goods are taken from; facts name both."""

    code = "wrong_location"


class WrongItem(Refused):
    """The scanned item is not the one to pick here; facts name both."""

    code = "wrong_item"


class TooMuchPicked(Invalid):
    """The quantity is not within what the task still asks for."""

    code = "too_much_picked"


class NothingToPick(Refused):
    """Nothing of what was chosen can be picked: it stands on a wave already, or nothing of it is in stock."""

    code = "nothing_to_pick"


class PickedAtStation(Refused):
    """These calls are packed at a packing station: the rule of their site or customer says so."""

    code = "picked_at_station"


class PickedInWarehouse(Refused):
    """These calls are picked by waves in the warehouse and not at a packing station."""

    code = "picked_in_warehouse"


class PickTaskEnded(Refused):
    """The task was cancelled, or what it was for was; facts say what, when and by whom."""

    code = "pick_task_ended"


class AnnouncedBefore(Refused):
    """The delivery was announced and withdrawn; the notices that were sent name its lines, so they stay."""

    code = "announced_before"


class DeliveryHeld(Refused):
    """The cancelling of a call on the delivery was asked for and is not decided."""

    code = "delivery_held"


class NothingWaits(Refused):
    """The chosen job or call does not wait for this part, or for less than was sent; facts say how much."""

    code = "nothing_waits"


class OneUnitRack(Refused):
    """A rack of a sequence is one handling unit: its slots are its order."""

    code = "one_unit_rack"


class UnitStillEmpty(Refused):
    """Nothing is in the unit that is being filled, so no further one is begun."""

    code = "unit_still_empty"


class BilledInPart(Refused):
    """Some lines of the delivery stand on an invoice; the bill is taken back before the goods are."""

    code = "billed_in_part"
