"""The texts of the sign at the clinic's door, on which a QR code leads to the page for checking in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url

_PATH = "/check-in"


@dataclass(frozen=True, slots=True)
class SignText:
    """The text of the sign in one language."""

    language: str
    heading: str
    text: str


def check_in_url() -> str:
    """Return the URL of the page for checking in at the clinic's primary domain."""
    return clinic_url(current_clinic(), _PATH)


def sign_texts() -> list[SignText]:
    """Return the text in each language of the clinic's patients, the default one first."""
    clinic = current_clinic()
    languages = sorted(clinic.patient_languages, key=lambda code: code != clinic.default_language)
    return [_sign_text(language) for language in languages]


def _sign_text(language: str) -> SignText:
    with override(language):
        return SignText(
            language,
            heading=_("Check in with your phone"),
            text=_("Scan this code when you arrive for your appointment."),
        )
