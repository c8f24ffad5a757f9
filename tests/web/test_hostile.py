"""Text from outside is only text; pages bring no script that is not ours; headers stand everywhere."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from milkrun.web import pages
from tests.web.door import Door, public_id_of_call
from tests.world import SEAT, World

ROOT = Path(__file__).parents[2] / "src" / "milkrun" / "web"
HOSTILE = [
    "<script>window.__xss=1</script>", '"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>",
    "</td></tr></table><script>", "javascript:alert(1)", "{{7*7}}{% load x %}", "<!--", "]]>", "&lt;b&gt;",
    '" autofocus onfocus="alert(1)', "\u202egnp.exe", "<iframe srcdoc='<script>'>",
]  # fmt: skip
EVENT = re.compile(r"<[^>]*\son[a-z]+\s*=", re.I)


def assert_harmless(page: str) -> None:
    assert "<script>" not in page
    assert not [tag for tag in re.findall(r"<script[^>]*>", page) if 'src="/static/' not in tag]
    assert "<img" not in page
    assert "<iframe" not in page
    plain = re.sub(r'"[^"]*"', '""', page)
    assert not EVENT.search(plain), EVENT.search(plain)


def test_hostile_text_in_calls_parts_and_reasons_is_only_shown(world: World, admin: Door) -> None:
    for number, text in enumerate(HOSTILE, 471):
        given = replace(
            world.sequenced(number, (SEAT, text[:40])), external_no=text[:80], vin=text[:40], line_feed=text[:35],
            unloading_point=text[:35], production_no=text[:40],
        )  # fmt: skip
        call = public_id_of_call(world.call(given))

        shown = [admin.get(path) for path in (f"/calls/{call}", "/search?q=" + text, f"/calls?text={text}")]
        shown.append(admin.send("/calls/cancel", call=call, from_call=call, reason=text))
        shown.append(admin.get(f"/calls/{call}"))

        for answer in shown:
            assert answer.status_code < 500
            assert_harmless(answer.content.decode())
    for path in ("/", "/calls?state=all", "/calls/rows", "/stock"):
        assert_harmless(admin.get(path).content.decode())


def test_hostile_text_typed_into_forms_comes_back_as_text(world: World, admin: Door) -> None:
    from milkrun.parts import queries as parts

    foam = parts.find("FOAM")[0].public_id
    for text in HOSTILE:
        answers = [
            admin.send(f"/stock/{foam}/receive", qty=text, location="FG", lot_no=text[:40], reason=text),
            admin.send(f"/stock/{foam}/receive", qty="1", location=text),
            admin.post("/sign-in", {"email": text, "password": text, "next": text}),
            Client().post("/sign-in", {"email": text, "password": text, "next": text}),
            Client().get("/sign-in", {"next": text}),
            admin.get("/deliveries", {"state": text}),
            admin.get("/messages", {"show": text}),
            admin.get("/calls", {"state": text, "customer": text, "kind": text, "after": text}),
        ]

        for answer in answers:
            assert answer.status_code < 500
            assert_harmless(answer.content.decode())


def test_no_template_and_no_view_lets_text_through_unescaped() -> None:
    forbidden = re.compile(r"\|\s*safe\b|autoescape\s+off|mark_safe|format_html|SafeString|\|\s*safeseq")

    found = [str(file) for file in [*ROOT.rglob("*.html"), *ROOT.rglob("*.py")] if forbidden.search(file.read_text())]

    assert not found


def test_no_template_holds_a_script_or_an_event_handler() -> None:
    for file in ROOT.rglob("*.html"):
        text = file.read_text()
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), file
        assert not EVENT.search(re.sub(r"{%.*?%}|{{.*?}}", "", text)), file


def test_only_one_script_turns_text_into_html() -> None:
    risky = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|parseFromString|\beval\(|new Function")

    found = [file.name for file in ROOT.rglob("js/*.js") if risky.search(file.read_text())]

    assert found == ["html.js"]


def test_scripts_and_styles_of_a_page_stay_small() -> None:
    areas = {folder: sum(file.stat().st_size for file in folder.glob("*.js")) for folder in ROOT.glob("*/js")}
    # A page loads what every page has, and at most what its own area adds.
    frame = areas.pop(ROOT / "layout" / "js")
    scripts = frame + max(areas.values())
    style = (ROOT / "static" / "milkrun.css").stat().st_size

    assert scripts < 40_000
    assert style < 40_000


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/calls", "/nowhere", "/static/milkrun.css", "/static/layout/page.js"]
)
def test_every_answer_carries_the_headers(admin: Door, path: str) -> None:
    answer = admin.get(path)
    answer.close()

    policy = answer.get("Content-Security-Policy", "")
    if not path.startswith("/static/"):
        assert "script-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Request-ID"]


def test_a_request_keeps_the_number_its_proxy_gave_but_no_rubbish(admin: Door) -> None:
    assert admin.get("/", headers={"x-request-id": "abc-12345678"})["X-Request-ID"] == "abc-12345678"
    assert "\n" not in admin.get("/", headers={"x-request-id": "x y <b>"})["X-Request-ID"]


def test_unforeseen_errors_and_wrong_addresses_give_a_calm_page(admin: Door) -> None:
    request = RequestFactory().get("/calls")
    request.request_id = "req-12345678"

    failed = pages.failed(request)
    missing = admin.get("/nowhere")

    assert (failed.status_code, missing.status_code) == (500, 404)
    assert "req-12345678" in failed.content.decode()
    assert "This page does not exist." in missing.content.decode()


def test_a_received_file_is_never_served_as_a_page(world: World, admin: Door) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from milkrun.exchange import queries as exchange

    file = SimpleUploadedFile('x"><script>.html', b"<html><script>alert(1)</script></html>")
    admin.send("/calls/upload", partner="OEM01", file=file)
    row = exchange.interchanges("UTC").rows[0]

    page = admin.get(f"/messages/in/{row.public_id}")
    raw = admin.get(f"/messages/in/{row.public_id}/bytes")

    assert_harmless(page.content.decode())
    assert "&lt;script&gt;alert(1)" in page.content.decode()
    assert raw["Content-Type"] == "application/octet-stream"
    assert raw["Content-Disposition"].startswith("attachment")
    assert "<" not in raw["Content-Disposition"]


def test_every_form_that_writes_carries_a_key_and_a_secret(world: World, door: Callable[[str], Door]) -> None:
    call = public_id_of_call(world.call(world.sequenced(471)))
    world.release(world.call(world.sequenced(481)))
    from milkrun.production import queries as production

    job = production.jobs(world.site_id, "UTC").rows[0].public_id
    from milkrun.parts import queries as parts

    foam = parts.find("FOAM")[0].public_id
    admin = door("admin")

    for path in ("/calls", f"/calls/{call}", f"/jobs/{job}", f"/stock/{foam}", "/calls/upload"):
        page = admin.get(path).content.decode()
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.S)
        assert forms, path
        for form in forms:
            assert "csrfmiddlewaretoken" in form, form[:200]
            # Signing out and choosing a site or a language may be said twice.
            free = any(f'action="{path}"' in form for path in ("/sign-out", "/site", "/language"))
            assert "request_key" in form or free, form[:200]
