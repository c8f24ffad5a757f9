"""A mail server to hand messages to: speaks SMTP on a local port, keeps what it took, refuses what it is told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """What the server took, and what it answers instead of taking.

    Args:
        port: where it listens.
        refuses: recipient -> answer, such as "550 5.1.1 No such user".
        silent_after_data: takes a message and hangs up without an answer, so many times.
    """

    port: int = 0
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    silent_after_data: int = 0

    @property
    def settings(self) -> dict[str, object]:
        """Return what MILKRUN_SMTP_URL would give."""
        return {"host": "127.0.0.1", "port": self.port, "security": "", "user": "", "password": ""}


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server while the block runs."""
    state = MailServer()

    class Line(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 test")
            to = ""
            while line := self.rfile.readline():
                word = line.split()[0].upper() if line.split() else b""
                if word == b"RCPT":
                    to = line.decode().partition("<")[2].partition(">")[0]
                    self.say(state.refuses.get(to, "250 ok"))
                elif word == b"DATA":
                    self.say("354 go on")
                    state.taken.append((to, self._data()))
                    if state.silent_after_data:
                        state.silent_after_data -= 1
                        return
                    self.say("250 taken")
                elif word == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def _data(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line[1:] if line.startswith(b"..") else line)
            return b"".join(lines)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line) as server:
        server.daemon_threads = True
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield state
        server.shutdown()
        thread.join()
