"""A mail server that kills its client once, at a chosen point of the SMTP conversation."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from enum import Enum, auto

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded.ports import free_port


class Moment(Enum):
    """The point at which the client is killed."""

    CONNECTED = auto()
    """The client has connected and started to send; nothing is received yet."""
    HANDED_OVER = auto()
    """The whole message has arrived, and the server rejects it."""
    KEPT = auto()
    """The server has stored the message, and the client gets no confirmation."""


class KillingServer:
    """Counts stored messages by Message-ID, and kills the client at `moment`."""

    def __init__(self, kill: Callable[[], None]) -> None:
        self.kill = kill
        self.moment: Moment | None = None
        self.kept: Counter[str] = Counter()

    def is_done(self) -> bool:
        """Whether the client has been killed."""
        return self.moment is None

    def _kill_if_at(self, moment: Moment) -> bool:
        if self.moment != moment:
            return False
        self.kill()
        self.moment = None
        return True

    async def handle_MAIL(  # noqa: N802 aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Handle the sender of a message."""
        self._kill_if_at(Moment.CONNECTED)
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's
        """Handle the content of a message."""
        if self._kill_if_at(Moment.HANDED_OVER):
            return "451 Not kept"
        content = envelope.content
        assert isinstance(content, bytes)
        self.kept[message_from_bytes(content)["Message-ID"]] += 1
        self._kill_if_at(Moment.KEPT)
        return "250 Kept"


@contextmanager
def serving(server: KillingServer) -> Iterator[int]:
    """Run the server on this machine; yield its port."""
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
