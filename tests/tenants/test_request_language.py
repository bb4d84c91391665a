"""The language of a response: which of several choices counts, and what caches are told."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import translation

from clinics.models import Patient
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.models import Clinic
from tenants.routing.languages import request_language, take_language_from_address
from tenants.services.lifecycle import change_locale, change_patient_languages
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.languages import offering
from tests.factories.people import PASSWORD, user_of

ClientFor = Callable[..., ClinicClient]


@pytest.fixture
def offers(clinic: Clinic) -> Iterator[Callable[..., Clinic]]:
    """Return a function with which the clinic offers languages."""
    with ExitStack() as stack:
        yield lambda *languages, **default: stack.enter_context(offering(clinic, *languages, **default))


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (("de", "es", "ar", "en"), "de-gb"),
        (("fr", "es", "ar", "en"), "es-gb"),
        (("", "fr", "ar", "en"), "ar-gb"),
        (("", "", "", "fr-CA, de-AT;q=0.9, en;q=0.1"), "de-gb"),
        (("", "", "fr", "fr, *;q=0.5"), "es-gb"),
        (("", "", "", ""), "es-gb"),
        (("'; --", "\x00", "", "no language at all;;q=x"), "es-gb"),
    ],
)
def test_the_first_choice_that_the_clinic_offers_counts(
    offers: Callable[..., Clinic], choices: tuple[str, str, str, str], expected: str
) -> None:
    address, cookie, stored, accepted = choices
    clinic = offers("en", "es", "de", "ar", default="es")
    request = RequestFactory().get("/doctors", {"lang": address}, headers={"Accept-Language": accepted})
    request.COOKIES["language"] = cookie

    take_language_from_address(request)

    assert request_language(request, clinic, stored=stored) == expected


def test_a_language_keeps_the_region_of_the_clinic(offers: Callable[..., Clinic]) -> None:
    clinic = change_locale(clinic=offers("en", "es"), locale="en-US")
    request = RequestFactory().get("/", headers={"Accept-Language": "es-ES"})

    assert request_language(request, clinic) == "es-us"


@pytest.mark.parametrize("path", ["/admin/", "/portal", "/portal/calendar", "/api/docs/"])
def test_pages_for_staff_are_in_english(offers: Callable[..., Clinic], path: str) -> None:
    clinic = offers("es", "ar", default="ar")
    request = RequestFactory().get(path, headers={"Accept-Language": "ar"})

    assert request_language(request, clinic) == "en-gb"


def test_a_choice_in_the_address_is_kept_and_hidden_from_the_page(
    clinic: Clinic, offers: Callable[..., Clinic]
) -> None:
    offers("en", "ar")
    client = ClinicClient(clinic)

    chosen = client.get("/doctors?weekday=1&lang=ar")
    later = client.get("/doctors")

    assert chosen.cookies["language"].value == "ar"
    assert '<html lang="ar-gb" dir="rtl">' in chosen.content.decode()
    assert '<html lang="ar-gb" dir="rtl">' in later.content.decode()
    assert '<a href="?weekday=1&amp;lang=en" lang="en">English</a>' in chosen.content.decode()
    assert '<a href="?lang=ar" lang="ar" aria-current="true">العربية</a>' in later.content.decode()
    assert chosen["Cache-Control"] == "no-store"


def test_a_clinic_with_one_language_has_no_menu_and_ignores_other_languages(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get("/doctors?lang=ar", headers={"Accept-Language": "ar"})

    page = answer.content.decode()
    assert ('lang="en-gb"' in page, "lang=en" in page, answer.cookies) == (True, False, {})
    assert "Accept-Language" not in answer["Vary"]


@pytest.mark.parametrize("path", ["/", "/doctors", "/api/clinic/", "/api/appointments/available/"])
def test_caches_are_told_that_a_response_depends_on_the_language(
    clinic: Clinic, offers: Callable[..., Clinic], path: str
) -> None:
    offers("en", "es")

    vary = ClinicClient(clinic).get(path)["Vary"]

    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in vary.split(",")}


def test_the_api_describes_the_clinic_in_the_language_of_the_request(
    clinic: Clinic, offers: Callable[..., Clinic]
) -> None:
    offers("en", "ar")

    data = data_of(ClinicClient(clinic).get("/api/clinic/", headers={"Accept-Language": "ar"}))

    assert (data["locale"], data["patient_languages"]) == (
        "ar-GB-u-nu-latn",
        [{"code": "en", "name": "English"}, {"code": "ar", "name": "العربية"}],
    )


def test_the_api_answers_patients_in_their_language_and_staff_in_english(
    clinic: Clinic, offers: Callable[..., Clinic], patient: Patient, admin: User, client_for: ClientFor
) -> None:
    offers("en", "es")
    User.objects.filter(pk__in=[patient.user_id, admin.pk]).update(language="es")

    def zone(user: Any, accepted: str) -> Any:
        client = client_for(clinic, user)
        sessions = data_of(client.get("/api/auth/sessions/", headers={"Accept-Language": accepted}))
        return sessions["results"][0]["tz_label"]

    # The name of the city is Spanish even without a translation.
    assert ("Londres" in zone(patient.user, "en"), zone(admin, "es")) == (True, "London time")
    assert translation.get_language() == "en-gb"


def test_the_response_to_a_first_sign_in_has_the_language_that_is_stored(
    clinic: Clinic, offers: Callable[..., Clinic], patient: Patient
) -> None:
    offers("en", "es")
    body = {"email": user_of(patient).email, "password": PASSWORD}

    signed_in = ClinicClient(clinic).post("/api/auth/login/", body, headers={"Accept-Language": "es"})

    assert data_of(signed_in)["user"]["language"] == "es"
    assert User.objects.get(patient=patient).language == "es"


def test_a_change_of_languages_does_not_touch_the_clinic_that_other_requests_use(clinic: Clinic) -> None:
    changed = change_patient_languages(clinic=clinic, languages=["es", "en"], default="es")

    assert (clinic.patient_languages, clinic.default_language) == (["en"], "en")
    assert (changed.patient_languages, changed.default_language) == (["en", "es"], "es")


def test_a_language_that_does_not_exist_or_a_default_that_is_not_offered_is_refused(clinic: Clinic) -> None:
    fresh = Clinic.objects.get(pk=clinic.pk)
    for languages, default, field in (
        (["en", "xx"], "en", "patient_languages"),
        ([], "en", "patient_languages"),
        (["es"], "en", "default_language"),
    ):
        with pytest.raises(InvalidInput) as refused:
            change_patient_languages(clinic=fresh, languages=languages, default=default)
        assert list(refused.value.errors) == [field]
