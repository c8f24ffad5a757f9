"""Document numbers have no gaps, whatever is rolled back."""

import random

import pytest
from django.db import transaction

from milkrun.kernel import numbering
from milkrun.kernel.models import Series

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Rolls a transaction back."""


def test_numbers_follow_each_other_although_some_transactions_are_undone() -> None:
    dice, taken = random.Random(7), []

    for _ in range(200):
        try:
            with transaction.atomic():
                number = numbering.take("invoice")
                if dice.random() < 0.3:
                    raise Undone
                taken.append(number)
        except Undone:
            continue

    assert taken == list(range(1, len(taken) + 1))


def test_several_numbers_are_taken_at_once_and_series_do_not_meet() -> None:
    first = [numbering.take("a", 5), numbering.take("b"), numbering.take("a", 2), numbering.take("a")]

    assert first == [1, 1, 6, 8]
    assert dict(Series.objects.values_list("name", "last")) == {"a": 8, "b": 1}
