"""The committed message catalogues match the texts in the source."""

import gettext as gettext_files
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from embedded.catalogues import FORMATS, LOCALES, TRANSLATED, american, files, messages


@pytest.mark.parametrize("locale", [*FORMATS, *TRANSLATED])
def test_the_catalogues_are_up_to_date(locale: str) -> None:
    """If this fails, run `python -m embedded.catalogues`."""
    assert {path: path.read_bytes() for path in files(locale)} == files(locale)


@pytest.mark.parametrize("locale", ["en_GB", "en_US"])
def test_the_compiled_catalogue_agrees_with_its_source(locale: str) -> None:
    folder = LOCALES / locale / "LC_MESSAGES"
    source = read_po(BytesIO((folder / "django.po").read_bytes()))
    compiled = gettext_files.GNUTranslations(BytesIO((folder / "django.mo").read_bytes()))

    for message in source:
        if isinstance(message.id, str) and message.id:
            assert compiled.gettext(message.id) == message.string
        elif message.id:
            singular, plural = message.id
            assert (
                compiled.ngettext(singular, plural, 1),
                compiled.ngettext(singular, plural, 2),
            ) == message.string


def test_texts_of_code_and_templates_are_found() -> None:
    found = set(messages())

    assert ("cancelled",) in found
    assert ("Your appointment request has been declined",) in found
    assert ("%(count)d booking cancelled.", "%(count)d bookings cancelled.") in found


@pytest.mark.parametrize(
    ("british", "us"),
    [
        ("Cancelled colours", "Canceled colors"),
        ("a carer who is authorised", "a caregiver who is authorized"),
        ("Cancel it", "Cancel it"),
    ],
)
def test_british_spelling_is_replaced_at_the_start_of_words(british: str, us: str) -> None:
    assert american(british) == us
