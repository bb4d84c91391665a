"""Rules about English words and sentences."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from notifications.linting.readability import reading_age, sentences, words
from notifications.linting.rules_form import SHOUTING
from notifications.linting.text import Finding, MessageText, Severity
from notifications.linting.words import (
    ABBREVIATIONS,
    ACTIONS,
    BLAMING,
    HARD_WORDS,
    IMPERSONAL_GREETINGS,
    KNOWN_CAPITALS,
    SPAM,
    find_words,
)

_ERROR, _ADVICE = Severity.ERROR, Severity.ADVICE
_GREETING = re.compile(
    r"^\s*(?:hello|hi|hey|dear|good (?:morning|afternoon|evening))\b", re.IGNORECASE | re.MULTILINE
)
_CAPITALS = re.compile(r"(?<![\w@&.-])(?:[A-Z]{2,5}|[A-Z]&[A-Z]|(?:[A-Z]\.){2,})(?![\w@-])")
_DOUBLED = re.compile(r"\b(\w+)\s+\1\b", re.IGNORECASE)
_READING_AGE, _HIGHEST_AGE = 12, 15
_SENTENCE_LENGTH, _LONGEST_SENTENCE = 25, 35
_MAX_ACTIONS = 2


def _greeting(message: MessageText) -> Iterator[Finding]:
    greetings = _GREETING.findall(message.text)
    if len(greetings) > 1:
        yield Finding(
            "double_greeting", _ERROR, _("The message greets the reader twice."), greetings[1].strip()
        )
    for found in find_words(message.prose, IMPERSONAL_GREETINGS):
        text = _("Use the reader's name, or only “Hello”: not “%(found)s”.")
        yield Finding("impersonal_greeting", _ADVICE, text % {"found": found}, found)


def _abbreviations(message: MessageText) -> Iterator[Finding]:
    text = _("Not everybody knows this abbreviation. Write it out: %(found)s")
    prose = SHOUTING.sub(" ", message.prose)
    capitals = (found for found in _CAPITALS.findall(prose) if found.rstrip(".") not in KNOWN_CAPITALS)
    for found in dict.fromkeys((*capitals, *find_words(message.prose, ABBREVIATIONS))):
        yield Finding("abbreviation", _ERROR, text % {"found": found}, found)


def _wording(message: MessageText) -> Iterator[Finding]:
    for found in find_words(message.prose, SPAM):
        text = _("Spam filters look for “%(found)s”. Use other words.")
        yield Finding("spam_word", _ERROR, text % {"found": found}, found)
    for found in find_words(message.prose, BLAMING):
        text = _("“%(found)s” sounds like a threat. Say what to do instead.")
        yield Finding("blaming", _ERROR, text % {"found": found}, found)
    for found in find_words(message.prose, HARD_WORDS):
        text = _("“%(found)s” is hard to read. Use a plain word: %(plain)s")
        values = {"found": found, "plain": HARD_WORDS.get(found) or "-"}
        yield Finding("hard_word", _ADVICE, text % values, found)
    for paragraph in message.paragraphs():
        for match in _DOUBLED.finditer(paragraph):
            yield Finding("doubled_word", _ERROR, _("A word is there twice."), match.group())


def _reading(message: MessageText) -> Iterator[Finding]:
    paragraphs = message.paragraphs()
    age = reading_age(paragraphs)
    if age is not None and age > _READING_AGE:
        severity = _ERROR if age > _HIGHEST_AGE else _ADVICE
        text = _(
            "The text can be read at the age of %(age)s. "
            "Use shorter words and sentences, for the age of 9 to 11."
        )
        yield Finding("reading_age", severity, text % {"age": round(age)})
    for sentence in (sentence for paragraph in paragraphs for sentence in sentences(paragraph)):
        length = len(words(sentence))
        if length > _SENTENCE_LENGTH:
            severity = _ERROR if length > _LONGEST_SENTENCE else _ADVICE
            text = _("This sentence has %(length)s words. Divide it.")
            yield Finding("long_sentence", severity, text % {"length": length}, sentence)


def _actions(message: MessageText) -> Iterator[Finding]:
    """Count the sentences that ask for something. Those that only explain a link beside them do not count."""
    starts = [
        words(sentence)[0].lower() if words(sentence)[0].lower() != "please" else words(sentence)[1].lower()
        for paragraph in message.paragraphs()
        for sentence in sentences(paragraph)
        if len(words(sentence)) > 1 and not sentence.endswith(":") and "STOP" not in sentence
    ]
    asked = [word for word in dict.fromkeys(starts) if word in ACTIONS]
    if len(asked) > (1 if message.is_sms else _MAX_ACTIONS):
        text = _("The message asks for several things: %(found)s. Ask for one.")
        yield Finding("several_actions", _ERROR, text % {"found": ", ".join(asked)}, ", ".join(asked))


LANGUAGE_RULES = (_greeting, _abbreviations, _wording, _reading, _actions)
