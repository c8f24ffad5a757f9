"""The first look at what an analysis found: eight measures, ways of supply, opportunities, in the reader's words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from milkrun.measure.wording import quantity
from milkrun.web.words import Word

MEASURES: Mapping[str, Word] = {
    "turnover": gettext_lazy("Turns a year"),
    "days_of_inventory": gettext_lazy("Days of inventory"),
    "order_fulfilment": gettext_lazy("Orders complete and on time"),
    "supplier_on_time": gettext_lazy("Suppliers on time"),
    "stockouts": gettext_lazy("Stockouts"),
    "carrying_cost": gettext_lazy("Carrying cost a year"),
    "lead_time_variance": gettext_lazy("Spread of lead times, days"),
    "forecast_accuracy": gettext_lazy("Forecast error"),
}
WAYS: Mapping[str, Word] = {
    "mto": gettext_lazy("Make to order"),
    "jit": gettext_lazy("Just-in-time"),
    "kanban": gettext_lazy("Kanban"),
    "ddmrp": gettext_lazy("Buffered (DDMRP)"),
    "hybrid": gettext_lazy("Hybrid"),
    "jic": gettext_lazy("Just-in-case"),
    "run_down": gettext_lazy("Run down"),
    "insufficient": gettext_lazy("Too little known"),
}
TONES = {"green": "ok", "yellow": "watch", "red": "act"}
LIGHTS: Mapping[str, Word] = {
    "green": gettext_lazy("On target"),
    "yellow": gettext_lazy("Watch"),
    "red": gettext_lazy("Act"),
}


def first_look(result: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the kept part of a report into what the page shows."""
    readiness = result.get("readiness") or {"counts": {}}
    total = sum(readiness["counts"].values())
    ways = [
        {"word": word, "count": readiness["counts"][code], "share": round(100 * readiness["counts"][code] / total)}
        for code, word in WAYS.items()
        if code in readiness["counts"]
    ]
    return {
        "items": result.get("items", 0),
        "period": result.get("period") or {},
        "measures": [_measure(one) for one in result.get("metrics", ())],
        "ways": ways,
        "opportunities": [{**one, "money": _number(one["money"])} for one in result.get("opportunities", ())[:10]],
    }


def _measure(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "word": MEASURES.get(one["key"], one["title"]),
        "value": _value(one["value"], one["unit"]),
        "tone": TONES.get(one["light"], "none"),
        "light": LIGHTS.get(one["light"], ""),
        "needs": one["needs"],
        "target": one["target"],
    }


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "share":
        return f"{_number(value * 100, 1)} %"
    if unit.startswith("money"):
        return _number(value)
    return _number(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)


def _number(value: float, digits: int = 0) -> str:
    return quantity(Decimal(f"{value:.{digits}f}"))
