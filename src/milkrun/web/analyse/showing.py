"""What the page of a room shows, by what the room is at."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from milkrun.gateway.rooms import Room
from milkrun.web.analyse.asking import ASSUMPTIONS, DECIMALS, FIELDS, KINDS, ORDERS
from milkrun.web.analyse.found import first_look

SAMPLES = ("sales.csv", "stock.csv", "receipts.csv")
SHOWN_ROWS = 5


def state(room: Room) -> dict[str, Any]:
    """Tell what the room is at, for the part of the page that follows it."""
    wanted = room.note("wanted")
    if wanted is None:
        return {"at": "ended"}
    return {
        "at": wanted["step"],
        "words": _("Looking at the files …") if wanted["step"] == "look" else _("Analysing …"),
    }


def page(room: Room) -> tuple[str, dict[str, Any]]:
    """Choose the page and what it shows."""
    now = state(room)
    if now["at"] != "ended":
        return "analyse/working.html", {"state": now}
    ended = room.note("ended") or {}
    if ended.get("step") == "run" and ended.get("exit") in (0, 1) and room.note("result"):
        return "analyse/result.html", {"ended": ended, **first_look(room.note("result") or {})}
    seen = room.note("seen") or {"files": [], "kinds": [], "fields": {}}
    known = (room.note("answers") or {}).get("settings", {})
    files = [_file(place, file, seen) for place, file in enumerate(seen["files"])]
    return "analyse/columns.html", {
        "problem": _problem(ended),
        "files": files,
        "ready": bool(files) and all(file["ready"] for file in files),
        "assumptions": [_assumption(one, known) for one in ASSUMPTIONS],
        "kinds": KINDS.items(),
        "orders": ORDERS.items(),
        "decimals": DECIMALS.items(),
    }


def _problem(ended: Mapping[str, Any]) -> str:
    if ended.get("exit") == 0 or not ended:
        return ""
    if ended.get("code") in ("took_too_long", "took_too_much"):
        return _("This took more time or memory than a page may. Bring fewer rows, or use the command line.")
    return ended.get("sentence") or _("The files could not be analysed.")


def _assumption(one: Any, known: Mapping[str, float]) -> dict[str, Any]:
    value = f"{known[one.name] * one.parts:g}" if one.name in known else ""
    return {"name": one.name, "word": one.word, "unit": one.unit, "usual": one.usual, "value": value}


def _file(place: int, file: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    kind = next((one for one in seen["kinds"] if one["name"] == file["kind"]), None)
    rows = list(zip(*file["samples"][:SHOWN_ROWS], strict=False)) if file["samples"] else []
    columns = [
        _column(place, number, guess, rows[number] if number < len(rows) else (), file, seen)
        for number, guess in enumerate(file["guesses"])
    ]
    found = {guess["field"] for guess in file["guesses"] if guess["field"]}
    missing = [
        {"word": FIELDS[field], "unlocks": seen["fields"][field]["unlocks"]}
        for field in (kind["fields"] if kind else ())
        if field not in found and seen["fields"][field]["unlocks"]
    ]
    return {
        "place": place,
        "name": file["name"],
        "kind": file["kind"],
        "kind_word": KINDS.get(file["kind"], ""),
        "read": file["read"],
        "how": file["how"] or {},
        "notes": file["notes"],
        "refused": file["refused"],
        "question": file["question"],
        "problem": file["problem"],
        "ready": not file["problem"],
        "columns": columns,
        "missing": missing,
    }


def _column(
    place: int,
    number: int,
    guess: Mapping[str, Any],
    values: tuple[str, ...],
    file: Mapping[str, Any],
    seen: Mapping[str, Any],
) -> dict[str, Any]:
    header = guess["header"]
    holds = seen["fields"].get(guess["field"], {}).get("holds", "")
    likely = [name for name in (guess["field"], *guess["otherwise"]) if name]
    return {
        "name": f"f{place}.c{number}",
        "order_name": f"f{place}.o{number}",
        "decimal_name": f"f{place}.d{number}",
        "header": header,
        "values": [value for value in values if value][:3],
        "field": guess["field"],
        "sure": round(guess["confidence"] * 100),
        "said": guess["said"],
        "likely": [(name, FIELDS[name]) for name in likely],
        "others": [(name, word) for name, word in FIELDS.items() if name not in likely],
        "is_date": holds == "date",
        "order": (file["orders"] or {}).get(header, ""),
        "is_number": holds in ("number", "count"),
        "decimal": (file["decimals"] or {}).get(header, ""),
    }
