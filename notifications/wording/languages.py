"""The languages in which messages are written."""

from django.conf import settings


def wording_languages() -> list[str]:
    """Return the languages of messages, without regions: those of the product's locales."""
    return list(dict.fromkeys(code.split("-")[0] for code, _name in settings.LANGUAGES))
