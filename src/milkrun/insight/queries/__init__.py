"""Reads of insight."""

from milkrun.insight.queries.alerts import AlertFilter, AlertView, alert, alerts, alerts_of, bell, open_count
from milkrun.insight.queries.rules import (
    RuleInput,
    RuleView,
    Trial,
    alert_rule,
    alert_rules,
    metric,
    metrics,
    try_rule,
)
from milkrun.insight.queries.settling import lacking_standard_rules, rules_to_settle
from milkrun.insight.queries.silence import PulseRow, pulses, unheard
from milkrun.insight.queries.stockouts import StockoutRow, stockout_export, stockouts, stockouts_differ
from milkrun.insight.queries.verify import InvariantResult, VerifyReport, verify

__all__ = [
    "AlertFilter",
    "AlertView",
    "InvariantResult",
    "PulseRow",
    "RuleInput",
    "RuleView",
    "StockoutRow",
    "Trial",
    "VerifyReport",
    "alert",
    "alert_rule",
    "alert_rules",
    "alerts",
    "alerts_of",
    "bell",
    "lacking_standard_rules",
    "metric",
    "metrics",
    "open_count",
    "pulses",
    "rules_to_settle",
    "stockout_export",
    "stockouts",
    "stockouts_differ",
    "try_rule",
    "unheard",
    "verify",
]
