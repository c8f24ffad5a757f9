"""Reads of insight."""

from milkrun.insight.queries.alerts import AlertFilter, AlertView, alert, alerts, alerts_of, bell, open_count
from milkrun.insight.queries.availability import HORIZONS, AvailabilityRow, stock_availability
from milkrun.insight.queries.coverage import DAYS as COVER_DAYS
from milkrun.insight.queries.coverage import CoverageRow, coverage
from milkrun.insight.queries.deviation import BEFORE, DeviationRow, demand_deviation, week_days
from milkrun.insight.queries.moving import MoveRow, moving, zones
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
    "BEFORE",
    "COVER_DAYS",
    "HORIZONS",
    "AlertFilter",
    "AlertView",
    "AvailabilityRow",
    "CoverageRow",
    "DeviationRow",
    "InvariantResult",
    "MoveRow",
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
    "coverage",
    "demand_deviation",
    "lacking_standard_rules",
    "metric",
    "metrics",
    "moving",
    "open_count",
    "pulses",
    "rules_to_settle",
    "stock_availability",
    "stockout_export",
    "stockouts",
    "stockouts_differ",
    "try_rule",
    "unheard",
    "verify",
    "week_days",
    "zones",
]
