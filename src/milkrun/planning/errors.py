"""What planning refuses, with codes."""

from milkrun.kernel.errors import Invalid


class PolicyNotUnderstood(Invalid):
    """A policy lacks something or contradicts itself; every problem is named."""

    code = "policy_not_understood"
