"""The work between a released call and its invoice, as people do it at our pages."""

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest

from milkrun.billing import queries as billing
from milkrun.demand import queries as demand
from milkrun.production import queries as production
from milkrun.shipping import queries as shipping
from milkrun.stock import queries as stock
from tests.web.door import Door, public_id_of_call, text_of
from tests.world import REST, SEAT, World

Doors = Callable[[str], Door]


def only_job(world: World) -> production.JobRow:
    (job,) = production.jobs(world.site_id, "UTC").rows
    return job


def only_rack(world: World) -> demand.RackView:
    (rack,) = demand.racks(world.site_id, "UTC")
    return rack


def part(number: str) -> str:
    from milkrun.parts import queries as parts

    return next(hit.public_id for hit in parts.find(number) if hit.exact)


def test_what_was_typed_is_confirmed_and_posted(world: World, door: Doors) -> None:
    world.release(world.call(world.sequenced(471)))
    job = only_job(world)

    answer = door("operator").send(
        f"/jobs/{job.public_id}/confirm", good_1="1", good_2="", scrap_2="1", scrap_reason="torn"
    )

    lines = production.job(world.site_id, job.public_id, "UTC").lines
    assert "Confirmed. Stock is posted." in text_of(answer)
    assert [(line.good, line.scrap) for line in lines] == [("1 pcs", "0 pcs"), ("0 pcs", "1 pcs")]


def test_a_scan_confirms_the_next_open_line_of_that_part(world: World, door: Doors) -> None:
    world.release(world.call(world.sequenced(471)), world.call(world.sequenced(472)))
    job = only_job(world)

    door("operator").send(f"/jobs/{job.public_id}/confirm", scan="5n0881106b")
    answer = door("operator").send(f"/jobs/{job.public_id}/confirm", scan="REST-106B")

    done = [line.position for line in production.job(world.site_id, job.public_id, "UTC").lines if line.done]
    assert "Confirmed." in text_of(answer)
    assert done == [2, 4]


def test_a_scan_of_the_wrong_part_stops_the_job_card(world: World, door: Doors) -> None:
    world.release(world.call(world.sequenced(471)))
    job = only_job(world)

    answer = door("operator").send(f"/jobs/{job.public_id}/confirm", scan="FOAM")

    assert answer.status_code == 422
    assert "Stop: FOAM is not open on this job. Next is SEAT-105A (5N0 881 105 A)." in text_of(answer)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("x", "“x” is not a quantity."),
        ("NaN", "“NaN” is not a quantity."),
        ("1e3", "“1e3” is not a quantity."),
        ("-1", "must be zero or more"),
        ("1,250.5", "without separators for thousands"),
        ("0.0000001", "is not a quantity"),
        ("2", "reported"),
        ("", "Say for at least one line what was made"),
    ],
)
def test_an_impossible_quantity_is_refused_and_kept_on_the_page(
    world: World, door: Doors, typed: str, sentence: str
) -> None:
    world.release(world.call(world.sequenced(471)))
    job = only_job(world)

    answer = door("operator").send(f"/jobs/{job.public_id}/confirm", good_1=typed, good_2="")

    assert answer.status_code in (409, 422)
    assert sentence in text_of(answer)
    assert f'name="good_1" inputmode="decimal" value="{typed}"' in answer.content.decode()
    assert production.job(world.site_id, job.public_id, "UTC").lines[0].good == "0 pcs"


def test_a_failed_posting_stands_with_its_cause_until_it_is_retried(world: World, door: Doors) -> None:
    supervisor = door("supervisor")
    supervisor.send(f"/stock/{part('FOAM')}/move", balance=balance(world, "FOAM"), qty="1000", to_location="FG")
    world.release(world.call(world.sequenced(471, (SEAT,))))
    job = only_job(world)

    confirmed = text_of(supervisor.send(f"/jobs/{job.public_id}/confirm", good_1="1"))
    (failed,) = production.failed_postings(world.site_id, "UTC").rows
    still = text_of(supervisor.send("/jobs/failed/retry", one=failed.public_id))
    supervisor.send(f"/stock/{part('FOAM')}/move", balance=balance(world, "FOAM"), qty="500", to_location="LINE1")
    posted = text_of(supervisor.send("/jobs/failed/retry", one=failed.public_id))

    assert "stock posting failed" in confirmed
    assert "FOAM" in failed.failure
    assert "0 of 1 posting went through." in still
    assert "1 of 1 posting went through." in posted
    assert "Nothing failed. Last check" in posted


def balance(world: World, number: str) -> str:
    rows = stock.balances(world.site_id, world.parts[number])
    return str(next(row.id for row in rows if not row.hu))


def test_packing_takes_the_right_part_once_and_stops_at_the_wrong_one(world: World, door: Doors) -> None:
    calls = [world.call(world.sequenced(n)) for n in (471, 472)]
    world.finish(calls)
    planner, packer = door("shipping"), door("packer")
    released = planner.send("/calls/release-for-packing", call=[public_id_of_call(call) for call in calls])
    rack = only_rack(world)
    here = f"/packing/{rack.public_id}/confirm"
    key = str(uuid.uuid4())

    wrong = packer.send(here, scan="FOAM")
    first, again = (text_of(packer.send(here, key=key, scan=SEAT)) for _ in range(2))
    early = packer.send(here, scan=SEAT)
    late = text_of(packer.send(here, scan=f" {REST.lower()} "))

    assert "Released for packing" in text_of(released)
    assert wrong.status_code == 409
    assert 'class="stop whole"' in wrong.content.decode()
    assert "Wrong part Stop: FOAM does not belong into this rack." in text_of(wrong)
    assert "in slot 1, 2 places left" in first
    assert "in slot 1, 2 places left" in again
    assert "Not yet: out of sequence" in text_of(early)
    assert "in slot 1, 1 place left" in late
    assert [slot.done for slot in only_rack(world).slots[:2]] == [True, False]


def test_after_a_wrong_scan_is_acknowledged_the_scan_field_waits_with_the_focus_and_is_empty(
    world: World, door: Doors
) -> None:
    world.finish([world.call(world.sequenced(471))])
    packer, shipper = door("packer"), door("shipping")
    call = demand.calls(world.site_id, demand.CallFilter(state="ready"), "UTC").rows[0]
    shipper.send("/calls/release-for-packing", call=call.public_id)

    at = f"/packing/{only_rack(world).public_id}"
    stopped = packer.send(f"{at}/confirm", scan="NOPE").content.decode()
    page = packer.get(at).content.decode()

    assert f'href="{at}">Understood, go on' in stopped
    assert "data-scan" not in stopped
    field = page[page.index('<input id="scan"') :].split(">")[0]
    assert "autofocus" in field
    assert "NOPE" not in field


def test_a_load_is_picked_by_scan_and_issued_and_reversed_and_billed(world: World, door: Doors) -> None:
    shipper = door("shipping")
    calls = world.packed(world.summarized("DON1"))
    made = shipper.send("/calls/create-delivery", call=[public_id_of_call(call) for call in calls])
    (row,) = shipping.deliveries(world.site_id, "UTC").rows
    here = f"/deliveries/{row.public_id}"
    sscc = shipping.delivery(world.site_id, row.public_id, "UTC").units[0].sscc

    wrong = shipper.send(f"{here}/pick", sscc="340123450000099999")
    picked = shipper.send(f"{here}/pick", sscc=f"(00){sscc}")
    twice = shipper.send(f"{here}/pick", sscc=sscc)
    issued = shipper.send(f"{here}/issue")
    no_reason = shipper.send(f"{here}/reverse", reason="  ")
    back = shipper.send(f"{here}/reverse", reason="Truck broke down")
    shipper.send(f"{here}/issue")
    billed = door("billing").send("/billing/bill", delivery=row.public_id)

    assert "Delivery" in text_of(made)
    assert wrong.status_code == 409
    assert "is not on delivery" in text_of(wrong)
    assert "Everything is picked." in text_of(picked)
    assert twice.status_code == 409
    assert "Goods issue posted. ASN" in text_of(issued)
    assert no_reason.status_code == 422
    assert "Truck broke down" in text_of(back)
    assert "1 call is completed" in text_of(billed)
    assert demand.calls_by_id(calls)[calls[0]].state == "completed"
    assert len(billing.invoices(world.site_id, "UTC").rows) == 1


def test_two_taps_on_goods_issue_issue_once(world: World, door: Doors) -> None:
    delivery_id = world.picked(*world.packed(world.summarized("DON1")))
    (row,) = shipping.deliveries(world.site_id, "UTC").rows
    key = str(uuid.uuid4())
    shipper = door("shipping")

    answers = [shipper.send(f"/deliveries/{row.public_id}/issue", key=key) for _ in range(2)]

    view = shipping.delivery(world.site_id, row.public_id, "UTC")
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (view.row.id, len(view.notices)) == (delivery_id, 1)


def test_an_asn_can_be_looked_at_and_downloaded_byte_for_byte(world: World, door: Doors) -> None:
    world.picked(*world.packed(world.summarized("DON1")))
    (row,) = shipping.deliveries(world.site_id, "UTC").rows
    shipper = door("shipping")
    page = text_of(shipper.send(f"/deliveries/{row.public_id}/issue"))
    from milkrun.exchange import queries as exchange

    (file,) = exchange.outbox_of("delivery", row.id, "UTC")
    download = shipper.get(f"/messages/out/{file.public_id}/bytes")

    assert "DESADV" in page
    assert "Waiting to be sent" in page
    assert download.content == exchange.outbox_bytes(file.public_id)[1]
    assert download["Content-Type"] == "application/octet-stream"
    assert download["Content-Disposition"].startswith("attachment")


def test_stock_is_received_moved_and_taken_back(world: World, door: Doors) -> None:
    planner = door("material_planner")
    here = f"/stock/{part('FOAM')}"

    planner.send(f"{here}/receive", qty="2,5", unit="PCE", location="FG", reason="found")
    moves = stock.movements(world.site_id, world.parts["FOAM"], "UTC").rows
    back = text_of(planner.send(f"{here}/reverse", posting=moves[0].posting_id, reason="counted twice"))

    assert moves[0].qty == "2.5 pcs"
    assert "Taken back" in back
    assert "counted twice" in back
    assert stock.on_hand(world.site_id, world.parts["FOAM"])[0] == "1,000 pcs"
    assert not stock.movements(world.site_id, world.parts["FOAM"], "UTC").rows[1].reversible


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"qty": "abc", "location": "FG"}, "“abc” is not a quantity"),
        ({"qty": "5", "location": "MOON"}, "There is no location “MOON”"),
        ({"qty": "5", "location": "FG", "unit": "XYZ"}, "XYZ"),
        ({"qty": "0", "location": "FG"}, "more than zero"),
    ],
)
def test_a_receipt_that_cannot_be_says_why_and_keeps_what_was_typed(
    world: World, door: Doors, fields: dict[str, str], sentence: str
) -> None:
    answer = door("supervisor").send(f"/stock/{part('FOAM')}/receive", reason="from the truck", **fields)

    assert answer.status_code in (404, 422)
    assert sentence in text_of(answer)
    assert 'value="from the truck"' in answer.content.decode()
    assert stock.on_hand(world.site_id, world.parts["FOAM"])[0] == "1,000 pcs"


def test_more_than_is_free_cannot_be_moved(world: World, door: Doors) -> None:
    answer = door("packer").send(
        f"/stock/{part('FOAM')}/move", balance=balance(world, "FOAM"), qty="1000.000001", to_location="FG"
    )

    assert answer.status_code == 409
    assert stock.on_hand(world.site_id, world.parts["FOAM"])[0] == f"{Decimal(1000):,} pcs"


@pytest.mark.parametrize("text", ["CALL/471", "WVWZZZ1JZXW000471", "2611220471"])
def test_a_scan_of_a_call_opens_it(world: World, planner: Door, text: str) -> None:
    call = public_id_of_call(world.call(world.sequenced(471)))

    answer = planner.get("/search", {"q": text, "scan": "1"})

    assert answer["Location"] == f"/calls/{call}"


def test_a_scan_finds_parts_jobs_racks_deliveries_and_invoices(world: World, admin: Door) -> None:
    delivery_id = world.picked(*world.packed(world.summarized("DON1")))
    (row,) = shipping.deliveries(world.site_id, "UTC").rows
    sscc = shipping.delivery(world.site_id, row.public_id, "UTC").units[0].sscc
    admin.send(f"/deliveries/{row.public_id}/issue")
    admin.send("/billing/bill", delivery=row.public_id)
    (invoice,) = billing.invoices_of_delivery(delivery_id, "UTC")
    job = production.jobs(world.site_id, "UTC", "done").rows[0]

    def opened(text: str) -> str:
        return admin.get("/search", {"q": text, "scan": "1"})["Location"].rsplit("/", 1)[0]

    assert opened("5n0881105A") == "/stock"
    assert opened("SEAT-105A") == "/stock"
    assert opened(job.number) == "/jobs"
    assert opened(row.number) == "/deliveries"
    assert opened(f"(00){sscc}") in ("/packing", "/stock/units")
    assert invoice is not None
    assert opened(invoice.number) == "/billing/invoices"


def test_a_search_without_a_hit_says_what_can_be_found(planner: Door) -> None:
    answer = planner.get("/search", {"q": "zzz-nothing"})

    assert "Nothing has this number." in text_of(answer)


def test_each_role_is_told_what_waits_for_it(world: World, door: Doors) -> None:
    world.call(world.sequenced(471))
    world.release(world.call(world.sequenced(481)))

    assert "Release call CALL/471" in text_of(door("material_planner").get("/today/tasks"))
    assert "Make job" in text_of(door("operator").get("/today/tasks"))
    assert "Nothing waits for you." in text_of(door("billing").get("/today/tasks"))


def test_a_double_tap_on_a_scan_is_told_that_it_was_confirmed(world: World, door: Doors) -> None:
    world.release(world.call(world.sequenced(471)))
    job, key = only_job(world), uuid.uuid4().hex
    operator = door("operator")

    answers = [operator.send(f"/jobs/{job.public_id}/confirm", scan="SEAT-105A", request_key=key) for _tap in range(2)]

    assert "This was confirmed already." in text_of(answers[1])
    lines = production.job(world.site_id, job.public_id, "UTC").lines
    assert [line.done for line in lines] == [True, False]


def test_a_double_tap_that_moved_all_of_a_place_is_told_that_it_was_moved(world: World, door: Doors) -> None:
    here, key = f"/stock/{part('FOAM')}", uuid.uuid4().hex
    (row,) = stock.balances(world.site_id, world.parts["FOAM"])

    answers = [
        door("material_planner").send(f"{here}/move", balance=row.id, qty="1000", to_location="FG", request_key=key)
        for _tap in range(2)
    ]

    assert "This was moved already." in text_of(answers[1])
