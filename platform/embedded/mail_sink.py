"""A mail server for development: stores every message as a file, shows them on a web page, delivers nothing.

Run as: python -m embedded.mail_sink FOLDER SMTP_PORT WEB_PORT. Both ports listen on 127.0.0.1 only.
"""

import itertools
import sys
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded import programs
from embedded.mail_web import handler_for
from embedded.ports import is_free
from embedded.programs import Program, Running

_REPLY = "250 Stored"


class StoreMessages:
    """Writes each message to `folder`, in a file whose name sorts by the time it was received."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd calls this name
        """Store the message, with its envelope as additional headers, which also name Bcc recipients."""
        received = datetime.now(UTC)
        name = f"{received:%Y%m%dT%H%M%S.%f}Z-{next(self._numbers):06}.eml"
        envelope_headers = f"Return-Path: <{envelope.mail_from}>\r\n"
        envelope_headers += "".join(f"Delivered-To: {recipient}\r\n" for recipient in envelope.rcpt_tos)
        unfinished = self.folder / f".{name}"
        unfinished.write_bytes(envelope_headers.encode() + (envelope.original_content or b""))
        unfinished.rename(self.folder / name)
        return _REPLY


def program(*, folder: Path, smtp_port: int, web_port: int) -> Program:
    """Return the mail server as a program to start."""
    return Program(
        name="mail",
        argv=(sys.executable, "-m", "embedded.mail_sink", str(folder), str(smtp_port), str(web_port)),
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
    )


def wait_until_ready(running: Running, *, smtp_port: int, web_port: int, log: Path) -> None:
    """Wait until both ports answer.

    :raises SetupError: the server ended, or did not answer in time
    """

    def both_answer() -> bool:
        return not is_free(smtp_port) and not is_free(web_port)

    programs.wait_until_ready(running, both_answer, title="the mail server", log=log)


def main(folder: Path, smtp_port: int, web_port: int) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    Controller(StoreMessages(folder), hostname="127.0.0.1", port=smtp_port, enable_SMTPUTF8=True).start()
    ThreadingHTTPServer(("127.0.0.1", web_port), handler_for(folder)).serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
