"""Serializer fields and a base that refuse input they cannot store, instead of changing or ignoring it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from unicodedata import category

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tenants.base.email_addresses import check_mailable

MAILED_TEXT = "What staff write is emailed to patients, unencrypted: it must contain nothing about health."
"""The warning in the description of each field with a text that staff write and patients get by email."""
MAX_PARAGRAPH_LENGTH = 2000
"""The maximum number of characters in a multi-line text."""


def _reject_unstorable(value: str) -> None:
    """Reject text that Postgres cannot store: lone surrogates. DRF already rejects NUL.

    :raises ValidationError: `value` contains a lone surrogate
    """
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise serializers.ValidationError(
            _("This text contains a character that is not allowed. Remove it and try again.")
        ) from error


def _reject_control_characters(value: str) -> None:
    """Reject control characters and line breaks. They could split an email header or a log line.

    :raises ValidationError: `value` contains one
    """
    if any(category(character) in {"Cc", "Zl", "Zp"} for character in value):
        raise serializers.ValidationError(_("Write this on one line."))


if TYPE_CHECKING:
    _SerializerBase = serializers.Serializer[Any]
else:
    _SerializerBase = object

_MAX_NAME_LENGTH = 100


class RefuseOtherFields(_SerializerBase):
    """Makes a serializer refuse fields that it does not store, such as a role, instead of ignoring them."""

    def to_internal_value(self, data: Any) -> Any:
        """Parse the input.

        :raises ValidationError: a field is invalid, read-only or unknown
        """
        known = {field.field_name for field in self._writable_fields}
        sent = data.keys() if isinstance(data, Mapping) else ()
        refused = {
            _printable(name): [_("You cannot change this here.")] for name in sent if name not in known
        }
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if refused and isinstance(error.detail, dict):
                raise serializers.ValidationError({**error.detail, **refused}) from error
            raise
        if refused:
            raise serializers.ValidationError(refused)
        return values


def _printable(name: str) -> str:
    """Return the name of a field, short and without characters that a response cannot contain."""
    return name[:_MAX_NAME_LENGTH].encode(errors="replace").decode()


class TextField(serializers.CharField):
    """A text field."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.insert(0, _reject_unstorable)


class LineField(TextField):
    """A text field of one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.append(_reject_control_characters)


class EmailAddressField(serializers.EmailField):
    """An email address that emails can be sent to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 254, **options})

    def run_validators(self, value: Any) -> None:
        """Check whether emails can be sent to the address first, because that message is more helpful."""
        try:
            check_mailable(value)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages, code=error.code) from error
        super().run_validators(value)


class ParagraphField(TextField):
    """A text field of several lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"max_length": MAX_PARAGRAPH_LENGTH, "style": {"base_template": "textarea.html"}, **options}
        )


class PasswordField(TextField):
    """A password field. Write-only, keeps spaces, and limits the length because hashing takes time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"max_length": 128, "write_only": True, "trim_whitespace": False, **options},
            style={"input_type": "password"},
        )
