"""The languages in which messages are written."""

from tenants.base.locales import Language
from tenants.current import current_clinic


def wording_languages() -> list[str]:
    """Return the languages of messages, without regions: English for staff, and the clinic's for patients."""
    return list(dict.fromkeys([Language.ENGLISH.value, *current_clinic().patient_languages]))
