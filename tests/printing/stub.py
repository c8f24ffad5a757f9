"""Printers that misbehave: small TCP servers, each with a habit of its own."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Printer:
    """A server on a free port; `got` holds what each connection brought."""

    def __init__(self, habit: Callable[[socket.socket, "Printer"], None]) -> None:
        self.got: list[bytes] = []
        self._habit = habit
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line:
                self._habit(line, self)

    def wait(self) -> None:
        """Be busy until the test ends."""
        self._done.wait(30)

    def close(self) -> None:
        """Switch it off."""
        self._done.set()
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)


def good(line: socket.socket, printer: Printer) -> None:
    """Take everything, then close the line."""
    taken = b""
    while piece := line.recv(65536):
        taken += piece
    printer.got.append(taken)


def hangs(line: socket.socket, printer: Printer) -> None:
    """Accept, and then do nothing at all."""
    printer.wait()


def breaks_off_after(count: int) -> Callable[[socket.socket, Printer], None]:
    """Read so many bytes, then reset the line."""

    def habit(line: socket.socket, printer: Printer) -> None:
        taken = b""
        while len(taken) < count and (piece := line.recv(count - len(taken))):
            taken += piece
        printer.got.append(taken)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return habit


@contextmanager
def printer_that(habit: Callable[[socket.socket, Printer], None]) -> Iterator[Printer]:
    """Run a printer for a while."""
    printer = Printer(habit)
    try:
        yield printer
    finally:
        printer.close()


def refusing_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
