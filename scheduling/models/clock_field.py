"""A field for local times from 00:00 to 24:00. Python's `time` has no 24:00, which many closing times are."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from scheduling.clock.planning import format_clock, parse_clock
from tenants.base.words import clock_time

_MIDNIGHT = 24 * 60


def clock_range(opens: int, closes: int) -> str:
    """Return two times of day, given in minutes after midnight: “9:00 am to 5:00 pm”, or “all day”."""
    if (opens, closes) == (0, _MIDNIGHT):
        return _("all day")
    return _("%(opens)s to %(closes)s") % {"opens": _clock(opens), "closes": _clock(closes)}


def _clock(minutes: int) -> str:
    if minutes == _MIDNIGHT:
        return _("midnight")
    return clock_time(f"{minutes // 60:02}:{minutes % 60:02}")


class ClockFormField(forms.CharField):
    """Form field that reads and shows minutes after midnight as `HH:MM`."""

    def __init__(self, **options: Any) -> None:
        # The options of a number field: its bounds and, in the admin, its widget.
        for unused in ("min_value", "max_value", "widget"):
            options.pop(unused, None)
        super().__init__(widget=forms.TextInput(attrs={"size": 5, "placeholder": "HH:MM"}), **options)

    def prepare_value(self, value: object) -> object:
        """Format minutes as `HH:MM`; return text as it was entered."""
        return format_clock(value) if isinstance(value, int) else value

    def clean(self, value: object) -> int:
        """Minutes after midnight.

        :raises ValidationError: the text is not a time of day
        """
        text = super().clean(value)
        try:
            return parse_clock(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: object, data: object) -> bool:
        """Whether the text differs from the initial value as it is shown."""
        return super().has_changed(self.prepare_value(initial), data)


class ClockField(models.PositiveSmallIntegerField[int, int]):
    """A local time as minutes after midnight, 0 to 1440."""

    def formfield(self, **options: Any) -> forms.Field | None:
        """Return a form field that shows and accepts `HH:MM`."""
        return super().formfield(**{"form_class": ClockFormField, **options})
