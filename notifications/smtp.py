"""Django's SMTP backend with a deadline for a whole delivery instead of one for each read.

A server that answers each command just within a timeout, or sends single bytes, could otherwise keep a
worker for longer than its claim on the message lasts. Another worker would then send the message again.
"""

import io
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from typing import Any

from django.core.mail.backends import smtp
from django.core.mail.message import EmailMessage

CONNECT_SECONDS = SEND_SECONDS = 45
"""The time to connect and sign in, and the time for a message. The claim on a job lasts longer than each."""
_QUIT_SECONDS = 2
_CHUNK = 16_384


class _Reader(io.RawIOBase):
    """Reads from the connection's socket until the deadline."""

    def __init__(self, connection: "_Deadline") -> None:
        self.connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.connection.socket_until_deadline().recv_into(buffer)


class _Deadline(smtplib.SMTP):
    """An SMTP connection on which every read and write ends at `deadline` (monotonic clock)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.deadline = time.monotonic() + CONNECT_SECONDS
        self.handed_over = False
        super().__init__(*args, **kwargs)

    def socket_until_deadline(self) -> socket.socket:
        """Return the socket, with the time that is left as its timeout.

        :raises TimeoutError: no time is left
        """
        assert self.sock is not None  # noqa: S101  smtplib has connected it
        self.sock.settimeout(self._seconds_left())
        return self.sock

    def _seconds_left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail server was too slow")
        return left

    def _get_socket(self, host: str, port: int, timeout: Any) -> Any:
        """Connect to the first address that answers. Without a name server's answer there is no deadline."""
        del timeout
        errors: list[OSError] = []
        for *_kind, (name, number, *_rest) in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                return socket.create_connection(
                    (str(name), int(number)), self._seconds_left(), self.source_address
                )
            except OSError as error:
                errors.append(error)
        raise errors[0] if errors else OSError("the mail server's name has no address")

    def getreply(self) -> tuple[int, bytes]:
        """Read a reply. A line may arrive byte by byte, so each read has to know the deadline."""
        if self.file is None:
            self.file = io.BufferedReader(_Reader(self))
        return super().getreply()

    def send(self, s: Any) -> None:
        """Send a command or message in pieces, each until the deadline."""
        content = s.encode(self.command_encoding) if isinstance(s, str) else s
        for start in range(0, len(content), _CHUNK):
            try:
                if self.sock:
                    self.socket_until_deadline()
            except TimeoutError:
                self.close()
                raise
            super().send(content[start : start + _CHUNK])

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the content, and remember that the server may have it from now on."""
        self.handed_over = True
        return super().data(msg)

    def starttls(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Encrypt the connection. The handshake ends at the deadline."""
        self.socket_until_deadline()
        return super().starttls(*args, **kwargs)


class _DeadlineSSL(_Deadline, smtplib.SMTP_SSL):
    """The same, encrypted from the start."""

    def _get_socket(self, host: str, port: int, timeout: Any) -> Any:
        plain = super()._get_socket(host, port, timeout)
        plain.settimeout(self._seconds_left())
        return self.context.wrap_socket(plain, server_hostname=host)


class EmailBackend(smtp.EmailBackend):
    """Sends emails over SMTP. Connecting and each message have a deadline of 45 seconds.

    Use it as Django's: an open connection is used for several messages.
    """

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The class of the connection."""
        return _DeadlineSSL if self.use_ssl else _Deadline

    @property
    def is_open(self) -> bool:
        """Whether there is a connection that the server has not closed, as far as is known."""
        return self.connection is not None and self.connection.sock is not None

    @property
    def has_handed_over(self) -> bool:
        """Whether the server may have the last message, although it did not confirm it."""
        return not isinstance(self.connection, _Deadline) or self.connection.handed_over

    def open(self) -> bool | None:
        """Connect, greet the server and sign in.

        The library would greet it with the first message, and that message would have less time.

        :raises OSError: the server cannot be reached or refuses the sign-in
        """
        opened = super().open()
        if opened and self.connection is not None:
            try:
                self.connection.ehlo_or_helo_if_needed()
            except OSError:
                self.close()
                raise
        return opened

    def _send(self, email_message: EmailMessage) -> bool:
        if isinstance(self.connection, _Deadline):
            self.connection.deadline = time.monotonic() + SEND_SECONDS
            self.connection.handed_over = False
        return bool(super()._send(email_message))  # type: ignore[misc]  # a private method of Django's

    def _close_connection(self, connection: Any) -> None:
        """End the connection politely, but do not wait for the server, and never fail."""
        connection.deadline = time.monotonic() + _QUIT_SECONDS
        with suppress(OSError, ssl.SSLError):
            connection.quit()
        connection.close()
