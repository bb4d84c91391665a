"""A mail server with chosen answers and delays. It counts the messages that it has stored by Message-ID."""

import socketserver
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from threading import Thread
from typing import Any

OK = {"EHLO": "250 OK", "MAIL": "250 OK", "RCPT": "250 OK", "DATA": "354 Go on", "": "250 Stored"}
"""The answers by command. The empty command is the end of a message."""


class SmtpServer(socketserver.ThreadingTCPServer):
    """Answers as its attributes say, which a test may change at any time."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        """Other answers than those in `OK`."""
        self.seconds = 0.0
        """How long it waits before each answer."""
        self.drops_before, self.drops_after = "-", "-"
        """The command at which it closes the connection, before or after its answer."""
        self.stored: Counter[str] = Counter()
        self.connections = 0
        super().__init__(("127.0.0.1", 0), _Conversation)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self.server.connections += 1
        if not self._answer("220 Ready"):
            return
        while line := self.rfile.readline():
            command = line[:4].decode().upper().strip()
            if command in ("QUIT", "RSET"):
                answer = "250 OK"
            else:
                answer = self.server.answers.get(command, OK.get(command, "250 OK"))
            if not self._answer(answer, command):
                return
            if answer.startswith("354") and not self._receive():
                return

    def _receive(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        answer = self.server.answers.get("", OK[""])
        if answer.startswith("2"):
            self.server.stored[message_from_bytes(b"".join(lines))["Message-ID"]] += 1
        return self._answer(answer, "")

    def _answer(self, answer: str, command: str = "220") -> bool:
        """Answer a command. Return whether the connection stays open."""
        time.sleep(self.server.seconds)
        if command == self.server.drops_before:
            return False
        try:
            self.wfile.write(f"{answer}\r\n".encode())
        except OSError:
            return False
        return bool(command != self.server.drops_after)


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    """Run a mail server on this machine."""
    with SmtpServer() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
