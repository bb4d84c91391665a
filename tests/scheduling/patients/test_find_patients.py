"""Finding a patient while a caller speaks, and registering one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from clinics.models import Doctor, Patient
from clinics.patient_lookup import find_patients
from scheduling.patients.access_log import record_patients_listed, record_patients_listed_hourly
from tenants.accounts.models import AuditEntry, User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient, make_receptionist
from tests.factories.schedule import make_booking, make_slot

AsUser = Callable[..., ClinicClient]
PATIENTS = "/api/portal/patients/"


def make_record(first_name: str, last_name: str, **fields: Any) -> Patient:
    """A patient without an account."""
    patient: Patient = Patient.objects.create(first_name=first_name, last_name=last_name, **fields)
    return patient


@pytest.mark.parametrize(
    "text",
    [
        "mu", "MÜ jo", "jo mu", "josé mul", "obr", "o'br", "o br", "brien", "muller-o", "jose obrien",
        "07400 123456", "07400123", "+44 7400 123456", "0044 7400", "(07400) 123-456", "123456", "3456",
        "4.5.1980", "04/05/1980", "4-5-80", "1980-05-04", "04051980", "19800504", "4 May 1980", "may 4, 1980",
        "1980", "mu 1980", "4th may 1980 jo", "muller 0740", "jose@people",
    ],
)  # fmt: skip
def test_a_patient_is_found_however_the_caller_says_it(clinic: Clinic, text: str) -> None:
    found = make_patient(
        first_name="José",
        last_name="Müller-O'Brien",
        phone="+447400123456",
        date_of_birth=date(1980, 5, 4),
        email="jose@people.example",
    )
    make_record("Ann", "Zeller", phone="+442079460999", date_of_birth=date(1979, 4, 5))

    assert list(Patient.objects.filter(find_patients(text))) == [found]


@pytest.mark.parametrize("text", ["m", "zel mu", "5.4.1980", "999", "1981", "' or", "%%", "a:*&b"])
def test_other_patients_are_not_found(clinic: Clinic, text: str) -> None:
    make_record("José", "Müller", phone="+447400123456", date_of_birth=date(1980, 5, 4))

    assert list(Patient.objects.filter(find_patients(text))) == []


def test_the_search_uses_the_index(clinic: Clinic) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

        plans = [Patient.objects.filter(find_patients(text)).explain() for text in ("mu jo", "07400 123")]

    assert ["patient_by_words" in plan for plan in plans] == [True, True]


def test_doctors_find_their_own_patients_and_each_is_audited_once_an_hour(
    doctor: Doctor, patient: Patient, as_user: AsUser, at_now: Any
) -> None:
    make_booking(make_slot(doctor, at_now + timedelta(hours=2)), patient, now=at_now)
    make_patient(last_name=patient.last_name)
    client = as_user(doctor.user)

    for text in (patient.last_name[:3], patient.last_name[:4], patient.last_name):
        answer = data_of(client.get(PATIENTS, {"q": text}))

    assert [found["id"] for found in answer["results"]] == [str(patient.pk)]
    assert answer["has_more"] is False
    listed = AuditEntry.objects.filter(by=doctor.user, what="listed", record_id=str(patient.pk))
    assert listed.count() == 1


def test_a_patient_whom_two_lists_recorded_at_the_same_moment_can_be_listed_again(
    patient: Patient, admin: User, as_user: AsUser, at_now: Any
) -> None:
    for seconds in (1, 2):
        with time_machine.travel(at_now + timedelta(seconds=seconds), tick=False):
            record_patients_listed(patients=[patient], by=admin)

    record_patients_listed_hourly(patients=[patient], by=admin, now=at_now)

    assert as_user(admin).get(PATIENTS, {"q": patient.last_name}).status_code == 200
    assert AuditEntry.objects.filter(by=admin, what="listed", record_id=str(patient.pk)).count() == 2


def test_at_most_twenty_are_listed_with_what_tells_namesakes_apart(as_user: AsUser, admin: User) -> None:
    for year in range(1950, 1972):
        make_record("Sam", "Namesake", date_of_birth=date(year, 1, 1), phone="+442079460999")
    client = as_user(admin)

    answer, rest = (data_of(client.get(PATIENTS, {"q": "namesa", "page": page})) for page in (1, 2))

    assert (len(answer["results"]), answer["has_more"]) == (20, True)
    assert (len(rest["results"]), rest["has_more"]) == (2, False)
    first = answer["results"][0]
    assert first["date_of_birth"].endswith("-01-01")
    assert first["phone_display"] == "+44 20 7946 0999"


def test_the_desk_registers_a_caller_with_the_least_fields(as_user: AsUser, admin: User) -> None:
    client = as_user(make_receptionist())

    made = client.post(PATIENTS, {"first_name": "Nia", "last_name": "Newman", "phone": "07400 123999"})
    refused = client.post(PATIENTS, {"first_name": "Nia", "last_name": "Newman"})

    assert (made.status_code, refused.status_code) == (201, 400)
    assert list(refused.json()["errors"]) == ["date_of_birth"]
    patient = Patient.objects.get(pk=data_of(made)["id"])
    assert (patient.phone, patient.user) == ("+447400123999", None)


def test_with_an_email_address_the_patient_gets_an_account(as_user: AsUser, admin: User) -> None:
    body = {
        "first_name": "Nia",
        "last_name": "Newman",
        "phone": "07400 123999",
        "email": "Nia@people.example",
    }

    made = data_of(as_user(admin).post(PATIENTS, body))

    user = Patient.objects.get(pk=made["id"]).user
    assert user is not None
    assert (user.email, user.role, user.email_verified_at) == ("nia@people.example", "patient", None)
    assert not user.has_usable_password()


@pytest.mark.parametrize(
    ("person", "is_similar"),
    [
        ({"first_name": "Mona", "last_name": "Marsh", "date_of_birth": "1980-05-04"}, True),
        ({"first_name": "Marsh", "last_name": "Móna", "date_of_birth": "1980-05-04"}, True),
        ({"first_name": "Mona", "last_name": "Marsch", "date_of_birth": "1980-05-04"}, True),
        ({"first_name": "Kim", "last_name": "Other", "phone": "07400 123456"}, True),
        ({"first_name": "Mona", "last_name": "Marsh", "date_of_birth": "1981-05-04"}, False),
        ({"first_name": "Kim", "last_name": "Other", "date_of_birth": "1980-05-04"}, False),
    ],
)
def test_likely_duplicates_are_listed_unless_the_desk_confirms(
    as_user: AsUser, admin: User, person: dict[str, str], is_similar: bool
) -> None:
    known = make_record("Mona", "Marsh", date_of_birth=date(1980, 5, 4), phone="+447400123456")
    client = as_user(admin)

    answer = client.post(PATIENTS, person)

    if not is_similar:
        assert answer.status_code == 201
        return
    assert (answer.status_code, answer.json()["code"]) == (409, "possible_duplicates")
    assert [patient["id"] for patient in answer.json()["data"]["patients"]] == [str(known.pk)]
    assert client.post(PATIENTS, {**person, "duplicate_ok": True}).status_code == 201


def test_the_desk_adds_a_telephone_number_and_an_address_but_changes_none(
    as_user: AsUser, admin: User, patient: Patient
) -> None:
    record, client = make_record("Mona", "Marsh"), as_user(admin)
    address = f"{PATIENTS}{record.pk}/"

    changed = client.patch(address, {"phone": "07400 123456", "email": "mona@people.example"})
    refused = client.patch(address, {"email": "other@people.example"})

    assert (changed.status_code, refused.status_code) == (200, 400)
    record.refresh_from_db()
    assert record.user is not None
    assert (record.phone, record.user.email) == ("+447400123456", "mona@people.example")
    assert client.patch(f"{PATIENTS}{patient.pk}/", {"role": "admin"}).status_code == 400
