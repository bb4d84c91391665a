"""Brand colours: text stays readable on them (WCAG 2.2, success criterion 1.4.3)."""

import re
from itertools import product

import pytest
from django.core.exceptions import ValidationError

from clinics.planning import (
    DARK_PAGE,
    DARK_PANEL,
    check_colour,
    check_readable_on_white,
    contrast,
    dark_shades,
    text_colour_on,
)
from embedded.web_app import FOLDER


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#FF0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_computed_as_wcag_defines_it(first: str, second: str, ratio: float) -> None:
    assert round(contrast(first, second), 2) == ratio


@pytest.mark.parametrize(("background", "text"), [("#767676", "#ffffff"), ("#777777", "#000000")])
def test_text_is_white_unless_it_would_be_unreadable(background: str, text: str) -> None:
    assert text_colour_on(background) == text
    assert contrast(text, background) >= 4.5


def test_the_text_colour_is_readable_on_every_grey() -> None:
    greys = [f"#{level:02x}{level:02x}{level:02x}" for level in range(256)]

    assert [grey for grey in greys if contrast(text_colour_on(grey), grey) < 4.5] == []


def test_the_lightest_grey_that_is_readable_on_white_is_accepted() -> None:
    check_readable_on_white("#767676")

    with pytest.raises(ValidationError, match="too light"):
        check_readable_on_white("#777777")


@pytest.mark.parametrize(
    "value", ["", "0b5c8a", "#0b5c8", "#0b5c8a0", "#0b5c8g", "red", "#0b5c8a\n", "#fff", "#0b5c8a;}body{"]
)
def test_a_value_that_is_not_a_colour_is_refused(value: str) -> None:
    with pytest.raises(ValidationError, match="Enter a colour code"):
        check_colour(value)


def test_every_brand_colour_is_readable_in_dark_mode() -> None:
    """Of all colours that a clinic can choose; those of the page's other texts are in the style sheet."""
    sheet = (FOLDER / "src" / "styles" / "_dark.scss").read_text()
    others = {name: _colour_in(sheet, name) for name in ("bs-body-color", "bs-secondary-color", "danger")}
    control = _colour_in(sheet, "control-border")
    unreadable = []
    for channels in product(range(0, 256, 51), repeat=3):
        brand = "#{:02x}{:02x}{:02x}".format(*channels)
        if contrast(brand, "#ffffff") < 4.5:
            continue
        shades = dark_shades(brand)
        for background in (DARK_PAGE, DARK_PANEL, shades.tint, shades.tint_strong):
            texts = [contrast(text, background) for text in (shades.ink, *others.values())]
            controls = [contrast(colour, background) for colour in (shades.fill, control)]
            if min(texts) < 4.5 or min(controls) < 3:
                unreadable.append((brand, background, texts, controls))
        if contrast(shades.on_fill, shades.fill) < 4.5:
            unreadable.append((brand, shades.fill, [], []))

    assert unreadable == []
    assert (_colour_in(sheet, "bs-body-bg"), _colour_in(sheet, "panel")) == (DARK_PAGE, DARK_PANEL)


def _colour_in(sheet: str, name: str) -> str:
    found = re.search(rf"--{name}: (#[0-9a-f]{{6}});", sheet)
    assert found, name
    return found[1]
