"""Contrast of brand colours (WCAG 2.2, success criteria 1.4.3 and 1.4.11). Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_MIN_CONTRAST = 4.5
"""The contrast ratio that WCAG requires of text at level AA."""
_MIN_CONTROL_CONTRAST = 3.0
"""The contrast ratio that WCAG requires of a control's shape."""
DARK_PAGE = "#11161d"
"""The background of the web app's pages in dark mode, as in its style sheet."""
DARK_PANEL = "#1b222c"
"""The background of the footer, menus and cards in dark mode, as in the style sheet."""


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


def lightened(colour: str, *, background: str, minimum: float = _MIN_CONTRAST) -> str:
    """Return a colour mixed with as much white as it needs to stand out from a dark background.

    :param minimum: the contrast ratio to reach, by default that of text
    """
    for percent in range(101):
        mixed = _mixed("#ffffff", colour, percent=percent)
        if contrast(mixed, background) >= minimum:
            return mixed
    return "#ffffff"


def _mixed(colour: str, with_colour: str, *, percent: int) -> str:
    """Return a mixture of two colours with this percentage of the first."""
    pairs = zip(_channels(colour), _channels(with_colour), strict=True)
    return "#" + "".join(f"{other + (value - other) * percent // 100:02x}" for value, other in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


@dataclass(frozen=True, slots=True)
class DarkShades:
    """The shades of a clinic's main colour on the web app's pages in dark mode, each as `#rrggbb`."""

    fill: str
    """Buttons and marks."""
    on_fill: str
    """Text on them."""
    ink: str
    """Text, links and outlines, on the page, its panels and both tints."""
    tint: str
    """Large areas, such as notices."""
    tint_strong: str
    """Small areas on these, such as avatars."""


@lru_cache(maxsize=1024)
def dark_shades(primary: str) -> DarkShades:
    """Return the shades of a main colour, with the contrast that WCAG requires of text and controls."""
    tint, tint_strong = (_mixed(primary, DARK_PAGE, percent=percent) for percent in (20, 32))
    brightest = max(DARK_PANEL, tint, tint_strong, key=luminance)
    fill = lightened(primary, background=brightest, minimum=_MIN_CONTROL_CONTRAST)
    return DarkShades(
        fill=fill,
        on_fill=text_colour_on(fill),
        ink=lightened(primary, background=brightest),
        tint=tint,
        tint_strong=tint_strong,
    )
