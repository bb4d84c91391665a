"""The user's own profile: what each role can see and change."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from clinics.models import Doctor, Patient
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.languages import offering

PATH = "/api/auth/profile/"
ClientFor = Callable[..., ClinicClient]


@pytest.fixture
def as_patient(clinic: Clinic, patient: Patient, client_for: ClientFor) -> ClinicClient:
    """A client signed in as the patient."""
    return client_for(clinic, patient.user)


@pytest.fixture
def as_doctor(clinic: Clinic, doctor: Doctor, client_for: ClientFor) -> ClinicClient:
    """A client signed in as the doctor."""
    return client_for(clinic, doctor.user)


def errors_of(answer: Any) -> dict[str, list[str]]:
    """Return the errors of a 400 response."""
    assert answer.status_code == 400
    errors: dict[str, list[str]] = answer.json()["errors"]
    return errors


def test_a_patient_sees_their_record(as_patient: ClinicClient, patient: Patient) -> None:
    shown = data_of(as_patient.get(PATH))

    assert (shown["role"], shown["first_name"], shown["last_name"]) == ("patient", "Pat", patient.last_name)
    assert shown["profile"] == {
        "id": str(patient.pk),
        "date_of_birth": None,
        "address": "",
        "time_zone": "",
        "allergies": "",
        "conditions": "",
        "medication": "",
        "emergency_contact_name": "",
        "emergency_contact_phone": "",
        "emergency_contact_phone_display": "",
        "insurance_provider": "",
        "insurance_number": "",
    }


def test_a_doctor_sees_their_public_profile(as_doctor: ClinicClient, doctor: Doctor) -> None:
    profile = data_of(as_doctor.get(PATH))["profile"]

    (specialty,) = profile.pop("specialties")
    assert specialty["code"] == "general-medicine"
    assert profile == {
        "id": str(doctor.pk),
        "title": "Dr",
        "name": doctor.name,
        "display_name": f"Dr {doctor.name}",
        "qualification": "",
        "bio": "",
        "years_of_experience": 0,
        "languages": [],
        "licence_number": "",
        "photo": None,
        "accepting_new_patients": True,
    }


def test_an_admin_has_no_record(clinic: Clinic, admin: User, client_for: ClientFor) -> None:
    shown = data_of(client_for(clinic, admin).get(PATH))

    assert (shown["role"], shown["profile"]) == ("admin", None)


def test_an_admin_changes_their_name(clinic: Clinic, admin: User, client_for: ClientFor) -> None:
    shown = data_of(client_for(clinic, admin).patch(PATH, {"first_name": "Ann", "profile": {}}))

    admin.refresh_from_db()
    assert (shown["first_name"], admin.first_name, shown["profile"]) == ("Ann", "Ann", None)


def test_an_admin_who_has_no_profile_cannot_change_one(
    clinic: Clinic, admin: User, client_for: ClientFor
) -> None:
    answer = client_for(clinic, admin).patch(PATH, {"profile": {"bio": "x"}})

    assert list(errors_of(answer)) == ["profile"]


@pytest.mark.parametrize("name", ["\ud800", "x" * 9999, "errors", "__proto__"])
def test_a_strange_field_is_refused(as_patient: ClinicClient, name: str) -> None:
    assert len(errors_of(as_patient.patch(PATH, {name: "x"}))) == 1


@pytest.mark.parametrize("method", ["get", "put", "patch"])
def test_a_profile_requires_a_session(clinic: Clinic, method: str) -> None:
    assert getattr(ClinicClient(clinic), method)(PATH).status_code == 401


def test_a_patch_changes_only_the_fields_that_were_sent(as_patient: ClinicClient, patient: Patient) -> None:
    before = data_of(as_patient.get(PATH))

    shown = data_of(
        as_patient.patch(
            PATH, {"phone": "020 7946 0001", "profile": {"allergies": "Nuts", "date_of_birth": "1980-12-31"}}
        )
    )

    patient.refresh_from_db()
    profile = {**before["profile"], "allergies": "Nuts", "date_of_birth": "1980-12-31"}
    assert shown == {
        **before,
        "phone": "+442079460001",
        "phone_display": "+44 20 7946 0001",
        "profile": profile,
    }
    assert (patient.phone, patient.allergies, patient.date_of_birth) == (
        "+442079460001", "Nuts", date(1980, 12, 31)
    )  # fmt: skip


def test_a_new_name_of_a_patient_changes_the_patient_record_too(
    as_patient: ClinicClient, patient: Patient
) -> None:
    as_patient.put(PATH, {"first_name": "Mia", "last_name": "Marsh"})

    patient.refresh_from_db()
    assert patient.full_name == "Mia Marsh"


def test_a_put_requires_the_name(as_patient: ClinicClient) -> None:
    required = ["This field is required."]

    assert errors_of(as_patient.put(PATH, {"phone": "020 7946 0001"})) == {
        "first_name": required,
        "last_name": required,
    }


def test_a_change_is_audited_without_the_values(as_patient: ClinicClient, patient: Patient) -> None:
    as_patient.patch(PATH, {"profile": {"allergies": "Hazelnuts"}})

    assert audit_entries() == [
        ("changed", "accounts.user", str(patient.user_id)),
        ("changed", "clinics.patient", str(patient.pk)),
    ]


def test_a_birth_date_can_be_removed(as_patient: ClinicClient, patient: Patient) -> None:
    Patient.objects.filter(pk=patient.pk).update(date_of_birth=date(1980, 1, 1))

    shown = data_of(as_patient.patch(PATH, {"profile": {"date_of_birth": None}}))

    assert shown["profile"]["date_of_birth"] is None


def test_a_doctor_can_change_bio_languages_and_new_patients(as_doctor: ClinicClient, doctor: Doctor) -> None:
    sent = {"bio": "Gentle.\nPatient.", "languages": ["en", "sv"], "accepting_new_patients": False}

    shown = data_of(as_doctor.patch(PATH, {"profile": sent}))

    doctor.refresh_from_db()
    assert {name: shown["profile"][name] for name in sent} == sent
    assert (doctor.bio, doctor.languages, doctor.accepting_new_patients) == (
        "Gentle.\nPatient.",
        ["en", "sv"],
        False,
    )


def test_fields_that_the_clinic_maintains_are_refused_and_named(as_doctor: ClinicClient) -> None:
    before = data_of(as_doctor.get(PATH))
    sent = {
        "id": "00000000-0000-0000-0000-000000000001",
        "title": "Prof",
        "name": "Somebody",
        "display_name": "Prof Somebody",
        "years_of_experience": 60,
        "licence_number": "1",
        "specialties": [],
        "is_active": False,
        "user": None,
    }

    assert set(errors_of(as_doctor.patch(PATH, {"profile": sent}))) == set(sent)
    assert data_of(as_doctor.get(PATH)) == before


@pytest.mark.parametrize("role", ["as_patient", "as_doctor"])
def test_identity_and_role_are_refused_and_named_and_nothing_is_changed(
    request: pytest.FixtureRequest, role: str
) -> None:
    client: ClinicClient = request.getfixturevalue(role)
    before = data_of(client.get(PATH))
    sent = {
        "id": "00000000-0000-0000-0000-000000000001",
        "email": "admin@riverside.example",
        "role": "admin",
        "is_staff": True,
        "is_active": False,
        "password": "another horse battery",
        "token_version": 9,
    }

    assert set(errors_of(client.patch(PATH, {"phone": "020 7946 0001", **sent}))) == set(sent)
    assert data_of(client.get(PATH)) == before


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"profile": {"date_of_birth": "2001-02-29"}}, "date_of_birth"),
        ({"profile": {"allergies": "x" * 2001}}, "allergies"),
        ({"profile": {"allergies": {"a": 1}}}, "allergies"),
        ({"profile": "x"}, "profile"),
        ({"profile": []}, "profile"),
        ({"profile": None}, "profile"),
        ({"first_name": ""}, "first_name"),
        ({"last_name": "x" * 81}, "last_name"),
        ({"phone": "1" * 33}, "phone"),
        ({"first_name": None}, "first_name"),
    ],
)
def test_an_invalid_field_is_named_and_nothing_is_changed(
    as_patient: ClinicClient, sent: dict[str, Any], field: str
) -> None:
    before = data_of(as_patient.get(PATH))

    assert list(errors_of(as_patient.patch(PATH, {"phone": "020 7946 0001", **sent}))) == [field]

    assert data_of(as_patient.get(PATH)) == before


@pytest.mark.parametrize(
    ("day", "accepted"),
    [
        ("2026-03-02", True),
        ("2026-03-03", False),
        ("1896-01-01", True),
        ("1895-12-31", False),
        ("2024-02-29", True),
    ],
)
def test_a_birth_date_must_be_within_the_last_130_years(
    clinic: Clinic, patient: Patient, client_for: ClientFor, day: str, accepted: bool
) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False):
        answer = client_for(clinic, patient.user).patch(PATH, {"profile": {"date_of_birth": day}})

    assert answer.status_code == (200 if accepted else 400)


def test_a_patient_can_choose_a_language_that_the_clinic_offers(
    as_patient: ClinicClient, clinic: Clinic, patient: Patient
) -> None:
    with offering(clinic, "en", "ar"):
        chosen = as_patient.patch(PATH, {"language": "ar"})
        other = as_patient.patch(PATH, {"language": "de"})

    assert (data_of(chosen)["language"], chosen.cookies["language"].value) == ("ar", "ar")
    assert list(errors_of(other)) == ["language"]
    assert User.objects.get(patient=patient).language == "ar"


def test_staff_cannot_choose_a_language(as_doctor: ClinicClient) -> None:
    assert list(errors_of(as_doctor.patch(PATH, {"language": "en"}))) == ["language"]
