"""`python -m milkrun.engine.warming`: compile the loops once, so that the first analysis does not wait for it.

What is compiled is kept beside the source or, where the installation may not be written, in the user's cache folder.
It holds for this kind of processor and these versions; a changed file is compiled anew when it is next used.
"""

import numpy as np


def warm() -> None:
    """Call every loop with the types it is called with later."""
    from milkrun.engine.forecasts.pool import Series, forecast
    from milkrun.engine.simulate.proof import Terms, prove_step
    from milkrun.engine.simulate.twin import History

    demand, none = np.arange(1.0, 61.0)[None, :] % 7 + 5, np.zeros(1)
    history = History(("warm",), demand, np.zeros(1, np.int64), ([1.0],), none, none, np.full(1, np.nan))
    prove_step(history, Terms(scenarios=1, seasons=()), 40)
    whole = np.full(1, 60)
    forecast(Series(demand, np.zeros(1, np.int64), whole, np.ones(1, np.int64), np.zeros(1, np.int64)))


if __name__ == "__main__":
    warm()
