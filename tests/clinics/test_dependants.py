"""A patient's dependants: their records, and who can see and change them."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from clinics.errors import TooManyDependants
from clinics.models import Care, Patient
from clinics.models.patients import PatientQuerySet
from clinics.services.dependants import MAX_DEPENDANTS
from tenants.accounts.models import User
from tenants.current import current_clinic
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_dependant, make_patient
from tests.factories.queries import queries_of
from tests.factories.threads import run_concurrently

ClientFor = Callable[..., ClinicClient]
PATH = "/api/users/dependants/"
MIA = {"first_name": "Mia", "last_name": "Marsh", "date_of_birth": "2019-05-01", "allergies": "Nuts"}


@pytest.fixture
def patient_client(clinic: Clinic, patient: Patient, client_for: ClientFor) -> ClinicClient:
    """A client signed in as the patient."""
    return client_for(clinic, patient.user)


def names(client: ClinicClient) -> list[str]:
    """Return the names of the user's dependants."""
    return [dependant["name"] for dependant in data_of(client.get(PATH))["results"]]


def test_a_patient_adds_reads_changes_and_removes_a_dependant(patient_client: ClinicClient) -> None:
    added = patient_client.post(PATH, MIA)
    path = f"{PATH}{data_of(added)['id']}/"

    detail, listed = data_of(patient_client.get(path)), data_of(patient_client.get(PATH))["results"]
    changed = data_of(patient_client.patch(path, {"last_name": "Moor", "date_of_birth": None}))
    replaced = data_of(
        patient_client.put(path, {"first_name": "Mia", "last_name": "Marsh", "phone": "020 7946 0001"})
    )
    removed, after_removal = patient_client.delete(path), patient_client.get(path)

    assert added.status_code == 201
    empty = ("phone", "address", "time_zone", "conditions", "medication", "emergency_contact_name",
             "emergency_contact_phone", "emergency_contact_phone_display", "phone_display",
             "insurance_provider", "insurance_number")  # fmt: skip
    shown = {**MIA, "id": data_of(added)["id"], "name": "Mia Marsh", **dict.fromkeys(empty, "")}
    assert data_of(added) == detail == listed[0] == shown
    assert changed == {**shown, "last_name": "Moor", "name": "Mia Moor", "date_of_birth": None}
    assert replaced == {
        **shown,
        "date_of_birth": None,
        "phone": "+442079460001",
        "phone_display": "+44 20 7946 0001",
    }
    assert (removed.status_code, after_removal.status_code, names(patient_client)) == (200, 404, [])


def test_changes_to_a_dependant_are_audited_without_the_values(patient_client: ClinicClient) -> None:
    key = data_of(patient_client.post(PATH, MIA))["id"]
    patient_client.patch(f"{PATH}{key}/", {"allergies": "Hazelnuts"})
    patient_client.delete(f"{PATH}{key}/")

    assert audit_entries() == [(what, "clinics.patient", key) for what in ("added", "changed", "removed")]


def test_dependants_of_others_are_not_found_and_the_request_is_audited(
    clinic: Clinic, patient: Patient, patient_client: ClinicClient, client_for: ClientFor
) -> None:
    child = make_dependant(patient)
    stranger = client_for(clinic, make_patient().user)
    before = len(audit_entries())

    for key in (child.pk, uuid4(), patient.pk):
        path = f"{PATH}{key}/"
        answers = [stranger.get(path), stranger.patch(path, {"first_name": "X"}), stranger.delete(path)]
        assert [answer.status_code for answer in answers] == [404] * 3

    refused = [("refused", "clinics.patient", str(pk)) for pk in (child.pk, patient.pk) for _ in range(3)]
    assert audit_entries()[before:] == refused
    assert (names(patient_client), patient_client.get(f"{PATH}{patient.pk}/").status_code) == (
        [child.full_name],
        404,
    )


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"last_name": None}, "last_name"),
        ({"date_of_birth": "2999-01-01"}, "date_of_birth"),
        ({"allergies": "x" * 2001}, "allergies"),
        ({"phone": "1\n2"}, "phone"),
    ],
)
def test_an_invalid_field_is_named_and_nothing_is_saved(
    patient_client: ClinicClient, sent: dict[str, Any], field: str
) -> None:
    answer = patient_client.post(PATH, {**MIA, **sent})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Patient.objects.count() == 1


def test_read_only_fields_are_refused_and_named(patient_client: ClinicClient, patient: Patient) -> None:
    sent = {"id": str(uuid4()), "user": str(patient.user_id), "erased_at": "2026-01-01T00:00:00Z"}

    answer = patient_client.post(PATH, {**MIA, **sent})

    assert (answer.status_code, set(answer.json()["errors"])) == (400, set(sent))
    assert Patient.objects.count() == 1


def test_a_dependants_record_is_deleted_when_the_last_carer_removes_it(
    clinic: Clinic, patient: Patient, patient_client: ClinicClient, client_for: ClientFor
) -> None:
    child, parent = make_dependant(patient), make_patient()
    Care.objects.create(carer=parent, dependant=child)
    other = client_for(clinic, parent.user)

    patient_client.delete(f"{PATH}{child.pk}/")
    remaining = (names(patient_client), names(other))
    other.delete(f"{PATH}{child.pk}/")

    assert remaining == ([], [child.full_name])
    assert not Patient.objects.filter(pk=child.pk).exists()


def test_a_patient_can_have_twenty_dependants(patient_client: ClinicClient, patient: Patient) -> None:
    for _ in range(MAX_DEPENDANTS - 1):
        make_dependant(patient)

    last, further = patient_client.post(PATH, MIA), patient_client.post(PATH, MIA)

    assert (last.status_code, further.status_code, further.json()["code"]) == (201, 422, "limit_reached")
    assert Care.objects.count() == MAX_DEPENDANTS


def test_concurrent_requests_cannot_exceed_the_limit(committed_clinic: Clinic) -> None:
    patient = make_patient()
    for _ in range(MAX_DEPENDANTS - 2):
        make_dependant(patient)

    outcomes = run_concurrently(current_clinic(), *[partial(make_dependant, patient)] * 8)

    assert sum(isinstance(outcome, TooManyDependants) for outcome in outcomes) == 6
    assert Care.objects.count() == MAX_DEPENDANTS


def test_without_the_lock_on_the_carer_the_limit_can_be_exceeded(
    committed_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientQuerySet, "select_for_update", lambda rows, **_options: rows)
    # It locks the carer's account, which limits them too.
    monkeypatch.setattr("clinics.services.dependants.lock_active_account", lambda _user: None)
    patient = make_patient()
    for _ in range(MAX_DEPENDANTS - 1):
        make_dependant(patient)

    for _round in range(10):
        run_concurrently(current_clinic(), *[partial(make_dependant, patient)] * 8)
        if Care.objects.count() > MAX_DEPENDANTS:
            break
        Care.objects.filter(pk=Care.objects.earliest("created_at", "id").pk).delete()

    assert Care.objects.count() > MAX_DEPENDANTS


def test_the_list_needs_the_same_number_of_queries_for_one_and_three_dependants(
    patient_client: ClinicClient, patient: Patient
) -> None:
    patient_client.get("/api/clinic/")
    counts = []
    for added in (1, 2):
        for _ in range(added):
            make_dependant(patient)
        counts.append(len(queries_of(lambda: patient_client.get(PATH))))

    assert counts[0] == counts[1]


def test_staff_can_add_another_carer_in_the_admin(clinic: Clinic, admin: User, patient: Patient) -> None:
    desk, child, parent = ClinicClient(clinic), make_dependant(patient), make_patient()
    desk.force_login(admin)
    form = {"first_name": "Kit", "last_name": "K", "cared_for_by-TOTAL_FORMS": "2"}
    form |= {"cared_for_by-INITIAL_FORMS": "1", "cared_for_by-0-id": str(Care.objects.get().pk)}
    form |= {"cared_for_by-0-carer": str(patient.pk), "cared_for_by-1-carer": str(parent.pk)}
    form |= {f"cared_for_by-{n}-dependant": str(child.pk) for n in range(2)}

    desk.post(f"/admin/clinics/patient/{child.pk}/change/", form, format="multipart")

    assert set(Care.objects.values_list("carer", "dependant")) == {
        (patient.pk, child.pk),
        (parent.pk, child.pk),
    }
