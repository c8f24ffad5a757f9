"""A hand-made posting is taken back by a contra posting, once; the first one stays as it is."""

from decimal import Decimal

import pytest

from milkrun.kernel.errors import NotFound
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.reverse_posting import reverse_posting
from milkrun.stock.errors import AlreadyReversed, NotReversible, ShortStock
from milkrun.stock.models import Balance, Movement, Posting
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def reverse(world: World, posting_id: int):
    return reverse_posting(posting_id=posting_id, reason="typed twice", actor=world.actor, at=world.later())


def test_a_reversed_receipt_leaves_both_postings_and_no_goods(world: World) -> None:
    posting = world.receive("FOAM", "7", "FG")

    done = reverse(world, posting)

    contra = Posting.objects.get(pk=done.posting_id)
    assert (contra.reverses_id, contra.kind, contra.reason) == (posting, "receipt_reversal", "typed twice")
    assert Movement.objects.filter(posting_id__in=[posting, contra.pk]).count() == 2
    assert Balance.objects.get(part_id=world.parts["FOAM"], location_id=world.places["FG"]).on_hand == 0


def test_a_posting_is_reversed_once(world: World) -> None:
    posting = world.receive("FOAM", "7", "FG")
    reverse(world, posting)

    with refused(AlreadyReversed) as caught:
        reverse(world, posting)

    assert caught.value.facts == {"posting": posting}


def test_goods_that_have_moved_on_cannot_be_sent_back(world: World) -> None:
    posting = world.receive("FOAM", "7", "FG")
    move_stock(
        site_id=world.site_id,
        part_id=world.parts["FOAM"],
        from_location_id=world.places["FG"],
        to_location_id=world.places["PACK"],
        qty=Decimal(1),
        actor=world.actor,
        at=world.later(),
    )

    with refused(ShortStock) as caught:
        reverse(world, posting)

    assert caught.value.facts["shortages"] == [{"part": "FOAM", "location": "FG", "wanted": "7", "free": "6"}]


def test_a_reversal_is_not_reversed(world: World) -> None:
    contra = reverse(world, world.receive("FOAM", "7", "FG")).posting_id

    with refused(NotReversible):
        reverse(world, contra)


def test_the_posting_of_a_document_is_taken_back_at_the_document(world: World) -> None:
    world.finish([world.call(world.sequenced(471))])
    production = Posting.objects.get(
        kind="production",
        document_kind="confirmation",
        pk__gt=0,
        movements__qty=1,
        movements__to_location=world.places["FG"],
        movements__part=world.parts["SEAT-105A"],
    )

    with refused(NotReversible) as caught:
        reverse(world, production.pk)

    assert caught.value.facts == {"kind": "production"}


def test_an_unknown_posting_is_not_found(world: World) -> None:
    with refused(NotFound):
        reverse(world, 0)
