"""Rules about what has to be in a message, and what must not be in it."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from notifications.linting.text import Finding, MessageText, Severity
from notifications.linting.words import ASKED_FOR, HEALTH, NEUTRAL, find_words

_ERROR = Severity.ERROR
_ASKING = re.compile(r"\b(?:reply|send|text|email|tell|provide|give|enter|confirm)\b", re.IGNORECASE)

PARTS = {
    "day": _("the day"),
    "time": _("the time"),
    "zone": _("the time zone"),
    "place": _("the place, or how a remote appointment takes place"),
    "how_to_cancel": _("how to cancel"),
    "clinic": _("the clinic's name"),
}


def _required(message: MessageText) -> Iterator[Finding]:
    document = message.document
    linked = " ".join([document.text, *(link.address for link in document.links)])
    parts = (message.text, linked) if message.html else (message.text,)
    for name, values in {**message.required, "clinic": (message.clinic,)}.items():
        wanted = [" ".join(value.split()) for value in values if value]
        for part in parts if wanted else ():
            words = " ".join(f"{message.subject} {part}".split())
            if not any(value in words for value in wanted):
                text = _("Something is missing: %(part)s.") % {"part": PARTS.get(name, name)}
                yield Finding(f"{name}_missing", _ERROR, text)


def _health_words(message: MessageText) -> Iterator[Finding]:
    seen_by_others = message.text if message.is_sms else message.subject
    shown = message.without_names(seen_by_others)
    english = HEALTH if message.language.startswith("en") else ()
    private = (word for word in message.private_words if word.lower() not in NEUTRAL)
    for found in find_words(shown, [*private, *english]):
        where = _("a text message") if message.is_sms else _("a subject")
        text = _("“%(word)s” may be about health. Other people can see %(where)s, so leave it out.")
        yield Finding("health_word", _ERROR, text % {"word": found, "where": where}, found)


def _asks_for_data(message: MessageText) -> Iterator[Finding]:
    for sentence in re.split(r"(?<=[.!?])\s+|\n", message.prose):
        for found in find_words(sentence, ASKED_FOR) if _ASKING.search(sentence) else ():
            if found != "password" or "reply" in sentence.lower():
                text = _("Do not ask for personal data in a reply: %(found)s")
                yield Finding("asks_for_data", _ERROR, text % {"found": found}, found)


CONTENT_RULES = (_required, _health_words, _asks_for_data)
