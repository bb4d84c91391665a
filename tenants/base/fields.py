"""Text as it comes in: checked at the edge, so that no layer below meets a byte it cannot keep."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


def refuse_unstorable(value: str) -> None:
    """Refuse what Postgres cannot keep as text: lone surrogates (NUL is refused by DRF already).

    :raises ValidationError: there is one
    """
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise serializers.ValidationError(_("This text contains a character that is not allowed.")) from error


class Line(serializers.CharField):
    """One line of text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.insert(0, refuse_unstorable)


class Paragraph(Line):
    """Text of several lines, as long as a person would write."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 2000, "style": {"base_template": "textarea.html"}, **options})


class Secret(Line):
    """A password: never shown again, taken as it is, and no longer than hashing it is worth."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"max_length": 128, "write_only": True, "trim_whitespace": False, **options},
            style={"input_type": "password"},
        )
