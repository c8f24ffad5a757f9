"""What the goods of a delivery cost by the standard cost of the day they leave."""

from collections.abc import Sequence

from milkrun.measure.money import line_amount
from milkrun.measure.quantity import to_micro
from milkrun.measure.wording import amount
from milkrun.shipping.models import DeliveryLine


def cost_of(lines: Sequence[DeliveryLine]) -> str:
    """Write the cost of lines by currency, and how many of them have none; "" where nothing has a cost."""
    sums: dict[str, int] = {}
    without = 0
    for line in lines:
        part = line.part
        if part.cost_minor is None:
            without += 1
            continue
        cost = line_amount(to_micro(line.qty), part.cost_minor, part.cost_basis)
        sums[part.cost_currency] = sums.get(part.cost_currency, 0) + cost
    if not sums:
        return ""
    text = " + ".join(amount(minor, currency) for currency, minor in sorted(sums.items()))
    return f"{text}, {without} lines without a cost" if without else text
