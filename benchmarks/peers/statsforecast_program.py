"""Answers cross-validations by statsforecast, in an environment of its own: one JSON line in, one out."""

import json
import sys
from math import sqrt

import numpy as np
import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import (
    ADIDA,
    IMAPA,
    TSB,
    CrostonSBA,
    SimpleExponentialSmoothing,
    SimpleExponentialSmoothingOptimized,
)

MODELS = {
    "SES 0.1": lambda: SimpleExponentialSmoothing(0.1),
    "SES optimised": SimpleExponentialSmoothingOptimized,
    "SBA": CrostonSBA,
    "TSB": lambda: TSB(0.1, 0.1),
    "ADIDA": ADIDA,
    "IMAPA": IMAPA,
}

for line in sys.stdin:
    task = json.loads(line)
    answer = {}
    if task:
        demand = np.load(task["file"])
        items, periods = demand.shape
        table = pd.DataFrame({
            "unique_id": np.repeat(np.arange(items), periods),
            "ds": np.tile(np.arange(periods), items),
            "y": demand.ravel(),
        })  # fmt: skip
        model = MODELS[task["model"]]()
        seen = StatsForecast([model], freq=1, n_jobs=1).cross_validation(
            df=table, h=1, step_size=1, n_windows=task["windows"]
        )
        named = next(name for name in seen.columns if name not in ("unique_id", "ds", "cutoff", "y"))
        error = (seen[named] - seen["y"]).to_numpy()
        answer = {"rmse": sqrt(float((error**2).mean())), "forecasts": len(error)}
    print(json.dumps(answer), flush=True)
