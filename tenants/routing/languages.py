"""The language in which a request is answered: one function decides it, for pages and for the API."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from tenants.base.locales import language_of
from tenants.models import Clinic

LANGUAGE_PARAMETER = "lang"
"""The parameter of a page's address with which a visitor chooses a language."""
_COOKIE_SECONDS = 365 * 24 * 3600
_STAFF_PATHS = ("/admin/", "/portal", "/api/docs/", "/api/schema/")
"""The beginnings of paths of pages for staff and programmers, who read English."""


def request_language(request: HttpRequest, clinic: Clinic, *, stored: str = "") -> str:
    """Return Django's code of the language for a response to a patient or visitor, such as `es-us`.

    It is the first of these that the clinic offers: the one chosen in the address of the page, the one chosen
    earlier on this device (a cookie), the one that is stored with the user, one that the browser accepts, and
    the clinic's default. Pages for staff are in English.

    :param stored: the language that the signed-in user has chosen; "" if there is none
    """
    if request.path.startswith(_STAFF_PATHS):
        return clinic.language_code
    offered = clinic.patient_languages
    if len(offered) == 1:
        return clinic.code_of(offered[0])
    candidates = (language for language in _candidates(request, stored) if language in offered)
    return clinic.code_of(next(candidates, clinic.default_language))


def _candidates(request: HttpRequest, stored: str) -> Iterator[str]:
    yield chosen_in_address(request)
    yield request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    yield stored
    for accepted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        yield language_of(accepted)


def chosen_in_address(request: HttpRequest) -> str:
    """Return the language chosen in the address of a page; "" if there is none."""
    language: str = getattr(request, "language_in_address", "")
    return language


def take_language_from_address(request: HttpRequest) -> None:
    """Remove the language from a page's address, so that no view takes it for a parameter of its own."""
    query = request.META.get("QUERY_STRING", "")
    if f"{LANGUAGE_PARAMETER}=" not in query or request.path.startswith("/api/"):
        return
    parameters = request.GET.copy()
    chosen = parameters.pop(LANGUAGE_PARAMETER, [""])[-1]
    request.language_in_address = str(chosen)  # type: ignore[attr-defined]
    request.GET = parameters  # type: ignore[assignment]
    request.META["QUERY_STRING"] = parameters.urlencode()


def mark_language(request: HttpRequest, response: HttpResponse, clinic: Clinic) -> None:
    """Store a language that was chosen in the address, and tell caches what the response depends on."""
    if len(clinic.patient_languages) == 1:
        return
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    if (chosen := chosen_in_address(request)) in clinic.patient_languages:
        set_language_cookie(response, chosen)


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """Store the language chosen on this device for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
