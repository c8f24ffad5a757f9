"""What insight refuses, with codes."""

from milkrun.kernel.errors import Invalid, Refused


class RuleNotUnderstood(Invalid):
    """A rule lacks something or watches what does not exist; every problem is named."""

    code = "rule_not_understood"


class AlertClosed(Refused):
    """The alert has closed by itself in the meantime."""

    code = "alert_closed"
