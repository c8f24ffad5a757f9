"""Model fields that keep quantities exact."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable

from milkrun.measure.quantity import NotAQuantity, from_micro, to_micro


class QuantityField(models.BigIntegerField):  # type: ignore[type-arg]
    """A quantity: a Decimal of base units in Python, a 64-bit integer of micro-units in the database.

    Never a DecimalField: SQLite keeps those as 8-byte floats, and then 0.3 - 0.1 - 0.1 - 0.1 is below zero.
    """

    if TYPE_CHECKING:
        _pyi_private_set_type: Decimal | int | str | Combinable  # type: ignore[assignment]
        _pyi_private_get_type: Decimal  # type: ignore[assignment]
        _pyi_lookup_exact_type: Decimal | int | str  # type: ignore[assignment]

    description = "Exact quantity in micro-units"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        """Turn the stored micro-units into base units."""
        return None if value is None else from_micro(value)

    def to_python(self, value: Any) -> Decimal | None:
        """Accept a Decimal, an int or plain text of base units."""
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return from_micro(to_micro(value))
        except NotAQuantity as problem:
            raise ValidationError(str(problem)) from problem

    def get_prep_value(self, value: Any) -> Any:
        """Turn base units into micro-units for the database; expressions pass through."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return to_micro(value)
