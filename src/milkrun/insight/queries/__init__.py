"""Reads of insight."""

from milkrun.insight.queries.verify import InvariantResult, VerifyReport, verify

__all__ = ["InvariantResult", "VerifyReport", "verify"]
