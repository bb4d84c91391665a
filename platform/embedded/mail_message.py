"""Reads a stored message for display. Malformed messages do not raise."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from functools import cached_property
from pathlib import Path
from typing import cast


@dataclass(frozen=True)
class Attachment:
    """A part that can only be downloaded."""

    name: str
    content_type: str
    content: bytes


class StoredMessage:
    """The message in `file`."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @cached_property
    def _parsed(self) -> EmailMessage:
        return message_from_bytes(self.file.read_bytes(), policy=modern)

    @property
    def received(self) -> datetime:
        """When it was received, in UTC."""
        return datetime.strptime(self.file.name.split("-")[0], "%Y%m%dT%H%M%S.%f%z")

    def header(self, name: str) -> str:
        """All values of the header, comma-separated; empty if it is absent or malformed."""
        try:
            return ", ".join(str(value) for value in self._parsed.get_all(name, []))
        except (ValueError, IndexError, LookupError, TypeError, AttributeError):
            return ""  # the standard library's parser fails on some malformed headers

    @property
    def text(self) -> str:
        """The plain text, empty if the message has none."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The HTML, empty if the message has none."""
        return self._body("html")

    @cached_property
    def attachments(self) -> list[Attachment]:
        """Every part except the text and the HTML, for example calendar invitations."""
        parts = [part for part in self._parsed.walk() if not part.is_multipart()]
        return [
            Attachment(
                name=part.get_filename() or f"part-{number}.{part.get_content_subtype()}",
                content_type=part.get_content_type(),
                content=cast("bytes | None", part.get_payload(decode=True)) or b"",
            )
            for number, part in enumerate(parts, start=1)
            if part.get_filename()
            or part.is_attachment()
            or part.get_content_maintype() != "text"
            or part.get_content_subtype() not in {"plain", "html"}
        ]

    def _body(self, subtype: str) -> str:
        part = self._parsed.get_body(preferencelist=(subtype,))
        if part is None:
            return ""
        content = cast("bytes | None", part.get_payload(decode=True)) or b""
        try:
            return content.decode(part.get_content_charset("utf-8"), errors="replace")
        except LookupError:  # unknown character set
            return content.decode(errors="replace")
