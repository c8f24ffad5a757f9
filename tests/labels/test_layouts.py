"""A layout is data: read with all its problems at once, written back the same, text fitted into its place."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milkrun.labels import (
    SAMPLES,
    SOURCES,
    Field,
    Layout,
    NotALayout,
    data_problems,
    layout_from,
    layout_problems,
    place,
    plain,
    shipped,
    shipped_names,
    values,
)
from milkrun.labels.placing import breadth, fitted
from tests.house.source import ROOT


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_template_is_sound_and_comes_back_the_same_from_its_data(name: str) -> None:
    layout = shipped(name)

    assert layout.name == name
    assert layout_problems(layout) == []
    assert layout_from(plain(layout)) == layout
    assert place(layout, SAMPLES).findings == ()


def test_every_problem_of_a_layout_is_named_at_once() -> None:
    fields = (
        Field("picture", 1, 1, 5, 5),
        Field("text", 1, 1, 5, 5, source="{{ secret }}"),
        Field("gs1_128", 1, 1, 50, 5, source="tag.number"),
        Field("text", 90, 1, 20, 5, source="lot", rotation=45, align="middle", size=99),
        Field("line", -1, 1, 5, 0, size=50),
    )

    problems = layout_problems(Layout("x", "X", 100, 1000, fields))

    assert [problem.split(":")[0] for problem in problems] == [
        "A label is between 5 and 400 mm wide and high.",
        "Field 1", "Field 2", "Field 3", "Field 4", "Field 4", "Field 4", "Field 4", "Field 5", "Field 5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, {"fields": "x"}, {"fields": [3], "width": 1, "height": 1},
        {"fields": [{"kind": "text", "x": "1", "y": 0, "w": 1, "h": 1}], "width": 50, "height": 50},
        {"fields": [{"kind": "line", "x": 1, "y": 1, "w": 9, "h": 0, "size": float("nan")}], "width": 50, "height": 50},
        {"fields": [{"kind": "line", "x": 1, "y": 1, "w": 9, "h": 0, "color": "red"}], "width": 50, "height": 50},
        {"fields": [{"kind": "line"}], "width": True, "height": 50},
    ],
)  # fmt: skip
def test_what_is_no_layout_is_refused_in_words(data: object) -> None:
    with pytest.raises(NotALayout) as caught:
        layout_from(data)

    assert caught.value.problems


def test_label_data_name_known_sources_and_are_texts() -> None:
    assert data_problems({"lot": "L1", "sscc": "1"}) == []
    assert len(data_problems({"lot": 7, "nothing": "x", "record": "composed", "dock": "x" * 5000})) == 4


@given(st.text(max_size=80), st.sampled_from([10.0, 30.0, 90.0]), st.integers(1, 4))
def test_fitted_text_stays_inside_its_place(text: str, width: float, lines: int) -> None:
    size, shown = fitted(text, width, 20.0, 5.0, lines, False)

    assert len(shown) <= lines
    assert all(breadth(line, size, False) <= width or len(line) <= 2 for line in shown)


@given(st.dictionaries(st.sampled_from(sorted(set(SAMPLES))), st.text(max_size=40)))
def test_any_data_can_be_placed_on_every_template(data: dict[str, str]) -> None:
    for name in shipped_names():
        place(shipped(name), data)


def test_control_characters_and_halves_of_characters_do_not_reach_a_label() -> None:
    known = values({"customer.name": "a\x00b\x1bc\x9fd\ud800", "contents": "one\ntwo"})

    assert known["customer.name"] == "abcd?"
    assert known["contents"] == "one\ntwo"


def test_a_code_that_is_no_sscc_makes_no_gs1_barcode() -> None:
    assert values({"sscc": "123"})["sscc.gs1"] == ""
    assert values({"sscc": "340123450000000017"})["sscc.gs1"] == "(00)340123450000000017"


def test_the_reference_lists_every_placeholder_and_template() -> None:
    page = (ROOT / "docs/reference/labels.md").read_text(encoding="utf-8")

    assert [name for name in (*SOURCES, *shipped_names()) if f"`{name}`" not in page] == []


def test_a_field_may_reach_the_edge_but_not_over_it() -> None:
    layout = Layout("x", "X", 50, 50, (Field("text", 40, 0, 10, 5, source="lot"),))

    assert layout_problems(layout) == []
    assert layout_problems(replace(layout, width=49)) == ["Field 1: It reaches over the edge of the label."]
