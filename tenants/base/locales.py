"""The locales a clinic can have, and the languages it can offer its patients.

A locale decides how the clinic's dates are written and its words are spelled for staff, who read English.
Its region stays the same in every language: Spanish at a clinic with `en-US` is `es-US`.
"""

from functools import cache
from importlib.resources import files

from django.db import models
from django.utils.translation import gettext_lazy as _


class Locale(models.TextChoices):
    """A locale as a language tag (BCP 47). In lower case it is Django's language code."""

    EN_GB = "en-GB", _("English (United Kingdom)")
    EN_US = "en-US", _("English (United States)")


class Language(models.TextChoices):
    """A language of pages and messages for patients, with its own name for itself."""

    ENGLISH = "en", "English"
    SPANISH = "es", "Español"
    GERMAN = "de", "Deutsch"
    ARABIC = "ar", "العربية"


def default_patient_languages() -> list[str]:
    """Return English, the only language of a new clinic."""
    return [Language.ENGLISH.value]


def code_of(language: str, *, locale: str) -> str:
    """Return Django's code for a language in the region of a locale, such as `es-us`."""
    region = locale.partition("-")[2]
    return f"{language}-{region}".lower()


def language_of(code: str | None) -> str:
    """Return the language of one of Django's codes: `es` for `es-us`."""
    return (code or Language.ENGLISH).partition("-")[0]


def tag_of(code: str) -> str:
    """Return the language tag (BCP 47) that formats dates and numbers like the server, such as `es-US`.

    Arabic is written with European digits, as in telephone numbers and times that people copy.
    """
    language, _hyphen, region = code.partition("-")
    tag = f"{language}-{region.upper()}" if region else language
    return f"{tag}-u-nu-latn" if language == Language.ARABIC else tag


def locale_for_zone(time_zone: str) -> Locale:
    """Return the locale to start with for a clinic in `time_zone`: en-US in the United States, else en-GB."""
    return Locale.EN_US if time_zone.startswith("US/") or time_zone in _us_zones() else Locale.EN_GB


@cache
def _us_zones() -> frozenset[str]:
    """Return the names of the time zones that tzdata assigns to the United States."""
    lines = files("tzdata.zoneinfo").joinpath("zone.tab").read_text().splitlines()
    return frozenset(line.split("\t")[2] for line in lines if line.startswith("US\t"))
