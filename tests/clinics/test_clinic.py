"""`/api/clinic/`: the clinic's public data."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import ClinicSettings, Doctor, Specialty
from clinics.public_cache import invalidate_public_pages
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor

SPECIALTIES = {
    "audiology": "Audiology",
    "chiropractic": "Chiropractic",
    "dentistry": "Dentistry",
    "general-medicine": "General medicine",
    "mental-health": "Mental health",
    "optometry": "Optometry",
    "physiotherapy": "Physiotherapy",
}


def test_clinic_returns_name_contact_colours_rules_and_specialties(clinic: Clinic) -> None:
    ClinicSettings.objects.update(
        phone="+44 20 7946 0123", email="hello@riverside.example", address="12 Riverside Walk\nLondon"
    )
    make_doctor(specialties=SPECIALTIES)
    left = make_doctor()
    left.specialties.set([Specialty.objects.create(code="audiology-2", name="Audiology 2")])
    Doctor.objects.filter(pk=left.pk).update(is_active=False)

    data = data_of(ClinicClient(clinic).get("/api/clinic/"))

    specialties = data.pop("specialties")
    assert data == {
        "id": str(clinic.pk),
        "slug": "riverside",
        "name": "Riverside",
        "time_zone": "Europe/London",
        "tz_label": "London time",
        "locale": "en-GB",
        "patient_languages": [{"code": "en", "name": "English"}],
        "desk_sees_clinical": False,
        "phone": "+44 20 7946 0123",
        "email": "hello@riverside.example",
        "address": "12 Riverside Walk\nLondon",
        "languages": ["en"],
        "branding": {
            "logo": None,
            "icon": None,
            "primary_color": "#0b5c8a",
            "on_primary_color": "#ffffff",
            "accent_color": "#e8f1f7",
            "on_accent_color": "#000000",
        },
        "booking_rules": {
            "horizon_days": 90,
            "cancellation_notice_minutes": 0,
            "reschedule_notice_minutes": 0,
            "booking_notice_minutes": 0,
            "hold_minutes": 10,
            "ask_date_of_birth": False,
        },
        "visit_types": [],
    }
    assert {specialty["code"]: specialty["name"] for specialty in specialties} == SPECIALTIES
    assert [specialty["name"] for specialty in specialties] == sorted(SPECIALTIES.values())


def test_each_clinic_returns_its_own_data(clinic: Clinic, other_clinic: Clinic) -> None:
    data = data_of(ClinicClient(other_clinic).get("/api/clinic/"))

    assert (data["slug"], data["time_zone"], data["tz_label"], data["locale"]) == (
        "hudson",
        "America/New_York",
        "New York time",
        "en-US",
    )


def test_the_number_of_specialties_does_not_change_the_number_of_queries(clinic: Clinic) -> None:
    client = ClinicClient(clinic)
    make_doctor(specialties=SPECIALTIES)
    client.get("/api/clinic/")
    invalidate_public_pages()  # as the deletion below does
    with CaptureQueriesContext(connection) as queries_for_many:
        client.get("/api/clinic/")
    Specialty.objects.exclude(code="dentistry").delete()

    with CaptureQueriesContext(connection) as queries_for_one:
        client.get("/api/clinic/")

    assert len(queries_for_one) == len(queries_for_many)
