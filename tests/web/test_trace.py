"""One screen for a complaint: both ways, export, and the recall."""

from collections.abc import Callable

import pytest

from milkrun.exchange.models import Notification
from milkrun.stock.models import Lot
from tests.shipping.tracing import HEAT, steel_to_seats
from tests.web.door import Door, text_of
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_heat_is_traced_exported_and_recalled_on_one_screen(world: World, door: Callable[[str], Door]) -> None:
    chain = steel_to_seats(world)
    quality = door("supervisor")

    page = text_of(quality.get("/trace", {"number": HEAT}))
    assert f"Job {chain.frames_job}" in page
    assert f"Delivery {chain.delivery}" in page
    assert "Told: OEM01" in page
    back = text_of(quality.get("/trace", {"number": chain.sscc}))
    assert f"heat {HEAT}" in back
    export = quality.get("/trace/export.csv", {"number": HEAT}).content.decode()
    assert f"went to,5,delivery,{chain.delivery}" in export
    assert quality.send("/trace/recall", number=HEAT, reason="").status_code == 422
    done = quality.send("/trace/recall", number=HEAT, reason="cracks found")

    assert f"Blocked: S-1, {chain.frames_lot}. Told: OEM01." in text_of(done)
    assert Lot.objects.filter(state="blocked").count() == 2
    assert Notification.objects.filter(kind="recall", partner_id=world.partner_id).exists()
    assert quality.send("/trace/recall", number=chain.delivery, reason="x").status_code == 404
    assert "Nothing has the number XYZ" in text_of(quality.get("/trace", {"number": "XYZ"}))
    assert quality.get("/trace/export.csv", {"number": "XYZ"}).status_code == 404


def test_an_operator_may_look_and_not_recall(world: World, door: Callable[[str], Door]) -> None:
    steel_to_seats(world)
    operator = door("operator")

    assert "Recall" not in text_of(operator.get("/trace", {"number": HEAT}))
    assert operator.send("/trace/recall", number=HEAT, reason="x").status_code == 403
