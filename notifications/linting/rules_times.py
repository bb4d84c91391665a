"""Rules about days and times in English texts."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from notifications.linting.text import URL, Finding, MessageText, Severity
from notifications.linting.words import RELATIVE_DAYS, find_words

_ERROR = Severity.ERROR
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_WEEKDAY = (
    r"(?:Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:r(?:s(?:day)?)?)?|Fri(?:day)?|Sat(?:urday)?"
    r"|Sun(?:day)?)"
)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}|{_MONTH} \d{{1,2}}(?!\d)(?:st|nd|rd|th)?)\b"
)
_DATE_WITH_WEEKDAY = re.compile(rf"\b{_WEEKDAY}\b,?\s+(?:the )?$")
_NUMERIC_DATE = re.compile(
    r"(?<![\d/.-])(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?![\d/.-]\d)"
)
_TIME = re.compile(
    r"(?<![\d:./])(?P<hour>[01]?\d|2[0-4])(?P<minute>[:.][0-5]\d)?(?P<space>\s?)(?P<half>[ap]\.?m\b\.?)"
    r"|(?<![\d:./-])(?P<hour24>[01]?\d|2[0-4]):(?P<minute24>[0-5]\d)(?![:\d])",
    re.IGNORECASE,
)
_ZONE = re.compile(r"\b(?:[A-Z][\w.\u2019'-]*(?: [A-Z][\w.\u2019'-]*)* time|UTC|GMT|BST|[A-Z]{1,3}[SD]T)\b")
_NOON = 12
_REPEATED = re.compile(r"\((?:first|second) time, [^)]*\)")


def _times(message: MessageText) -> Iterator[Finding]:
    lines = _lines(message)
    for number, line in enumerate(lines):
        times = list(_TIME.finditer(line))
        for match in times:
            yield from _ambiguous(match)
        beside = " ".join(lines[number : number + 2])
        names = any(zone in beside for zone in message.zones) if message.zones else _ZONE.search(beside)
        if times and not names:
            text = _("Name the time zone beside the time: %(found)s")
            found = times[0].group().strip()
            yield Finding("zone_missing", _ERROR, text % {"found": found}, found)


def _lines(message: MessageText) -> list[str]:
    """Return the lines that can have times, without URLs, because their tokens can look like times.

    Where a repeated hour is explained, “time” is no time zone.
    """
    parts = (message.subject, message.text, message.document.text)
    return [
        _REPEATED.sub("", URL.sub(" ", line)) for part in parts for line in part.splitlines() if line.strip()
    ]


def _ambiguous(match: re.Match[str]) -> Iterator[Finding]:
    """Yield a finding if the time of day can be misread."""
    found = match.group().strip()
    text = _("This time can be misread: %(found)s. Write it as in “9:30 am”.") % {"found": found}
    hour = int(match["hour"] or match["hour24"])
    if (
        (match["half"] and not match["minute"] and hour == _NOON)
        or (match["half"] and (hour > _NOON or hour == 0))
        or (not match["half"] and (1 <= hour <= _NOON or hour in (0, 24)))
    ):
        yield Finding("ambiguous_time", _ERROR, text, found)


def _dates(message: MessageText) -> Iterator[Finding]:
    parts = (message.subject, message.text, message.document.text)
    for part in (URL.sub(" ", message.without_names(part)) for part in parts):
        for match in _DATE.finditer(part):
            if not _DATE_WITH_WEEKDAY.search(part[: match.start()]):
                text = _("Add the weekday to the date: %(found)s")
                yield Finding("weekday_missing", _ERROR, text % {"found": match.group()}, match.group())
        for found in _NUMERIC_DATE.findall(part):
            text = _("This date can be misread: %(found)s. Write the month as a word.")
            yield Finding("numeric_date", _ERROR, text % {"found": found}, found)


def _relative_days(message: MessageText) -> Iterator[Finding]:
    for found in find_words(message.prose, RELATIVE_DAYS):
        text = _("“%(found)s” is wrong if the message is read later. Write the date.")
        yield Finding("relative_day", _ERROR, text % {"found": found}, found)


TIME_RULES = (_times, _dates, _relative_days)
