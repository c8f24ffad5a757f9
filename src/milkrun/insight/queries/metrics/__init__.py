"""The figures that rules can watch: a literal registry, a file for each area."""

from milkrun.insight.queries.metrics.calls import CALL_METRICS
from milkrun.insight.queries.metrics.connected import CONNECTION_METRICS
from milkrun.insight.queries.metrics.exchanged import EXCHANGE_METRICS
from milkrun.insight.queries.metrics.kept import KEPT_METRICS
from milkrun.insight.queries.metrics.made import PRODUCTION_METRICS
from milkrun.insight.queries.metrics.metric import MOST, Comparison, Finding, Metric, Standard, Wanted
from milkrun.insight.queries.metrics.printed import PRINT_METRICS
from milkrun.insight.queries.metrics.sequence import FLOW_METRICS
from milkrun.insight.queries.metrics.stocked import STOCK_METRICS
from milkrun.kernel.plugins import points

METRICS: tuple[Metric, ...] = (
    *CALL_METRICS,
    *FLOW_METRICS,
    *PRODUCTION_METRICS,
    *EXCHANGE_METRICS,
    *CONNECTION_METRICS,
    *points().metrics,
    *STOCK_METRICS,
    *PRINT_METRICS,
    *KEPT_METRICS,
)
BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}

__all__ = ["BY_NAME", "METRICS", "MOST", "Comparison", "Finding", "Metric", "Standard", "Wanted"]
