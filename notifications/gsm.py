"""Text messages in the GSM 7-bit alphabet (3GPP TS 23.038, section 6.2.1), as `gsm0338` knows it."""

from collections.abc import Iterator

from anyascii import anyascii
from gsm0338 import Codec

MAX_SEPTETS = 160
"""The length of one message. Characters of the extension table, such as €, count twice."""
_codec = Codec()


def septets(text: str) -> int | None:
    """Return the length of a text in the alphabet; None if a character is not in it."""
    try:
        return len(_codec.encode(text)[0])
    except UnicodeEncodeError:
        return None


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
