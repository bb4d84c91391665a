"""Telephone numbers that were stored before they were checked, and the API's refusal of new invalid ones."""

from typing import Any

import pytest

from clinics.models import ClinicSettings, Patient
from clinics.services.phone_numbers import normalise_phone_numbers
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.admin_pages import get_form, get_page, submit_form
from tests.factories.people import make_dependant, make_patient, make_receptionist, user_of

PROFILE = "/api/auth/profile/"


def test_old_numbers_are_stored_as_e164_and_invalid_ones_stay(clinic: Clinic) -> None:
    old, broken = make_patient(phone="020 7946 0018"), make_patient(phone="abc")
    Patient.objects.filter(pk=old.pk).update(emergency_contact_phone="(0121) 234 5678")

    assert normalise_phone_numbers() == 3
    assert normalise_phone_numbers() == 0

    old.refresh_from_db()
    assert (old.phone, old.emergency_contact_phone) == ("+442079460018", "+441212345678")
    assert User.objects.get(patient=old).phone == "+442079460018"
    broken.refresh_from_db()
    assert broken.phone == "abc"
    assert broken.phone_problem


def test_old_numbers_are_read_in_the_country_that_the_clinic_chose(clinic: Clinic) -> None:
    ClinicSettings.objects.update(holiday_country="US")
    patient = make_patient(phone="(212) 555-0142")

    normalise_phone_numbers()

    patient.refresh_from_db()
    assert patient.phone == "+12125550142"


@pytest.mark.parametrize("sent", ["abc", "1", "020 7946 0018 or 019", "+44 20"])
@pytest.mark.parametrize("field", ["phone", "profile"])
def test_an_invalid_number_is_a_400_that_names_the_field(
    client_for: Any, clinic: Clinic, patient: Patient, field: str, sent: str
) -> None:
    body = {"phone": sent} if field == "phone" else {"profile": {"emergency_contact_phone": sent}}

    refused = client_for(clinic, user_of(patient)).patch(PROFILE, body)

    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["phone" if field == "phone" else "emergency_contact_phone"]


def test_registering_and_dependants_check_the_number_too(client_for: Any, clinic: Clinic) -> None:
    person = {"first_name": "Mia", "last_name": "Marsh", "phone": "abc"}
    account = {**person, "email": "mia@people.example", "password": "correct horse battery"}
    carer = make_patient()

    for client, path, body in (
        (client_for(clinic), "/api/auth/register/", account),
        (client_for(clinic, user_of(carer)), "/api/users/dependants/", person),
    ):
        refused = client.post(path, body)
        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["phone"])


def test_the_front_desk_stores_e164_and_sees_which_numbers_are_invalid(
    client_for: Any, clinic: Clinic
) -> None:
    patient = make_dependant(make_patient(), phone="abc")
    client = client_for(clinic)
    client.force_login(make_receptionist())
    path = f"clinics/patient/{patient.pk}/change/"

    shown = get_page(client, path)
    submit_form(client, path, get_form(client, path) | {"phone": "020 7946 0018"})

    patient.refresh_from_db()
    assert "This is not a valid telephone number." in shown
    assert patient.phone == "+442079460018"
    assert not patient.phone_problem
