"""The length of a text message in the GSM 7-bit alphabet (3GPP TS 23.038, section 6.2.1)."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each of these takes the place of two characters."""
MAX_LENGTH = 160


def length(text: str) -> int:
    """Return how many of the 160 characters of one message the text takes."""
    return sum(2 if character in _EXTENDED else 1 for character in text)


def foreign_characters(text: str) -> list[str]:
    """Return the characters that are not in the alphabet. With one of them a message has 70 characters."""
    return list(dict.fromkeys(char for char in text if char not in _BASIC and char not in _EXTENDED))
