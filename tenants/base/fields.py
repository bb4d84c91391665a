"""Text as it comes in: checked at the edge, so that no layer below meets a byte it cannot keep."""

from typing import Any
from unicodedata import category

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

LONGEST_PARAGRAPH = 2000
"""Characters of what people write in several lines."""


def refuse_unstorable(value: str) -> None:
    """Refuse what Postgres cannot keep as text: lone surrogates (NUL is refused by DRF already).

    :raises ValidationError: there is one
    """
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise serializers.ValidationError(_("This text contains a character that is not allowed.")) from error


def refuse_control_characters(value: str) -> None:
    """Refuse what would end a line or steer a terminal: no name holds one, but a header would break on it.

    :raises ValidationError: there is one
    """
    if any(category(each) in {"Cc", "Zl", "Zp"} for each in value):
        raise serializers.ValidationError(_("Enter this in one line."))


class Text(serializers.CharField):
    """Any text that can be kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.insert(0, refuse_unstorable)


class Line(Text):
    """One line of text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.append(refuse_control_characters)


class Paragraph(Text):
    """Text of several lines, as long as a person would write."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"max_length": LONGEST_PARAGRAPH, "style": {"base_template": "textarea.html"}, **options}
        )


class Secret(Text):
    """A password: never shown again, taken as it is, and no longer than hashing it is worth."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"max_length": 128, "write_only": True, "trim_whitespace": False, **options},
            style={"input_type": "password"},
        )
