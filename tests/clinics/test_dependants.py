"""Those whom a patient cares for: their records, and whose they are."""

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
from tests.factories.audit import entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_dependant, make_patient
from tests.factories.queries import queries_of
from tests.factories.threads import at_once

ClientFor = Callable[..., ClinicClient]
PATH = "/api/users/dependants/"
MIA = {"first_name": "Mia", "last_name": "Marsh", "date_of_birth": "2019-05-01", "allergies": "Nuts"}


@pytest.fixture
def own(clinic: Clinic, patient: Patient, client_for: ClientFor) -> ClinicClient:
    """The patient, signed in."""
    return client_for(clinic, patient.user)


def names(client: ClinicClient) -> list[str]:
    """Whom somebody cares for."""
    return [each["name"] for each in data_of(client.get(PATH))["results"]]


def test_a_patient_adds_reads_changes_and_gives_up_whom_they_care_for(own: ClinicClient) -> None:
    added = own.post(PATH, MIA)
    one = f"{PATH}{data_of(added)['id']}/"

    read, listed = data_of(own.get(one)), data_of(own.get(PATH))["results"]
    changed = data_of(own.patch(one, {"last_name": "Moor", "date_of_birth": None}))
    replaced = data_of(own.put(one, {"first_name": "Mia", "last_name": "Marsh", "phone": "1"}))
    gone, after = own.delete(one), own.get(one)

    assert added.status_code == 201
    empty = ("phone", "address", "conditions", "medication", "emergency_contact_name",
             "emergency_contact_phone", "insurance_provider", "insurance_number")  # fmt: skip
    shown = {**MIA, "id": data_of(added)["id"], "name": "Mia Marsh", **dict.fromkeys(empty, "")}
    assert data_of(added) == read == listed[0] == shown
    assert changed == {**shown, "last_name": "Moor", "name": "Mia Moor", "date_of_birth": None}
    assert replaced == {**shown, "date_of_birth": None, "phone": "1"}
    assert (gone.status_code, after.status_code, names(own)) == (200, 404, [])


def test_what_is_done_to_a_record_is_in_the_log_without_its_words(own: ClinicClient) -> None:
    key = data_of(own.post(PATH, MIA))["id"]
    own.patch(f"{PATH}{key}/", {"allergies": "Hazelnuts"})
    own.delete(f"{PATH}{key}/")

    assert entries() == [(what, "clinics.patient", key) for what in ("added", "changed", "removed")]


def test_nobody_elses_dependant_is_there_and_asking_for_one_is_in_the_log(
    clinic: Clinic, patient: Patient, own: ClinicClient, client_for: ClientFor
) -> None:
    child = make_dependant(patient)
    stranger = client_for(clinic, make_patient().user)
    before = len(entries())

    for key in (child.pk, uuid4(), patient.pk):
        one = f"{PATH}{key}/"
        answers = [stranger.get(one), stranger.patch(one, {"first_name": "X"}), stranger.delete(one)]
        assert [answer.status_code for answer in answers] == [404] * 3

    refused = [("refused", "clinics.patient", str(pk)) for pk in (child.pk, patient.pk) for _ in range(3)]
    assert entries()[before:] == refused
    assert (names(own), own.get(f"{PATH}{patient.pk}/").status_code) == ([child.full_name], 404)


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
def test_what_does_not_fit_is_named_and_nothing_is_kept(
    own: ClinicClient, sent: dict[str, Any], field: str
) -> None:
    answer = own.post(PATH, {**MIA, **sent})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Patient.objects.count() == 1


def test_fields_that_are_not_theirs_to_give_have_no_effect(own: ClinicClient, patient: Patient) -> None:
    given = {**MIA, "id": str(uuid4()), "user": str(patient.user_id), "erased_at": "2026-01-01T00:00:00Z"}

    made = Patient.objects.get(pk=data_of(own.post(PATH, given))["id"])

    assert (str(made.pk) != given["id"], made.user, made.erased_at) == (True, None, None)


def test_two_parents_care_for_one_child_and_the_record_goes_with_the_last(
    clinic: Clinic, patient: Patient, own: ClinicClient, client_for: ClientFor
) -> None:
    child, parent = make_dependant(patient), make_patient()
    Care.objects.create(carer=parent, dependant=child)
    other = client_for(clinic, parent.user)

    own.delete(f"{PATH}{child.pk}/")
    left = (names(own), names(other))
    other.delete(f"{PATH}{child.pk}/")

    assert left == ([], [child.full_name])
    assert not Patient.objects.filter(pk=child.pk).exists()


def test_twenty_are_as_many_as_one_may_care_for(own: ClinicClient, patient: Patient) -> None:
    for _ in range(MAX_DEPENDANTS - 1):
        make_dependant(patient)

    last, further = own.post(PATH, MIA), own.post(PATH, MIA)

    assert (last.status_code, further.status_code, further.json()["code"]) == (201, 422, "limit_reached")
    assert Care.objects.count() == MAX_DEPENDANTS


def test_adding_many_at_once_does_not_get_past_the_limit(committed_clinic: Clinic) -> None:
    patient = make_patient()
    for _ in range(MAX_DEPENDANTS - 2):
        make_dependant(patient)

    outcomes = at_once(current_clinic(), *[partial(make_dependant, patient)] * 8)

    assert sum(isinstance(outcome, TooManyDependants) for outcome in outcomes) == 6
    assert Care.objects.count() == MAX_DEPENDANTS


def test_without_the_carers_lock_the_limit_would_not_hold(
    committed_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientQuerySet, "select_for_update", lambda rows, **_how: rows)
    patient = make_patient()
    for _ in range(MAX_DEPENDANTS - 1):
        make_dependant(patient)

    for _round in range(10):
        at_once(current_clinic(), *[partial(make_dependant, patient)] * 8)
        if Care.objects.count() > MAX_DEPENDANTS:
            break
        Care.objects.filter(pk=Care.objects.earliest("created_at", "id").pk).delete()

    assert Care.objects.count() > MAX_DEPENDANTS


def test_the_list_costs_the_same_for_one_and_for_three(own: ClinicClient, patient: Patient) -> None:
    own.get("/api/clinic/")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_dependant(patient)
        counts.append(len(queries_of(lambda: own.get(PATH))))

    assert counts[0] == counts[1]


def test_the_desk_says_who_else_cares_for_a_child(clinic: Clinic, admin: User, patient: Patient) -> None:
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
