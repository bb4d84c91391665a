"""The reading age of a text: the Automated Readability Index (Senter and Smith, 1967).

It counts characters, words and sentences. Formulas that count syllables (Flesch, SMOG, Gunning fog) need a
dictionary of each language, and differ by more than a year on texts as short as a message.
"""

import re

EXEMPT = frozenset(
    {"appointment", "appointments", "reschedule", "rescheduled", "cancel", "cancelled", "questionnaire"}
)
"""Words that every patient of a clinic reads often. They count as words of four letters."""
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:[\u2019'-][^\W_]+)*")


def sentences(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph."""
    return [part.strip() for part in _SENTENCE_END.split(paragraph) if _WORD.search(part)]


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return _WORD.findall(text)


def reading_age(paragraphs: list[str]) -> float | None:
    """Return the age at which most people can read a text; None if it is too short to tell.

    A school grade of the index is a year; first grade is read at about six.
    """
    sentence_count = sum(len(sentences(paragraph)) for paragraph in paragraphs)
    found = [word for paragraph in paragraphs for word in words(paragraph)]
    if len(found) < _FEW_WORDS:
        return None
    characters = sum(4 if word.lower() in EXEMPT else len(word) for word in found)
    grade = 4.71 * characters / len(found) + 0.5 * len(found) / max(sentence_count, 1) - 21.43
    return max(grade, 0) + 5


_FEW_WORDS = 12
