"""The eight measures on the page: each opens its formula, its inputs and what is missing."""

from collections.abc import Mapping
from typing import Any

from milkrun.engine.report.figure_words import amount, share, text
from milkrun.engine.report.rows_of import table

WORDS = {"green": "● on target", "yellow": "▲ watch", "red": "■ act", "none": ""}


def measures(report: Mapping[str, Any]) -> str:
    """Return the cards, with a choice of leading and lagging ones."""
    picks = "".join(
        f'<input class="pick" type="radio" name="kind" id="pick-{key}"{" checked" if key == "all" else ""}>'
        f'<label for="pick-{key}">{label}</label>'
        for key, label in (("all", "All"), ("leading", "Leading"), ("lagging", "Lagging"))
    )
    cards = "".join(_card(one, report) for one in report["metrics"])
    return (
        "<p class='soft small'>Leading measures tell of what will come, lagging ones of what was.</p>"
        f"<div>{picks}<div class='cards'>{cards}</div></div>"
    )


def _card(one: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    known = one["value"] is not None
    value = amount(one["value"], one["unit"]) if known else "not computed"
    target = f" <span class='small soft'>target {text(one['target'])}</span>" if known and one["target"] else ""
    light = f"<span class='light'>{WORDS[one['light']]}</span>" if WORDS[one["light"]] else ""
    beside = "".join(_line(each) for each in one["beside"]) if known else ""
    return (
        f"<article class='card {one['light']} {one['kind']}' id='m-{one['key']}'><h3>{text(one['title'])}</h3>"
        f"<div class='value'>{value}</div>{light}{target} <span class='tag'>{one['kind']}</span>"
        f"<p class='small'>{text(one['needs'])}</p><dl>{beside}</dl>{_opened(one)}{_playbook(one, report)}</article>"
    )


def _line(each: Mapping[str, Any]) -> str:
    return f"<div><dt>{text(each['name'])}</dt><dd>{amount(each['value'], each['unit'])}</dd></div>"


def _opened(one: Mapping[str, Any]) -> str:
    inputs = "".join(_line(each) for each in one["inputs"])
    period = f"<p class='small'>{one['period']['from']} to {one['period']['to']}</p>" if one["period"] else ""
    assumed = "".join(f"<span class='tag assumed'>assumed: {text(name)}</span> " for name in one["assumed"])
    misses = ""
    if one["detail"]:
        columns = list(one["detail"][0])
        misses = table([(name, name.replace("_", " "), "") for name in columns], one["detail"][:10])
    return (
        f"<details><summary>Formula and inputs</summary><p class='formula'>{text(one['formula'])}</p><dl>{inputs}</dl>"
        f"{period}<p class='small'>{text(one['note'])}</p>{assumed}{misses}</details>"
    )


def _playbook(one: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    playbooks = report["playbooks"]
    if one["light"] not in ("yellow", "red") or one["playbook"] not in playbooks:
        return ""
    book = playbooks[one["playbook"]]
    steps = "".join(f"<li>{text(step)}</li>" for step in book["steps"])
    found = report["causes"] if one["playbook"] == "turnover" else None
    few = ""
    if found and found["items"]:
        few = (
            f"<p class='small'>The ten worst items hold {share(found['top_share'])} of the stock beyond demand: see "
            "<a href='#causes'>why stock turns as it does</a>.</p>"
        )
    return f"<details><summary>What to do: {text(book['title'])}</summary>{few}<ol class='small'>{steps}</ol></details>"
