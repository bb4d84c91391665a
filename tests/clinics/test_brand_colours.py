"""Brand colours: text stays readable on them (WCAG 2.2, success criterion 1.4.3)."""

import pytest
from django.core.exceptions import ValidationError

from clinics.planning import check_colour, check_readable_on_white, contrast, text_colour_on


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
