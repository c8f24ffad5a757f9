"""The whole path by the API alone: from a call to its invoice, with every step read back."""

from datetime import UTC, datetime
from pathlib import Path

from milkrun.exchange.commands.claim_outbox import claim_outbox
from milkrun.exchange.commands.record_sent import record_sent
from tests.api.machine import Machine, call_body
from tests.world import World

SAMPLE = Path(__file__).parent.parent / "edi" / "samples" / "deljit_summarized.edi"
SITE = "/sites/MAIN"


def delivered(mes: Machine, world: World, number: str = "S1") -> tuple[str, str]:
    """Bring a summarised call by the API to a picked delivery; returns both ids."""
    call = mes.do(f"{SITE}/calls", call_body(world, number))["call_id"]
    job = mes.do(f"{SITE}/calls/release", {"call_ids": [call]})["jobs"][0]["job_id"]
    mes.do(f"{SITE}/jobs/{job}/confirm", {"reports": [{"position": 1, "good": "48"}]})
    load = mes.do(f"{SITE}/packing-groups/release", {"call_ids": [call]})["packing_groups"][0]
    mes.do(f"{SITE}/packing-groups/{load['packing_group_id']}/confirm", {"scan": "5N0 881 105 A"})
    delivery = mes.do(f"{SITE}/deliveries", {"call_ids": [call]})["delivery_id"]
    mes.do(f"{SITE}/deliveries/{delivery}/pick", {})
    return call, delivery


def test_a_call_becomes_an_invoice_by_the_api_alone(world: World, mes: Machine) -> None:
    call = mes.do(f"{SITE}/calls", call_body(world, "S1"))
    assert (call["outcome"], call["unmatched"]) == ("created", [])
    released = mes.do(f"{SITE}/calls/release", {"call_ids": [call["call_id"]]})
    assert (released["ready_call_ids"], released["answers"][0]["outcome"]) == ([], "released")
    job = mes.read(f"{SITE}/jobs/{released['jobs'][0]['job_id']}")
    assert job["lines"][0]["qty"] == "48"
    report = {"position": 1, "good": "48", "scrap": "2", "scrap_reason": "torn"}
    confirmed = mes.do(f"{SITE}/jobs/{job['job']['id']}/confirm", {"reports": [report]})
    assert (confirmed["state"], confirmed["confirmations"][0]["posted"]) == ("done", True)
    packing = mes.do(f"{SITE}/packing-groups/release", {"call_ids": [call["call_id"]]})["packing_groups"][0]
    packed = mes.do(f"{SITE}/packing-groups/{packing['packing_group_id']}/confirm", {"scan": "5N0 881 105 A"})
    assert (packed["qty"], packed["group_packed"], packed["remaining"]) == ("48", True, 0)
    delivery = mes.do(f"{SITE}/deliveries", {"call_ids": [call["call_id"]]})
    assert delivery["handling_units"] == [packing["sscc"]]
    picked = mes.do(f"{SITE}/deliveries/{delivery['delivery_id']}/pick", {"sscc": packing["sscc"]})
    assert (picked["picked"], picked["open"], picked["state"]) == ([packing["sscc"]], [], "picked")
    issued = mes.do(f"{SITE}/deliveries/{delivery['delivery_id']}/goods-issue")
    assert issued["notice_number"]
    invoice = mes.do(f"{SITE}/deliveries/{delivery['delivery_id']}/invoice")
    assert (invoice["net"], invoice["tax"], invoice["gross"]) == ("6024.00", "1144.56", "7168.56")
    assert invoice["completed_call_ids"] == [call["call_id"]]

    done = mes.read(f"{SITE}/calls/{call['call_id']}")

    assert done["call"]["state"] == "completed"
    assert done["groups"][0]["indicators"]["billing"] == "billed"
    assert done["groups"][0]["components"][0]["billed_qty"] == "48"
    assert mes.read(f"{SITE}/deliveries/{delivery['delivery_id']}")["notices"][0]["number"] == issued["notice_number"]
    assert mes.read(f"{SITE}/invoices/{invoice['invoice_id']}")["lines"][0]["amount"] == "6024.00"
    assert mes.read(f"{SITE}/packing-groups/{packing['packing_group_id']}")["slots"][0]["call_id"] == call["call_id"]
    assert [m["document_type"] for m in mes.read("/outbox")["items"]] == ["INVOIC", "DESADV"]


def test_a_goods_issue_is_taken_back_and_a_delivery_is_cancelled(world: World, mes: Machine) -> None:
    call, delivery = delivered(mes, world)
    issued = mes.do(f"{SITE}/deliveries/{delivery}/goods-issue")

    back = mes.do(f"{SITE}/deliveries/{delivery}/goods-issue/reverse", {"reason": "wrong truck"})
    mes.do(f"{SITE}/deliveries/{delivery}/cancel", {"reason": "no truck at all"})

    assert back["posting_id"] != issued["posting_id"]
    assert mes.read(f"{SITE}/calls/{call}")["call"]["state"] == "packed"
    feed = mes.read(f"{SITE}/stock/movements", limit=200)["items"]
    assert [m["reverses"] for m in feed if m["posting_id"] == back["posting_id"]] == [issued["posting_id"]]


def test_many_calls_come_at_once_and_bad_ones_are_set_aside(world: World, mes: Machine) -> None:
    one, two = call_body(world, "B1")["call"], call_body(world, "B2")["call"]
    two["groups"][0]["components"][0]["qty"] = "0"

    outcomes = mes.do(f"{SITE}/calls/bulk", {"partner": "OEM01", "calls": [one, two, one]})["outcomes"]

    assert [one["outcome"] for one in outcomes] == ["created", "refused", "unchanged"]
    assert outcomes[1]["code"] == "call_not_understood"
    assert [row["number"] for row in mes.read(f"{SITE}/calls")["items"]] == ["B1"]


def test_an_unknown_part_is_matched_again_and_the_call_cancelled(world: World, mes: Machine) -> None:
    given = call_body(world, "U1")
    given["call"]["groups"][0]["components"][0]["customer_part_no"] = "5N0 881 999 Z"
    call = mes.do(f"{SITE}/calls", given)

    again = mes.do(f"{SITE}/calls/{call['call_id']}/reprocess")
    (gone,) = mes.do(f"{SITE}/calls/cancel", {"call_ids": [call["call_id"]], "reason": "typed wrongly"})["answers"]

    assert call["unmatched"]
    assert again["still_unmatched"]
    assert [row["id"] for row in mes.read(f"{SITE}/calls", state="cancelled")["items"]] == [gone["call_id"]]


def test_stock_is_taken_in_moved_and_taken_back(world: World, mes: Machine) -> None:
    part = mes.read(f"{SITE}/stock/items", text="FOAM")["items"][0]
    assert part["on_hand"] == "1000"
    received = mes.do(
        f"{SITE}/stock/receipts", {"part_id": part["id"], "location": "LINE1", "qty": "0.5", "reason": "found"}
    )
    places = {"from_location": "LINE1", "to_location": "PACK"}
    moved = mes.do(f"{SITE}/stock/moves", {"part_id": part["id"], "qty": "0.25", **places})

    back = mes.do(f"{SITE}/stock/postings/{moved['posting_id']}/reverse", {"reason": "wrong place"})

    assert back["reverses"] == moved["posting_id"]
    assert mes.read(f"{SITE}/stock/items/{part['id']}")["balances"][0]["on_hand"] == "1000.5"
    feed = mes.read(f"{SITE}/stock/movements", limit=200)["items"]
    assert [row["qty"] for row in feed[-3:]] == ["0.5", "0.25", "0.25"]
    assert feed[-3]["posting_id"] == received["posting_id"]
    assert {row["location"] for row in mes.read(f"{SITE}/stock/balances", location="LINE1")["items"]} == {"LINE1"}


def test_a_failed_posting_is_listed_and_posted_once_its_cause_is_gone(world: World, mes: Machine) -> None:
    part = mes.read(f"{SITE}/stock/items", text="FRAME")["items"][0]["id"]
    away = {"from_location": "LINE1", "to_location": "PACK"}
    moved = mes.do(f"{SITE}/stock/moves", {"part_id": part, "qty": "1000", **away})
    call = mes.do(f"{SITE}/calls", call_body(world, "F1"))["call_id"]
    job = mes.do(f"{SITE}/calls/release", {"call_ids": [call]})["jobs"][0]["job_id"]
    made = mes.do(f"{SITE}/jobs/{job}/confirm", {"reports": [{"position": 1, "good": "48"}]})["confirmations"][0]
    assert not made["posted"]
    assert "FRAME" in made["failure"]
    assert mes.read(f"{SITE}/failed-postings")["items"][0]["id"] == made["confirmation_id"]
    mes.do(f"{SITE}/stock/postings/{moved['posting_id']}/reverse", {"reason": "needed at the line"})

    (again,) = mes.do(f"{SITE}/confirmations/reprocess", {"confirmation_ids": [made["confirmation_id"]]})["answers"]

    assert again["outcome"] == "posted"
    assert mes.read(f"{SITE}/failed-postings")["items"] == []


def test_a_file_is_taken_in_by_its_bytes(world: World, mes: Machine) -> None:
    response = mes.send("/partners/OEM01/interchanges?file_name=call.edi", SAMPLE.read_bytes(), "application/edifact")

    report = response.json()["reports"][0]
    detail = mes.read(f"/interchanges/{report['interchange']}")
    assert detail["interchange"]["source"] == "api"
    assert detail["interchange"]["file_name"] == "call.edi"
    assert [row["id"] for row in mes.read("/interchanges")["items"]] == [report["interchange"]]


def test_a_file_of_another_dialect_is_taken_in_and_answered_in_it(world: World, mes: Machine) -> None:
    schedule = SAMPLE.with_name("x12_862_two_deliveries.x12").read_bytes()

    response = mes.send("/partners/OEM01/interchanges", schedule, "application/edi-x12")

    report = response.json()["reports"][0]
    assert (report["verdict"], [made["number"] for made in report["messages"][0]["created"]]) == (
        "accepted", ["DON4711", "DON4712"],
    )  # fmt: skip
    assert mes.read(f"/interchanges/{report['interchange']}")["interchange"]["dialect"] == "x12"
    assert [row["document_type"] for row in mes.read("/outbox")["items"]] == ["997"]


def test_a_sent_file_is_queued_again(world: World, mes: Machine) -> None:
    _, delivery = delivered(mes, world)
    mes.do(f"{SITE}/deliveries/{delivery}/goods-issue")
    waiting = mes.read("/outbox")["items"][0]
    early = mes.post(f"/outbox/{waiting['id']}/send-again")
    now = datetime.now(UTC)
    parcel = claim_outbox(partner_id=world.partner_id, at=now).parcels[0]
    record_sent(outbox_id=parcel.outbox_id, lease=parcel.lease, actor=world.actor, at=now)

    again = mes.do(f"/outbox/{waiting['id']}/send-again")

    assert (early.status_code, early.json()["code"]) == (409, "illegal_move")
    after = mes.read(f"/outbox/{again['outbox_id']}")
    assert (after["state"], after["sha256"]) == ("queued", waiting["sha256"])


def test_sites_are_listed_for_any_token(world: World, mes: Machine) -> None:
    assert mes.read("/sites") == {"items": [{"code": "MAIN", "name": "Plant Main", "zone": "Europe/Berlin"}]}
