"""Pages of Django Admin: the clinic's locale, titles, and filters of users."""

import pytest

from tenants.accounts.models import User
from tenants.models import Clinic
from tenants.routing.hosts import clear_host_cache
from tests.factories.admin_pages import get_form, get_page, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_doctor, make_patient

SETTINGS = "clinics/clinicsettings/1/change/"


@pytest.fixture
def desk(clinic: Clinic, admin: User) -> ClinicClient:
    """A browser signed in to the clinic's admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


def test_an_admin_can_change_the_locale_of_the_clinic(desk: ClinicClient, clinic: Clinic) -> None:
    british = get_page(desk, SETTINGS)
    submit_form(desk, SETTINGS, get_form(desk, SETTINGS) | {"locale": "en-US"})
    clear_host_cache()  # the test's transaction is never committed
    american = get_page(desk, SETTINGS)

    assert (clinic.locale, Clinic.objects.get(pk=clinic.pk).locale) == ("en-GB", "en-US")
    assert ('lang="en-gb"' in british, "Main colour" in british) == (True, True)
    assert ('lang="en-us"' in american, "Main color" in american) == (True, True)


def test_an_admin_chooses_the_languages_for_patients_and_the_default(
    desk: ClinicClient, clinic: Clinic
) -> None:
    chosen = get_form(desk, SETTINGS) | {"patient_languages": ["es", "en"], "default_language": "es"}
    wrong = chosen | {"default_language": "ar"}

    refused = submit_form(desk, SETTINGS, wrong)
    before = Clinic.objects.get(pk=clinic.pk).patient_languages
    submit_form(desk, SETTINGS, chosen)

    stored = Clinic.objects.get(pk=clinic.pk)
    assert ("Choose one of the languages that patients can choose." in refused, before) == (True, ["en"])
    assert (stored.patient_languages, stored.default_language) == (["en", "es"], "es")


def test_a_browsers_language_does_not_change_the_locale(desk: ClinicClient) -> None:
    page = desk.get(f"/admin/{SETTINGS}", headers={"accept-language": "en-US"}).content.decode()

    assert 'lang="en-gb"' in page


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("", "Clinic administration"),
        ("scheduling/booking/", "Bookings"),
        ("scheduling/waitlistentry/", "Waiting list entries"),
        ("accounts/auditentry/", "Audit log entries"),
        ("scheduling/booking/add/", "Add booking"),
        (SETTINGS, "Clinic settings"),
    ],
)
def test_pages_have_plain_titles_and_name_their_time_zone(desk: ClinicClient, path: str, title: str) -> None:
    page = get_page(desk, path)

    assert f"<h1>{title}</h1>" in page
    assert "Times on this page: London time" in page


def test_users_are_filtered_by_the_roles_of_a_clinic_and_by_confirmed_address(desk: ClinicClient) -> None:
    make_patient(confirmed_at=None)
    make_doctor()

    users = get_page(desk, "accounts/user/")
    confirmed = get_page(desk, "accounts/user/?confirmed=yes")
    others = get_page(desk, "accounts/user/?confirmed=no")

    assert ("receptionist" in users, "platform operator" in users) == (True, False)
    assert ("0 users" in confirmed, "0 users" in others) == (True, False)
