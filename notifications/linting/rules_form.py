"""Rules about the form of a message: length, characters, capitals, leftovers of a template."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from notifications.gsm import MAX_SEPTETS, MAX_UNITS, OTHER_SCRIPTS, fits, foreign_characters, septets, to_gsm
from notifications.linting.text import Finding, MessageText, Severity
from notifications.linting.words import KNOWN_CAPITALS

_ERROR, _ADVICE = Severity.ERROR, Severity.ADVICE
_SUBJECT_LENGTH, _LONGEST_SUBJECT = 100, 150
_TEXT_LENGTH, _LONGEST_TEXT = 1500, 3000
_LEFTOVERS = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{\{|\}\}|%\(\w+\)s|\$\{\w+\}|\{\w+\}|\[[A-Za-z _]+\]|<<.*?>>|__\w+__"
    r"|\bTODO\b|\bTBD\b|\bXXX+\b|\blorem ipsum\b|\bundefined\b|\bNone\b|\bnull\b|\bNaN\b|\bInvalid date\b"
    r"|string_if_invalid|<function |<Message|&lt;|\bINSERT \w+ HERE\b",
)
_BROKEN = re.compile(
    r"\ufffd|Ã.|â€.|Â[ £©®°]|&(?:amp|quot|lt|gt|nbsp|#\d+|#x[0-9a-f]+);|\\u[0-9a-f]{4}|=\?utf", re.I
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
_TAG = re.compile(r"</?(?:p|br|b|i|a|div|span|strong|em|h[1-6]|ul|li|table|td|tr)\b[^>]*>", re.I)
SHOUTING = re.compile(r"\b[A-Z]{2,}(?:[ ,]+[A-Z]{2,})+\b|\b[A-Z]{6,}\b")
_EMOJI = re.compile(r"[\U0001f300-\U0001faff\u2600-\u27bf]")


def _length(message: MessageText) -> Iterator[Finding]:
    if message.is_sms and message.language in OTHER_SCRIPTS:
        units = len(message.text)
        if not fits(message.text):
            text = _("The text message has %(length)s characters. Shorten it to %(max)s.")
            yield Finding("sms_length", _ERROR, text % {"length": units, "max": MAX_UNITS})
        return
    if message.is_sms:
        length = septets(to_gsm(message.text)) or 0
        if length > MAX_SEPTETS:
            text = _("The text message has %(length)s characters. Shorten it to %(max)s.")
            yield Finding("sms_length", _ERROR, text % {"length": length, "max": MAX_SEPTETS})
        foreign = foreign_characters(message.text)
        if foreign:
            text = _("These characters more than halve the space in a text message. Replace them: %(found)s")
            yield Finding("sms_characters", _ERROR, text % {"found": " ".join(foreign)}, " ".join(foreign))
        return
    if not message.subject.strip():
        yield Finding("subject_missing", _ERROR, _("The message has no subject."))
    if len(message.subject) > _SUBJECT_LENGTH:
        severity = _ERROR if len(message.subject) > _LONGEST_SUBJECT else _ADVICE
        text = _("The subject is long. Shorten it, so that all of it is seen on a phone.")
        yield Finding("subject_length", severity, text, message.subject)
    length = sum(map(len, message.paragraphs()))
    if length > _TEXT_LENGTH:
        severity = _ERROR if length > _LONGEST_TEXT else _ADVICE
        yield Finding("text_length", severity, _("The message is long. Leave out what is not needed."))


def _characters(message: MessageText) -> Iterator[Finding]:
    everything = f"{message.subject}\n{message.text}"
    for part in (everything, message.document.text):
        for found in (*_BROKEN.findall(part), *_CONTROL.findall(part)):
            text = _("There are broken characters. Type them again.")
            yield Finding("broken_encoding", _ERROR, text, found.strip())
    for found in _TAG.findall(everything):
        yield Finding("tag_in_text", _ERROR, _("There is HTML in the plain text. Remove it."), found)
    if "\n" in message.subject.strip() or "\r" in message.subject:
        yield Finding("subject_lines", _ERROR, _("The subject has more than one line."))
    for found in _EMOJI.findall(message.subject):
        yield Finding("emoji", _ADVICE, _("Screen readers read emoji aloud. Leave them out."), found)


def _leftovers(message: MessageText) -> Iterator[Finding]:
    for part in (message.subject, message.text, message.document.text):
        for found in _LEFTOVERS.findall(part):
            text = _("A placeholder was not filled in: %(found)s")
            yield Finding("placeholder_left", _ERROR, text % {"found": found}, found)


def _shouting(message: MessageText) -> Iterator[Finding]:
    for found in SHOUTING.findall(message.prose):
        if not set(re.findall(r"[A-Z]+", found)) <= KNOWN_CAPITALS:
            text = _("Words in capitals look like shouting, and are harder to read. Use small letters.")
            yield Finding("shouting", _ERROR, text, found)
    text = _("Leave out exclamation marks.")
    if "!" in message.subject or re.search(r"!\s*!", message.text):
        yield Finding("exclamation_mark", _ERROR, text)
    elif "!" in message.text:
        yield Finding("exclamation_mark", _ADVICE, text)


def _html(message: MessageText) -> Iterator[Finding]:
    if not message.html:
        return
    if message.document.images_without_text:
        yield Finding("image_without_text", _ERROR, _("A picture has no text for people who cannot see it."))
    if not re.search(r"<html[^>]*\blang=", message.html):
        yield Finding("language_missing", _ERROR, _("The HTML does not say in which language it is."))
    if "<script" in message.html.lower() or re.search(r"\son\w+\s*=", message.html):
        yield Finding("script", _ERROR, _("The HTML has a script. Mail programs block it."))


FORM_RULES = (_length, _characters, _leftovers, _shouting, _html)
