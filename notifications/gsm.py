"""The alphabets of text messages: GSM 7-bit (3GPP TS 23.038, section 6.2.1), or UCS-2 for other scripts."""

from collections.abc import Iterator
from math import ceil

from anyascii import anyascii
from django.utils.translation import get_language
from gsm0338 import Codec

from tenants.base.locales import Language, language_of

MAX_SEPTETS = 160
"""The length of one message. Characters of the extension table, such as €, count twice."""
MAX_UNITS = 201
"""The length of a message in another script, such as Arabic: three parts of 67 characters (UCS-2)."""
_PART_SEPTETS, _PART_UNITS, _SINGLE_UNITS = 153, 67, 70
OTHER_SCRIPTS = frozenset({Language.ARABIC.value})
"""Languages whose letters are not in the GSM alphabet."""
_codec = Codec()


def septets(text: str) -> int | None:
    """Return the length of a text in the alphabet; None if a character is not in it."""
    try:
        return len(_codec.encode(text)[0])
    except UnicodeEncodeError:
        return None


def segment_count(text: str) -> int:
    """Return as how many messages a text is sent and paid."""
    length, single, part = septets(text), MAX_SEPTETS, _PART_SEPTETS
    if length is None:
        length, single, part = _units(text), _SINGLE_UNITS, _PART_UNITS
    return 1 if length <= single else ceil(length / part)


def _units(text: str) -> int:
    """Return the length in 16-bit units."""
    return len(text.encode("utf-16-be")) // 2


def fits(text: str) -> bool:
    """Return whether a text is short enough: one message, or three in another script."""
    length = septets(text)
    return _units(text) <= MAX_UNITS if length is None else length <= MAX_SEPTETS


def sendable(text: str) -> str:
    """Return a text on one line: in the GSM alphabet, unless the active language has another script."""
    if language_of(get_language()) in OTHER_SCRIPTS:
        return " ".join(text.split())
    return to_gsm(text)


def foreign_characters(text: str) -> list[str]:
    """Return the characters that are not in the alphabet. With one of them a message has 70 characters."""
    return [character for character in dict.fromkeys(text) if septets(character) is None]


def to_gsm(text: str) -> str:
    """Return a text on one line in the alphabet: other letters become their nearest ones."""
    return " ".join("".join(_gsm_characters(text)).split())


def _gsm_characters(text: str) -> Iterator[str]:
    for character in text:
        if character.isspace():
            yield " "
        elif septets(character) is not None:
            yield character
        else:
            yield "".join(letter for letter in anyascii(character) if septets(letter) is not None)
