"""A patient's details and data without JavaScript, and the addresses of the web app."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import Resolver404, resolve

from clinics.models import Patient
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.languages import offering
from tests.factories.pages import heading_of, send, sign_in, text_of
from tests.factories.people import make_patient

_APP = Path(__file__).resolve().parents[2] / "frontend/src/app"
ROUTES = [_APP / "routes.tsx", _APP / "other-pages.tsx"]


@pytest.fixture
def browser(clinic: Clinic) -> ClinicClient:
    """A browser in which a patient is signed in."""
    client = ClinicClient(clinic)
    sign_in(client, make_patient(first_name="Sara", last_name="Lind"))
    return client


def test_a_patient_changes_their_details(browser: ClinicClient) -> None:
    shown = browser.get("/profile")
    details = {"first_name": "Sara", "last_name": "Berg", "phone": "020 7946 0018", "allergies": "Nuts"}
    details["time_zone"] = "America/Argentina/Buenos_Aires"

    answer = send(browser, "/profile", **details)
    page = browser.get(answer["Location"])

    patient = Patient.objects.get()
    assert 'name="last_name" value="Lind"' in shown.content.decode()
    assert (answer.status_code, answer["Location"]) == (303, "/profile?saved")
    assert (patient.last_name, patient.phone, patient.allergies) == ("Berg", "+442079460018", "Nuts")
    assert patient.time_zone == "America/Argentina/Buenos_Aires"
    assert "Your details have been saved." in text_of(page)
    assert "The same as the clinic (London time)" in text_of(page)
    assert "selected>Argentina, Buenos Aires</option>" in page.content.decode()
    assert ">\nNuts</textarea>" in page.content.decode()


def test_a_chosen_language_is_stored_and_the_page_is_in_it(clinic: Clinic, browser: ClinicClient) -> None:
    with offering(clinic, "en", "de", "ar"):
        in_menu = browser.get("/profile?lang=de")
        stored = User.objects.get(patient__first_name="Sara").language
        answer = send(browser, "/profile", first_name="Sara", last_name="Lind", language="ar")
        page = browser.get(answer["Location"]).content.decode()

    assert ('<html lang="de-gb"' in in_menu.content.decode(), stored) == (True, "de")
    assert (answer.status_code, answer.cookies["language"].value) == (303, "ar")
    assert '<html lang="ar-gb" dir="rtl">' in page
    assert '<option value="ar" selected>العربية</option>' in page
    assert User.objects.get(patient__first_name="Sara").language == "ar"


def test_invalid_details_are_named_at_their_fields_and_change_nothing(browser: ClinicClient) -> None:
    answer = send(browser, "/profile", first_name="", last_name="Berg", date_of_birth="2090-01-01")
    dated = send(browser, "/profile", first_name="Sara", last_name="Berg", date_of_birth="2090-01-01")

    assert (answer.status_code, dated.status_code) == (400, 400)
    assert '<a href="#first_name">Enter your first name</a>' in answer.content.decode()
    assert 'id="date_of_birth-error"' in dated.content.decode()
    assert Patient.objects.get().last_name == "Lind"


def test_my_data_can_be_downloaded_as_the_api_exports_it(browser: ClinicClient) -> None:
    page = browser.get("/profile/data")
    file = send(browser, "/profile/data")

    assert heading_of(page) == "My data"
    assert file["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert file.json()["profile"]["id"] == str(Patient.objects.get().pk)


def web_app_paths() -> list[str]:
    """The addresses of the web app's routes, with an id for each parameter and with optional parts."""
    found: list[Any] = re.findall(r'<Route path="([^"*]+)"', "".join(file.read_text() for file in ROUTES))
    routes = [re.sub(r":\w+", "4c8d2a1e-7f0b-4d6c-9a3e-5b2f1d0c7e08", path) for path in found]
    return sorted(
        {path for route in routes for path in (route.replace("?", ""), re.sub(r"/\w+\?", "", route))}
    )


def test_every_address_of_the_web_app_has_a_page() -> None:
    missing = []
    for path in web_app_paths():
        try:
            resolve(f"/{path}", urlconf="config.urls_clinic")
        except Resolver404:
            missing.append(path)

    assert len(web_app_paths()) > 30
    assert missing == []


def test_the_frame_has_the_clinic_as_the_api_describes_it(browser: ClinicClient) -> None:
    clinic = data_of(browser.get("/api/clinic/"))

    page = text_of(browser.get("/profile"))

    assert f"All times are {clinic['tz_label']}." in page
    assert "My appointments My details Sign out" in page
