"""A mail server that behaves badly when asked to."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

WELL = "takes everything"
HANGS = "accepts the connection and never says a word"
REFUSES = "refuses for now"
DROPS = "takes the message and hangs up before it says so"


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a port of its own and keeps what it took; `mood` may change at any time."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mood = WELL
        self.taken: list[str] = []
        self.connections = 0
        self.ends = threading.Event()

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        if self.server.mood == HANGS:
            self.server.ends.wait()
            return
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.upper().split()[0]
            if word == "QUIT":
                self._say("221 bye")
                return
            if word == "RCPT" and self.server.mood == REFUSES:
                self._say("450 later, please")
            elif word == "DATA":
                self._say("354 go on")
                self.server.taken.append(self._message())
                if self.server.mood == DROPS:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self._say("250 taken")
            else:
                self._say("250 fine")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _message(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        return "\n".join(lines)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server as long as the block lasts."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.ends.set()
        server.shutdown()
