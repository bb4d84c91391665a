"""Finds patients while staff type parts of a name, a telephone number or a date of birth."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import groupby
from unicodedata import combining, normalize

from django.db.models import Q, Value

from clinics.models.patient_words import LETTERS, SEPARATORS, MatchesWords, PatientWords
from tenants.base.clock import now
from tenants.current import current_clinic

_MIN_LETTERS = 2
"""How many letters or digits of a name, a number or a date are needed for a search."""
_NOBODY = Q(pk__in=[])
_MIN_DIGITS = 3
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_AND_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3,9})\.?[ ,-]+(\d{4})\b")
_MONTH_AND_DAY = re.compile(r"\b([a-z]{3,9})\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?[ ,]+(\d{4})\b")
_JOINED = str.maketrans("", "", SEPARATORS)
_FOLDED = str.maketrans(LETTERS)


def fold(text: str) -> str:
    """Return a text in lower case without accents, as the index of patients stores names."""
    decomposed = normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not combining(letter)).translate(_FOLDED)


def find_patients(text: str) -> Q:
    """Return the condition that a patient matches every part of the text, in any order.

    A word is the beginning of a first or last name. Digits are part of the telephone number, however it is
    written, or a date of birth: in the clinic's order of day and month, with the month in letters, as
    `YYYY-MM-DD`, without separators, or the year alone. A part with an @ is the beginning of an email
    address. A text with fewer than two letters or digits matches no patient.
    """
    if sum(map(str.isalnum, text)) < _MIN_LETTERS:
        return _NOBODY
    rest, condition = fold(text), Q()
    for pattern in (_DAY_AND_MONTH, _MONTH_AND_DAY):
        for found in list(pattern.finditer(rest)):
            if (day := _spelled_date(*found.groups())) is not None:
                condition &= Q(date_of_birth=day)
                rest = rest.replace(found[0], " ")
    for is_number, group in groupby(rest.split(), key=_is_number):
        parts = list(group)
        if is_number:
            condition &= _number_condition(" ".join(parts))
        else:
            for part in parts:
                condition &= _word_condition(part)
    return condition


def has_digits(number: str) -> Q:
    """Return the condition that the telephone number contains these digits."""
    return _matches(f"'{number}':*")


def _is_number(part: str) -> bool:
    return any(map(str.isdigit, part)) and not any(map(str.isalpha, part)) and "@" not in part


def _word_condition(word: str) -> Q:
    """Condition: a name or the email address begins with the word. Punctuation alone matches everybody."""
    if "@" in word:
        return Q(user__email__istartswith=word)
    joined = word.translate(_JOINED).replace("\\", "").replace("'", "")
    return _matches(f"'{joined}':*") if joined else Q()


def _matches(query: str) -> Q:
    return Q(MatchesWords(PatientWords("first_name", "last_name", "phone"), Value(query)))


def _number_condition(text: str) -> Q:
    """Condition: the digits are part of the telephone number, or a date of birth."""
    condition = _NOBODY
    digits = "".join(re.findall("[0-9]", text.replace("(0)", "")))
    dialled = digits.lstrip("0")  # without the prefix of a national or an international number
    if len(dialled) >= _MIN_DIGITS:
        condition |= has_digits(dialled)
    for first, last in _periods(text, digits):
        condition |= Q(date_of_birth=first) if first == last else Q(date_of_birth__range=(first, last))
    return condition


def _periods(text: str, digits: str) -> Iterator[tuple[date, date]]:
    """Yield the first and last dates of birth that a number may mean."""
    parts = [part for part in re.split(r"[\s/.\-]+", text.strip()) if part]
    if len(parts) == 3 and all(part.isdigit() for part in parts):  # noqa: PLR2004  a date
        for day in _dates(*parts):
            yield day, day
    elif parts == [digits] and len(digits) in (6, 8):
        pairs = [(digits[:4], digits[4:6], digits[6:])] if len(digits) == 8 else []  # noqa: PLR2004
        for three in (*pairs, (digits[:2], digits[2:4], digits[4:])):
            for day in _dates(*three):
                yield day, day
    elif parts == [digits] and len(digits) == 4:  # noqa: PLR2004  a year
        year = int(digits)
        if 1900 <= year <= now().year:  # noqa: PLR2004
            yield date(year, 1, 1), date(year, 12, 31)


def _dates(first: str, second: str, third: str) -> Iterator[date]:
    """Yield the date that three numbers mean, in the clinic's order; in the other order if it is none."""
    if len(first) == 4:  # noqa: PLR2004  the year is first
        yield from _valid(first, second, third)
        return
    american = str(current_clinic().locale) == "en-US"
    orders = [(second, first), (first, second)]
    for month, day in reversed(orders) if american else orders:
        found = list(_valid(third, month, day))
        yield from found
        if found:
            return


def _valid(year: str, month: str, day: str) -> Iterator[date]:
    number = int(year)
    if len(year) <= 2:  # noqa: PLR2004  the latest year that is not in the future
        number += 2000 if 2000 + number <= (now() + timedelta(days=1)).year else 1900
    if number >= 1880:  # noqa: PLR2004
        with suppress(ValueError):
            yield date(number, int(month), int(day))


def _spelled_date(first: str, second: str, year: str) -> date | None:
    day, name = (first, second) if first.isdigit() else (second, first)
    if name[:3] not in _MONTHS:
        return None
    return next(_valid(year, str(_MONTHS.index(name[:3]) + 1), day), None)
