"""Brand colours that everybody can read (WCAG 2.2, success criterion 1.4.3)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ENOUGH = 4.5
"""The contrast ratio WCAG asks of text at level AA."""


def check_colour(value: str) -> None:
    """Refuse what is not `#rrggbb`.

    :raises ValidationError: it is not
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValidationError(_("Write a colour like #0b5c8a."), code="colour")


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of `#rrggbb` as WCAG defines it."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_colour_on(background: str) -> str:
    """White where it reads well enough on `background`, else black (one of them always does)."""
    return "#ffffff" if contrast("#ffffff", background) >= ENOUGH else "#000000"


def check_readable_on_white(value: str) -> None:
    """Refuse a colour in which links and outlines would be hard to read on a white page.

    :raises ValidationError: its contrast with white is under 4.5 to 1
    """
    check_colour(value)
    if contrast(value, "#ffffff") < ENOUGH:
        raise ValidationError(
            _("This colour is too light to read on white. Choose a darker one."), code="contrast"
        )
