"""The task that brings waiting labels to their printers."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from milkrun.gateway.printing import print_due
from milkrun.kernel.identity import Actor

LOG = logging.getLogger("milkrun.worker")


def print_labels(at: datetime) -> Mapping[str, Any]:
    """Print what waits; one printer's trouble is not another's, and stands at its labels."""
    printed = print_due(actor=Actor("worker", "worker"), at=at)
    if printed:
        LOG.info("labels printed", extra={"labels": printed})
    return {}
