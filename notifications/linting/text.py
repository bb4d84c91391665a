"""The input and the output of the linter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from html.parser import HTMLParser

from django.utils.functional import Promise

URL = re.compile(r"\bhttps?://[^\s<>\"']+", re.IGNORECASE)


class Severity(StrEnum):
    """Whether a finding prevents a clinic from saving a wording."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should be changed in a text."""

    rule: str
    """The name of the rule, such as `health_word`."""
    severity: Severity
    message: str | Promise
    """What is wrong and what to do, for clinic staff."""
    excerpt: str = ""
    """The words that it is about."""


@dataclass(frozen=True)
class MessageText:
    """A rendered message, and what the linter has to know about it."""

    channel: str
    """`email` or `sms`."""
    text: str
    subject: str = ""
    html: str = ""
    language: str = "en"
    """Rules about English words apply to English texts only."""
    clinic: str = ""
    """The clinic's name, which has to be in the message."""
    zones: tuple[str, ...] = ()
    """The names of time zones of which one stands beside each time, such as “London time”."""
    names: tuple[str, ...] = ()
    """Names and addresses in the message. Rules about words do not apply to them."""
    private_words: tuple[str, ...] = ()
    """What may be about health at this clinic, such as the names of its visit types."""
    personal: tuple[str, ...] = ()
    """Personal data of the recipient and patient: names, email address, telephone number, date of birth."""
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Parts that have to be in the message: for each its name and texts, of which one has to be there."""

    @property
    def is_sms(self) -> bool:
        """Whether it is a text message."""
        return self.channel == "sms"

    @cached_property
    def document(self) -> "HtmlText":
        """The HTML part as text with its links."""
        return HtmlText.parse(self.html)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The addresses of all links, each once."""
        found = [match.rstrip(".,;:!?)") for match in URL.findall(f"{self.subject}\n{self.text}")]
        return tuple(dict.fromkeys([*found, *(link.address for link in self.document.links)]))

    @cached_property
    def prose(self) -> str:
        """The subject and the text without links, and without the names in `names`."""
        return self.without_names(URL.sub(" ", f"{self.subject}\n\n{self.text}"))

    def without_names(self, text: str) -> str:
        """Return `text` with each name replaced by “Name”."""
        for name in sorted({self.clinic, *self.names} - {""}, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "Name", text)
        return text

    def paragraphs(self) -> list[str]:
        """Return the paragraphs of the text that are prose: without links and lists of details."""
        blocks = re.split(r"\n\s*\n", self.without_names(self.text))
        prose = (URL.sub("", block).strip() for block in blocks)
        return [block for block in prose if block and not _is_list_of_details(block)]


def _is_list_of_details(block: str) -> bool:
    """Return whether most lines of a block are short labels with a value, as in “When: Monday …”."""
    lines = block.splitlines()
    labelled = [line for line in lines if re.match(r"\w[\w ]{0,14}: \S", line)]
    return len(labelled) * 2 > len(lines) or len(block.split()) == 1


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an HTML document."""

    address: str
    words: str
    is_button: bool


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The text of an HTML document, one line for each block, and its links."""

    text: str
    links: tuple[Link, ...]
    images_without_text: int

    @classmethod
    def parse(cls, html: str) -> "HtmlText":
        """Return the text and the links of a document."""
        parser = _Parser()
        parser.feed(html)
        parser.close()
        text = re.sub(r"[ \t]+", " ", "".join(parser.parts))
        return cls(text=text, links=tuple(parser.links), images_without_text=parser.images_without_text)


class _Parser(HTMLParser):
    """Collects text and links."""

    BLOCKS = frozenset({"p", "br", "div", "td", "tr", "li", "h1", "h2", "h3", "title", "table"})
    HIDDEN = frozenset({"style", "script", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[Link] = []
        self.images_without_text = 0
        self._link: tuple[str, bool, int] | None = None
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a link or a hidden element."""
        values = {name: value or "" for name, value in attrs}
        if tag in self.BLOCKS:
            self.parts.append("\n")
        if tag in self.HIDDEN:
            self._hidden += 1
        if tag == "img" and not any(name == "alt" for name, _value in attrs):
            self.images_without_text += 1
        if tag == "a":
            is_button = "background" in values.get("style", "") or "button" in values.get("class", "")
            self._link = (values.get("href", ""), is_button, len(self.parts))

    def handle_endtag(self, tag: str) -> None:
        """End a line, a link or a hidden element."""
        if tag in self.BLOCKS:
            self.parts.append("\n")
        if tag in self.HIDDEN:
            self._hidden -= 1
        if tag == "a" and self._link:
            address, is_button, start = self._link
            words = " ".join("".join(self.parts[start:]).split())
            self.links.append(Link(address, words, is_button))
            self._link = None

    def handle_data(self, data: str) -> None:
        """Collect text. Line ends in the source are spaces."""
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))
