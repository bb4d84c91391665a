"""The one door to the `holidays` package: which days a country or a region of it keeps. Pure."""

from datetime import date
from functools import lru_cache

import holidays


class RegionUnknown(ValueError):
    """The package knows no such country, or no such region of it."""


@lru_cache(maxsize=1024)
def public_holidays(country: str, region: str, year: int) -> dict[date, str]:
    """The public holidays of a year by day, each with its name in English where there is one.

    :param country: ISO 3166-1, two letters
    :param region: the ISO 3166-2 subdivision without the country; empty for what all of it keeps
    :raises RegionUnknown: there is no such country or region
    """
    try:
        found = holidays.country_holidays(
            country, subdiv=region or None, years=year, language=_english(country)
        )
    except NotImplementedError as error:
        raise RegionUnknown(f"{country} {region}".strip()) from error
    return dict(sorted(found.items()))


def _english(country: str) -> str | None:
    languages = holidays.country_holidays(country).supported_languages
    return next((language for language in ("en_GB", "en_US") if language in languages), None)
