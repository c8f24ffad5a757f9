"""The names of the pool's models, in the order of the kernel."""

from milkrun.engine.forecasts import kernel

NAMES: tuple[str, ...] = (
    *(f"SES {alpha:g}" for alpha in kernel.SES),
    *(f"mean of {width}" for width in kernel.WINDOWS),
    *(f"SBA {alpha:g}" for alpha in kernel.RARE),
    *(f"TSB {alpha:g}" for alpha in kernel.RARE),
    "none",
    "last season",
    *(f"season x SES {alpha:g}" for alpha in kernel.SEASONED),
    *(
        f"damped trend {level:g}/{trend:g}"
        for level, trend in zip(kernel.DAMPED_LEVEL, kernel.DAMPED_TREND, strict=True)
    ),
    *(f"Theta {alpha:g}" for alpha in kernel.THETA),
    "line",
)
