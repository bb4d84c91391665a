"""A mail server that kills its client at a chosen moment of the conversation, once."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from enum import Enum, auto

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded.ports import free_port


class Moment(Enum):
    """When the client dies."""

    CONNECTED = auto()
    """The message has its line and its sender has begun; nothing is handed over."""
    HANDED_OVER = auto()
    """The whole message has arrived, and the server does not keep it."""
    KEPT = auto()
    """The server keeps it, and the client never hears of that."""


class KillingServer:
    """Counts what it keeps by Message-ID; kills when told to."""

    def __init__(self, kill: Callable[[], None]) -> None:
        self.kill = kill
        self.moment: Moment | None = None
        self.kept: Counter[str] = Counter()

    def is_done(self) -> bool:
        """Whether it has killed as it was told."""
        return self.moment is None

    def _now(self, moment: Moment) -> bool:
        if self.moment != moment:
            return False
        self.kill()
        self.moment = None
        return True

    async def handle_MAIL(  # noqa: N802 aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The sender of a message."""
        self._now(Moment.CONNECTED)
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's
        """The message itself."""
        if self._now(Moment.HANDED_OVER):
            return "451 Not kept"
        content = envelope.content
        assert isinstance(content, bytes)
        self.kept[message_from_bytes(content)["Message-ID"]] += 1
        self._now(Moment.KEPT)
        return "250 Kept"


@contextmanager
def serving(server: KillingServer) -> Iterator[int]:
    """Serve on this machine; gives the port."""
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
