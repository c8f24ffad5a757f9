"""Nothing is lost to a binary fraction: quantities, conversions, shares and amounts are exact or refused."""

import doctest
import importlib
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milkrun.measure.identifiers import check_digit, is_sscc, sscc
from milkrun.measure.money import from_minor, line_amount, minor_digits, share_of, to_minor
from milkrun.measure.quantity import (
    LARGEST_MICRO,
    MICRO,
    NotAQuantity,
    from_micro,
    round_half_even,
    split_by_largest_remainder,
    to_micro,
    trouble_with,
)
from milkrun.measure.unit import UNITS, Inconvertible, UnknownUnit, convert, unit

MICROS = st.integers(-LARGEST_MICRO, LARGEST_MICRO)
CODES = st.sampled_from(sorted(UNITS))


@pytest.mark.parametrize("name", ["identifiers", "money", "quantity", "unit", "wording"])
def test_the_examples_in_the_documentation_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"milkrun.measure.{name}"))

    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    "name", ["demand.steps.racks", "demand.steps.streams", "demand.steps.advance", "parts.queries", "gateway.folders"]
)
def test_the_examples_of_the_domain_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"milkrun.{name}"))

    assert (result.failed, result.attempted > 0) == (0, True)


@given(MICROS)
def test_micro_units_to_base_units_and_back_is_the_same_number(micro: int) -> None:
    assert to_micro(from_micro(micro)) == to_micro(str(from_micro(micro))) == micro
    assert "E" not in str(from_micro(micro))


@given(st.lists(st.integers(-(10**9), 10**9), max_size=50))
def test_sums_are_exact_in_any_order(micros: list[int]) -> None:
    assert sum(to_micro(from_micro(m)) for m in reversed(micros)) == sum(micros)


@pytest.mark.parametrize(
    "text",
    ["", " 5", "5 ", "+5", "1_000", "1,5", "1.", ".5", "1e3", "1E3", "NaN", "Infinity", "-Infinity", "٣", "５", "²",
     "0x10", "1.2345678", "1234567890123", "--1", "1.2.3", "\n5", "5\n", "1 000"],
)  # fmt: skip
def test_a_text_that_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(NotAQuantity):
        to_micro(text)


@pytest.mark.parametrize("value", [True, False, 1.5, None, b"1", Decimal("NaN"), Decimal("1e-7"), Decimal("1e13")])
def test_a_value_that_cannot_be_kept_exactly_is_refused(value: object) -> None:
    with pytest.raises(NotAQuantity):
        to_micro(value)  # type: ignore[arg-type]


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_what_is_found_no_trouble_with_can_be_kept_and_is_positive(value: Decimal) -> None:
    if not trouble_with(value):
        assert to_micro(value) > 0
    else:
        with pytest.raises((NotAQuantity, AssertionError)):
            assert to_micro(value) > 0


@given(MICROS, CODES, CODES)
def test_a_conversion_is_the_exact_result_or_the_nearest_or_refused(micro: int, source: str, target: str) -> None:
    here, there = UNITS[source], UNITS[target]
    try:
        result = convert(micro, source, target)
    except Inconvertible:
        exact = micro * here.ratio / there.ratio
        assert (
            here.dimension != there.dimension
            or abs(round(exact)) > LARGEST_MICRO
            or (here.counted and exact.denominator != 1)
        )
        return
    exact = micro * here.ratio / there.ratio
    assert here.dimension == there.dimension
    assert result == exact if here.counted else abs(result - exact) <= Fraction(1, 2)


@given(MICROS, CODES)
def test_a_unit_converts_into_itself_unchanged(micro: int, code: str) -> None:
    assert convert(micro, code, code) == micro


@given(st.integers(0, 10**9), st.integers(1, 5000), st.integers(1, 5000))
def test_boxes_convert_exactly_or_not_at_all(pieces: int, numerator: int, denominator: int) -> None:
    pack = Fraction(numerator, denominator)
    try:
        assert convert(pieces * MICRO, "BX", "PCE", pack=pack) == pieces * MICRO * pack
    except Inconvertible:
        assert (pieces * MICRO * pack).denominator != 1 or pieces * MICRO * pack > LARGEST_MICRO


def test_a_third_of_a_dozen_dozens_is_whole_and_a_third_of_a_piece_is_not() -> None:
    assert convert(1 * MICRO, "X", "PCE", pack=Fraction(144, 3)) == 48 * MICRO
    with pytest.raises(Inconvertible):
        convert(1 * MICRO, "X", "PCE", pack=Fraction(1, 3))


@pytest.mark.parametrize("code", ["", "XXX", "pce1", "PCE ; DROP"])
def test_a_code_nobody_knows_is_refused_with_the_known_ones(code: str) -> None:
    with pytest.raises(UnknownUnit, match="known are"):
        unit(code)


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(sum))
def test_a_split_whole_is_the_sum_of_its_parts_and_each_part_is_near_its_share(total: int, weights: list[int]) -> None:
    shares = split_by_largest_remainder(total, weights)

    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights))) < 1
        assert share >= 0


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, []), (1, [0, 0]), (1, [2, -1])])
def test_a_split_without_sense_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="Splitting needs"):
        split_by_largest_remainder(total, weights)


@given(st.integers(0, 10**12), st.integers(0, 10**7), st.integers(1, 10_000))
def test_a_line_s_amount_is_the_exact_product_rounded_once_half_to_even(micro: int, price: int, basis: int) -> None:
    exact = Fraction(micro * price, MICRO * basis)

    amount = line_amount(micro, price, basis)

    assert abs(amount - exact) <= Fraction(1, 2)
    assert abs(amount - exact) < Fraction(1, 2) or amount % 2 == 0


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_a_share_is_never_off_by_more_than_half_a_cent(amount: int, points: int) -> None:
    assert abs(share_of(amount, points) - Fraction(amount * points, 10_000)) <= Fraction(1, 2)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "USD", "XXX"]))
def test_money_to_minor_units_and_back_is_the_same_amount(minor: int, currency: str) -> None:
    amount = from_minor(minor, currency)

    assert to_minor(amount, currency) == minor
    assert -amount.as_tuple().exponent == minor_digits(currency)


def test_an_amount_with_more_decimals_than_its_currency_is_refused() -> None:
    for amount, currency in (("0.001", "EUR"), ("0.5", "JPY"), ("NaN", "EUR")):
        with pytest.raises(NotAQuantity):
            to_minor(Decimal(amount), currency)


@given(st.decimals(-1000, 1000, places=4))
def test_rounding_is_half_to_even(value: Decimal) -> None:
    assert round_half_even(value, 2) == round(value, 2)


@given(st.integers(0, 9), st.integers(10**6, 10**10 - 1), st.integers(0, 10**6 - 1))
def test_a_shipping_code_has_18_digits_and_every_wrong_digit_is_noticed(ext: int, prefix: int, serial: int) -> None:
    code = sscc(ext, f"{prefix:07d}", serial)

    assert is_sscc(code)
    assert check_digit(code[:-1]) == code[-1]
    for place in range(18):
        wrong = str((int(code[place]) + 1) % 10)
        assert not is_sscc(code[:place] + wrong + code[place + 1 :])
