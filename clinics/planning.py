"""Contrast of brand colours (WCAG 2.2, success criterion 1.4.3). Pure."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_MIN_CONTRAST = 4.5
"""The contrast ratio that WCAG requires of text at level AA."""


def check_colour(value: str) -> None:
    """Check that a colour is written as `#rrggbb`.

    :raises ValidationError: it is not
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValidationError(_("Enter a colour code, for example #0b5c8a."), code="colour")


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 to 1, as WCAG defines it."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def text_colour_on(background: str) -> str:
    """Return white if its contrast on `background` suffices, else black. One of them always suffices."""
    return "#ffffff" if contrast("#ffffff", background) >= _MIN_CONTRAST else "#000000"


def check_readable_on_white(value: str) -> None:
    """Check that links and outlines in this colour can be read on a white page.

    :raises ValidationError: its contrast with white is below 4.5 to 1
    """
    check_colour(value)
    if contrast(value, "#ffffff") < _MIN_CONTRAST:
        raise ValidationError(
            _("This colour is too light to read on white. Choose a darker one."), code="contrast"
        )


def lightened(colour: str, *, background: str) -> str:
    """Return a colour mixed with as much white as text in it needs to be readable on a dark background."""
    channels = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    for tenth in range(11):
        mixed = "#" + "".join(f"{value + (255 - value) * tenth // 10:02x}" for value in channels)
        if contrast(mixed, background) >= _MIN_CONTRAST:
            return mixed
    return "#ffffff"
