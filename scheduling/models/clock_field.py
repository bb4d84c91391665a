"""Times on a clinic's wall, 00:00 to 24:00: Python's `time` has no 24:00, a closing often is."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from scheduling.planning import format_clock, parse_clock


class ClockFormField(forms.CharField):
    """Reads and shows `HH:MM`."""

    def __init__(self, **options: Any) -> None:
        # What comes with a number: its bounds, and (in the admin) its widget.
        for unused in ("min_value", "max_value", "widget"):
            options.pop(unused, None)
        super().__init__(widget=forms.TextInput(attrs={"size": 5, "placeholder": "HH:MM"}), **options)

    def prepare_value(self, value: object) -> object:
        """Minutes as a clock shows them; what was typed as it was typed."""
        return format_clock(value) if isinstance(value, int) else value

    def clean(self, value: object) -> int:
        """Minutes after midnight.

        :raises ValidationError: it is no time of day
        """
        text = super().clean(value)
        try:
            return parse_clock(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare as shown."""
        return super().has_changed(self.prepare_value(initial), data)


class ClockField(models.PositiveSmallIntegerField[int, int]):
    """Minutes after midnight on the clinic's wall, 0 to 1440."""

    def formfield(self, **options: Any) -> forms.Field | None:
        """Shown and typed as `HH:MM`."""
        return super().formfield(**{"form_class": ClockFormField, **options})
