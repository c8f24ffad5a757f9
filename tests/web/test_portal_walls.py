"""What a person of a customer can reach: the portal, and in it what is its own company's; nothing else is there."""

import io
import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from pypdf import PdfReader

from milkrun.billing.models import Invoice
from milkrun.demand.models import JitCall
from milkrun.kernel.errors import Invalid
from milkrun.partners.commands.create_token import create_token
from milkrun.partners.commands.define_role import define_role
from milkrun.partners.errors import RoleNotPossible
from milkrun.partners.queries.rights import ACTIONS, PORTAL_ACTIONS, ROLES
from milkrun.shipping.models import Delivery
from milkrun.web.access import MARK
from tests.web.door import Door
from tests.web.portal import CANARY, ids, let_in, rival, said
from tests.web.test_portal import wish
from tests.world import World

# Open to whoever knows the address, signed in or not; none of them tells anything of the plant's data.
OPEN = {
    "sign_in", "sign_out", "look_around", "choose_language", "support", "healthz", "readyz", "metrics",
    "floor_worker", "floor_manifest", "floor_session", "floor_action", "floor_hand_over", "read_mail",
    # A room of the analysis holds what its visitor brought, and opens to whoever has its key.
    "analyse", "analyse_sample", "analysis_room", "analysis_state", "analysis_add", "analysis_run", "analysis_remove",
    "analysis_result",
    "api-docs", "api-problem", "openapi-json", "api-root",
}  # fmt: skip
# Would end the visit, or make somebody else of the visitor.
ENDS = {"sign_out", "sign_in", "look_around"}
FAR = {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_REQUEST_ID": "0123456789abcdef"}
FILLED = {"slug": "0000000000000000", "str": "0000000000000000", "int": "1", "path": "x"}


def routes() -> list[tuple[URLPattern, str]]:
    """List every address of the product with its places filled."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[URLPattern, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield pattern, "/" + before + str(pattern.pattern)


def filled(route: str, value: str = "") -> str:
    """Put something into the places of an address."""
    plain = route.replace("^", "").replace("(?:/.*)?$", "")
    return re.sub(r"<(?:(\w+):)?\w+>", lambda place: value or FILLED.get(place[1] or "str", "x"), plain)


@pytest.fixture
def buyer(world: World) -> Door:
    return let_in(world)


def test_every_address_of_the_product_but_the_portals_is_not_there_for_a_customer(buyer: Door, full: bool) -> None:
    nowhere = buyer.get("/there-is-no-such-page", **FAR)
    methods = ("get", "post", "put", "patch", "delete") if full else ("get", "post")
    portal, shut = [], []
    for pattern, route in routes():
        path, name = filled(route), str(pattern.name or "")
        if getattr(pattern.callback, MARK, "") in PORTAL_ACTIONS:
            portal.append(name)
            continue
        for method in methods if name not in ENDS else ():
            answer = getattr(buyer, method)(path, **FAR)
            if path.startswith("/api/v1"):
                assert answer.status_code in (401, 404, 405) or name in OPEN, f"{method} {path}"
            elif path == "/":
                assert answer["Location"] == "/portal"
            elif name not in OPEN:
                shut.append(name)
                assert (answer.status_code, answer.content) == (404, nowhere.content), f"{method} {path}"

    assert sorted(set(portal)) == [
        "portal", "portal_call", "portal_call_off", "portal_calls", "portal_deliveries", "portal_delivery",
        "portal_help", "portal_invoice_pdf", "portal_invoices",
    ]  # fmt: skip
    assert len(set(shut)) > 200
    assert buyer.get("/metrics", **FAR).status_code == 403
    for phone in ("/floor/session", "/floor/actions", "/floor/hand-over"):
        assert {buyer.get(phone).status_code, buyer.post(phone).status_code} <= {401, 405}


def test_what_is_another_customers_answers_as_what_does_not_exist(buyer: Door, world: World) -> None:
    rival(world)
    own = world.call(world.summarized("MINE"))
    nowhere = buyer.get("/there-is-no-such-page", **FAR).content
    portal = [route for pattern, route in routes() if getattr(pattern.callback, MARK, "") in PORTAL_ACTIONS]
    foreign = [key for key in ids() if key != JitCall.objects.get(pk=own).public_id]
    assert len(foreign) > 20

    for route in portal:
        for key in foreign if "<" in route else ():
            answer = buyer.get(filled(route, key), **FAR)
            assert (answer.status_code, answer.content) == (404, nowhere), filled(route, key)
    for part in (f"{CANARY} 4711", f"{CANARY}-1", "SEAT-105A", "FOAM", ""):
        for answer in (
            buyer.get("/portal/call-off", {"part": part}, **FAR),
            buyer.post("/portal/call-off", {**wish(), "part": part, "request_key": "k" * 32}, **FAR),
        ):
            assert (answer.status_code, answer.content) == (404, nowhere), part
    assert buyer.get(f"/portal/calls/{JitCall.objects.get(pk=own).public_id}").status_code == 200
    assert not JitCall.objects.filter(source="portal").exists()


def test_a_number_that_another_customer_uses_is_free_to_be_used(buyer: Door, world: World) -> None:
    rival(world)

    answer = buyer.send("/portal/call-off", **wish(reference=f"{CANARY}/TWO"))

    assert answer.redirect_chain
    assert JitCall.objects.filter(partner_id=world.partner_id).count() == 1


def test_a_word_of_another_customer_never_reaches_this_one(buyer: Door, world: World) -> None:
    from milkrun.billing.commands.issue_invoice import issue_invoice
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue

    (mine,) = world.packed(world.summarized("MINE", qty="2"))
    delivery = world.picked(mine)
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    issue_invoice(delivery_id=delivery, actor=world.actor, at=world.later())
    rival(world)
    buyer.send("/portal/call-off", **wish())

    seen = crawled(buyer)
    for pattern, route in routes():
        if pattern.name in ENDS:
            continue
        for value in ("", *([foreign_of(route)] if "<" in route else [])):
            for answer in (buyer.get(filled(route, value), **FAR), buyer.post(filled(route, value), **FAR)):
                assert CANARY not in readable(answer), route

    assert buyer.get("/portal").status_code == 200
    columns = said(world)
    for told in ("partners.Partner.name", "demand.JitCall.external_no", "demand.Component.customer_part_no",
                 "shipping.Delivery.unloading_point", "parts.Part.description", "billing.Invoice.number",
                 "partners.User.name", "exchange.Agreement.their_id", "partners.UnloadingPoint.code"):  # fmt: skip
        assert told in columns
    assert len(columns) > 40
    assert {"/portal", "/portal/calls", "/portal/deliveries", "/portal/invoices", "/portal/help"} <= seen
    assert sum(path.startswith("/portal/") and path.count("/") > 2 for path in seen) >= 4


def foreign_of(route: str) -> str:
    """Return an id of the other customer that fits an address."""
    noun = Invoice if "invoice" in route or "billing" in route else Delivery if "deliver" in route else JitCall
    rows = noun.objects.filter(partner__name__contains=CANARY)
    return str(rows.values_list("public_id", flat=True).first())


def crawled(client: Door) -> set[str]:
    """Follow every link from the portal's first page, and look for the word in all that comes."""
    seen: set[str] = set()
    waiting = [
        "/portal",
        "/portal?q=%25",
        "/portal?q=_",
        "/portal/calls?all=1&q=4711",
        "/portal?after=x",
        "/help/support",
    ]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith("/"):
            continue
        seen.add(path)
        text = readable(client.get(path, **FAR))
        assert CANARY not in text, path
        waiting += [found.replace("&amp;", "&") for found in re.findall(r'(?:href|src|action)="([^"#]+)"', text, re.I)]
    return {path.partition("?")[0] for path in seen}


def readable(answer: HttpResponse) -> str:
    """Return all that came: headers and body, a PDF as the text that stands on it; the word in capitals."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.get("Content-Type", "") == "application/pdf":
        body = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).encode()
    text = body.decode(errors="replace") + str(answer.headers)
    return re.sub(CANARY, CANARY, text, flags=re.I)


def test_what_the_portal_may_is_no_right_of_any_role_or_token(world: World) -> None:
    who = {"actor": world.actor, "at": world.later()}

    assert not PORTAL_ACTIONS & (ACTIONS | frozenset().union(*ROLES.values()))
    with pytest.raises(RoleNotPossible):
        define_role(name="helper", title="Helper", actions=["portal_calls"], **who)
    with pytest.raises(Invalid):
        create_token(name="MES", scopes=["portal_call_off"], expires_at=world.now.replace(year=2030), **who)
