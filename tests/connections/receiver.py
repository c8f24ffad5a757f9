"""Another company's web server for tests: keeps what it is sent and answers as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOST = 0


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came, and what is answered: the next of `answers`, 204 once there are none.

    An answer is a status; LOST takes the request and closes the connection without one; a text is a redirect to there;
    an event is waited for before the answer, at most some seconds.
    """

    url: str = ""
    answers: list[int | str | threading.Event] = field(default_factory=list)
    came: list[Received] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Serve on a free port of this machine."""
    known = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.came.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            answer = known.answers.pop(0) if known.answers else 204
            if answer == LOST:
                self.connection.close()
                return
            if isinstance(answer, threading.Event):
                answer.wait(15)
                answer = 204
            self.send_response(302 if isinstance(answer, str) else answer)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    known.url = f"http://127.0.0.1:{server.server_port}/hooks"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
