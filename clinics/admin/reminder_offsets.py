"""A form field for the times at which reminders are sent, such as "7 days, 24 hours, 2 hours"."""

from typing import Any

from django.forms import CharField
from django.utils.translation import gettext_lazy as _

from clinics.reminder_offsets import offsets_in_words, parse_offsets

_NONE = "none"
_MAX_LENGTH = 200


class OffsetsField(CharField):
    """Offsets as numbers with units, separated by commas. The value is a list of minutes.

    :param empty_value: the value of an empty field; "none" always stands for an empty list
    """

    def __init__(self, *, empty_value: list[int] | None = None, **options: Any) -> None:
        super().__init__(max_length=_MAX_LENGTH, required=False, **options)
        self.no_offsets = empty_value

    def to_python(self, value: Any) -> Any:
        """Return the offsets in minutes.

        :raises ValidationError: a part of the text is not a number with a unit
        """
        text = super().to_python(value)
        if not text:
            return self.no_offsets
        return [] if text.lower() == _NONE else parse_offsets(text)

    def run_validators(self, value: Any) -> None:
        """Leave it to the model: its validators check the minutes, and a text's are not for a list."""

    def prepare_value(self, value: Any) -> Any:
        """Return the text of stored offsets; entered text as it is."""
        if value is None or isinstance(value, str):
            return value
        return offsets_in_words(value) or _NONE


def clinic_offsets_field() -> OffsetsField:
    """Return the field for the clinic's reminders."""
    return OffsetsField(
        label=_("Reminders before each visit"),
        empty_value=[],
        help_text=_(
            "When patients are reminded, for example 7 days, 24 hours, 2 hours. At most 5, each at most "
            "60 days before the visit. Leave empty to send no reminders. Visit types can have their own."
        ),
    )


def visit_type_offsets_field() -> OffsetsField:
    """Return the field for the reminders of a visit type."""
    return OffsetsField(
        label=_("Reminders before the visit"),
        help_text=_(
            "For example 3 days, 2 hours. Leave empty to use the clinic's setting. Enter “none” to send no "
            "reminders."
        ),
    )
