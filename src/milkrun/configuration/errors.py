"""What the configuration refuses, with codes."""

from milkrun.kernel.errors import Conflict, Invalid, NotFound


class WordNotPossible(Invalid):
    """The word cannot stand for this state."""

    code = "word_not_possible"


class FieldNotPossible(Invalid):
    """The extra field cannot be made like this; every problem is listed."""

    code = "field_not_possible"


class FieldTaken(Conflict):
    """Another extra field of this noun has this key with another kind."""

    code = "field_taken"


class UnknownField(NotFound):
    """There is no such extra field."""

    code = "unknown_field"


class ValueNotPossible(Invalid):
    """A value does not fit its field; every problem is listed."""

    code = "value_not_possible"


class NumberFormatNotPossible(Invalid):
    """Numbers cannot be written like this."""

    code = "number_format_not_possible"


class UnknownStep(Invalid):
    """There is no such automatic step."""

    code = "unknown_automatic_step"
