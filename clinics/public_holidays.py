"""Public holidays of countries and regions. The only module that imports the `holidays` package. Pure."""

from datetime import date
from functools import lru_cache

import holidays


class RegionUnknown(ValueError):
    """The `holidays` package does not know the country or the region."""


@lru_cache(maxsize=1024)
def public_holidays(country: str, region: str, year: int) -> dict[date, str]:
    """Return the public holidays of a year by date, with their names in English if the package has them.

    :param country: an ISO 3166-1 code of two letters
    :param region: an ISO 3166-2 subdivision without the country; empty for holidays of the whole country
    :raises RegionUnknown: the country or region is not known
    """
    try:
        named_days = holidays.country_holidays(
            country, subdiv=region or None, years=year, language=_english(country)
        )
    except NotImplementedError as error:
        raise RegionUnknown(f"{country} {region}".strip()) from error
    return dict(sorted(named_days.items()))


def _english(country: str) -> str | None:
    languages = holidays.country_holidays(country).supported_languages
    return next((language for language in ("en_GB", "en_US") if language in languages), None)
