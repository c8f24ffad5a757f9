"""Where blocks of items are worked out: in this process, in several, or on a Dask cluster. The answer is the same.

Three functions are all that is asked of a place: `put` brings data there once, `map_blocks` works blocks out, `gather`
brings the answers back in the order of the blocks. A block's answer depends on the block alone, chance included, so
neither the place nor the number of workers changes a byte.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

Work = Callable[[Any, Any], Any]
"""Takes what was put and one block."""

# How long a scheduler may take to answer.
PATIENCE = "10s"


class NoSuchCluster(Exception):
    """No cluster answers at an address."""


class Executor(Protocol):
    """A place where blocks are worked out."""

    def put(self, shared: Any) -> Any:
        """Bring data to where the work is done; hand on what is returned."""

    def map_blocks(self, work: Work, shared: Any, blocks: Sequence[Any]) -> Any:
        """Begin to work out every block; `work` stands at the top of a module."""

    def gather(self, begun: Any) -> list[Any]:
        """Return the answers in the order of the blocks."""


class Here:
    """This process."""

    def put(self, shared: Any) -> Any:
        """Return it as it is."""
        return shared

    def map_blocks(self, work: Work, shared: Any, blocks: Sequence[Any]) -> Iterable[Any]:
        """Work blocks out when they are gathered."""
        return (work(shared, block) for block in blocks)

    def gather(self, begun: Iterable[Any]) -> list[Any]:
        """Work them out."""
        return list(begun)


class Processes:
    """Several processes of this machine, started fresh: nothing of this one is in them."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    def put(self, shared: Any) -> Any:
        """Return it as it is; it travels with each block."""
        return shared

    def map_blocks(self, work: Work, shared: Any, blocks: Sequence[Any]) -> list[Any]:
        """Hand the blocks out."""
        return [self._pool.submit(work, shared, block) for block in blocks]

    def gather(self, begun: list[Any]) -> list[Any]:
        """Wait for all."""
        return [one.result() for one in begun]


class Dask:
    """An existing Dask cluster."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def put(self, shared: Any) -> Any:
        """Send it to every worker once."""
        return self._client.scatter(shared, broadcast=True, hash=False)

    def map_blocks(self, work: Work, shared: Any, blocks: Sequence[Any]) -> list[Any]:
        """Hand the blocks out."""
        # Not pure: equal blocks of two runs are two pieces of work, so that nothing stale is answered.
        return [self._client.submit(work, shared, block, pure=False) for block in blocks]

    def gather(self, begun: list[Any]) -> list[Any]:
        """Wait for all."""
        answers: list[Any] = self._client.gather(begun)
        return answers


@contextmanager
def workers(count: int = 1, dask: str | None = None) -> Any:
    """Open a place: this process, `count` processes, or the Dask cluster at an address.

    Args:
        count: processes; 1 for this one.
        dask: address of a scheduler, such as tcp://10.0.0.7:8786; it counts before `count`.

    Raises:
        NoSuchCluster: nobody answers there.
        ModuleNotFoundError: Dask is not installed.
    """
    if dask:
        yield from _on_cluster(dask)
    elif count > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            yield Processes(pool)
    else:
        yield Here()


def _on_cluster(address: str) -> Iterable[Dask]:
    from distributed import Client

    connect: Any = Client
    try:
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise NoSuchCluster(f"No Dask scheduler answers at {address}: {error}") from error
    with client:
        yield Dask(client)
