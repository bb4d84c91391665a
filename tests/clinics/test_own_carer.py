"""Nobody can make themselves the carer of a patient, who could then read the patient's medical details."""

from typing import Any

import pytest

from clinics.models import Care, Patient
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.admin_pages import get_form, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_admin, make_dependant, make_patient, make_receptionist, user_of

OWN = "You cannot make yourself a carer."
MIA = {"first_name": "Mia", "last_name": "Marsh"}


def add_carer(clinic: Clinic, by: User, *, carer: Patient, dependant: Patient) -> str:
    """Add a carer on the patient's page in the admin. Return the resulting page."""
    client = ClinicClient(clinic)
    client.force_login(by)
    page = f"clinics/patient/{dependant.pk}/change/"
    form = get_form(client, page) | {
        "cared_for_by-TOTAL_FORMS": "1",
        "cared_for_by-0-carer": str(carer.pk),
        "cared_for_by-0-dependant": str(dependant.pk),
    }
    return submit_form(client, page, form)


@pytest.mark.parametrize("make", [make_receptionist, make_admin])
@pytest.mark.parametrize(
    ("staff", "private"),
    [
        (MIA, {**MIA, "email": "private@people.example"}),
        ({"email": "mia@people.example"}, {"email": "mia@people.example", "confirmed_at": None}),
        ({"phone": "020 7946 0018"}, {"phone": "+442079460018"}),
    ],
)
def test_staff_cannot_make_their_own_record_a_carer(
    clinic: Clinic, make: Any, staff: dict[str, Any], private: dict[str, Any]
) -> None:
    by, own, other = make(**staff), make_patient(**private), make_patient()

    assert OWN in add_carer(clinic, by, carer=own, dependant=other)

    assert not Care.objects.exists()


def test_the_record_of_an_account_that_became_staff_counts_too(clinic: Clinic) -> None:
    own, other = make_patient(), make_patient()
    by = user_of(own)
    User.objects.filter(pk=by.pk).update(role="receptionist", first_name="New", last_name="Name")

    assert OWN in add_carer(clinic, User.objects.get(pk=by.pk), carer=own, dependant=other)


def test_a_colleague_adds_the_carer(clinic: Clinic) -> None:
    make_receptionist(**MIA)
    own, other = make_patient(**MIA), make_patient()

    page = add_carer(clinic, make_receptionist(), carer=own, dependant=other)

    assert OWN not in page
    assert Care.objects.filter(carer=own, dependant=other).exists()


def test_over_the_api_patients_become_carers_of_new_records_only(clinic: Clinic, client_for: Any) -> None:
    patient, other = make_patient(), make_patient(first_name="Other")
    client = client_for(clinic, user_of(patient))

    refused = client.post("/api/users/dependants/", {**MIA, "id": str(other.pk)})
    mine = make_dependant(patient)
    moved = client.patch(f"/api/users/dependants/{mine.pk}/", {"id": str(other.pk)})

    assert (refused.status_code, moved.status_code) == (400, 400)
    assert client.get(f"/api/users/dependants/{other.pk}/").status_code == 404
    assert not Care.objects.filter(dependant=other).exists()
