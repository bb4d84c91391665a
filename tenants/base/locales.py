"""The locales a clinic can have: how its dates are written and its words are spelled."""

from functools import cache
from importlib.resources import files

from django.db import models
from django.utils.translation import gettext_lazy as _


class Locale(models.TextChoices):
    """A locale as a language tag (BCP 47). In lower case it is Django's language code."""

    EN_GB = "en-GB", _("English (United Kingdom)")
    EN_US = "en-US", _("English (United States)")


def locale_for_zone(time_zone: str) -> Locale:
    """Return the locale to start with for a clinic in `time_zone`: en-US in the United States, else en-GB."""
    return Locale.EN_US if time_zone.startswith("US/") or time_zone in _us_zones() else Locale.EN_GB


@cache
def _us_zones() -> frozenset[str]:
    """Return the names of the time zones that tzdata assigns to the United States."""
    lines = files("tzdata.zoneinfo").joinpath("zone.tab").read_text().splitlines()
    return frozenset(line.split("\t")[2] for line in lines if line.startswith("US\t"))
