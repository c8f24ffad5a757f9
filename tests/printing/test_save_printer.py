"""Printers are set up by code; an impossible one is refused with every reason."""

import pytest

from milkrun.kernel.errors import Invalid
from milkrun.printing import queries
from milkrun.printing.commands.save_printer import save_printer
from milkrun.printing.errors import UnknownPrinter
from tests.printing.plant import printer, who
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_printer_is_changed_under_its_code(world: World) -> None:
    first = printer(world, 9100, place="Packing 1")

    second = printer(world, 9101, code="zebra1", place="Packing 2")

    (row,) = queries.printers(world.site_id)
    assert first == second == row.id == queries.printer_id(world.site_id, "ZEBRA1")
    assert (row.port, row.place) == (9101, "Packing 2")


def test_a_printer_that_is_switched_off_is_not_offered(world: World) -> None:
    printer(world, active=False)

    assert queries.printers(world.site_id, only_active=True) == []
    with pytest.raises(UnknownPrinter):
        queries.printer_id(world.site_id, "ZEBRA1")


def test_every_mistake_is_named(world: World) -> None:
    with refused(Invalid) as caught:
        save_printer(site_id=world.site_id, code="a b", host="x y;z", port=0, place="p" * 81, **who(world))

    assert [problem.field for problem in caught.value.problems] == ["code", "host", "port", "place"]
