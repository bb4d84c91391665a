"""The front desk runs the waiting list: entries for callers, offers, and why nobody was offered a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import Booking, WaitlistEntry
from scheduling.waitlist.join_checks import WaitlistRequest
from scheduling.waitlist.services import join_waitlist
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient
from tests.factories.queries import queries_of
from tests.factories.schedule import make_slot
from tests.factories.waitlist import make_entry

AsUser = Callable[..., ClinicClient]
WAITLIST, AT_DESK = "/api/appointments/waitlist/", "/api/portal/waitlist/"


@pytest.fixture
def caller(doctor: Doctor) -> Patient:
    """A patient without an account, born in 1980."""
    patient: Patient = Patient.objects.create(
        first_name="Nia", last_name="Newman", phone="+447400123456", date_of_birth="1980-05-04"
    )
    return patient


def enter(patient: Patient, doctor: Doctor, *, by: User, now: datetime) -> WaitlistEntry:
    """An entry that the desk makes, for the next 30 days."""
    request = WaitlistRequest(doctor=doctor, first=now.date(), last=now.date() + timedelta(days=30))
    return join_waitlist(patient=patient, by=by, request=request, now=now)


def listed(client: ClinicClient, **query: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = data_of(client.get(AT_DESK, query))["results"]
    return results


def test_the_desk_enters_a_caller_and_removes_the_entry(
    as_user: AsUser, admin: User, doctor: Doctor, caller: Patient
) -> None:
    client = as_user(admin)
    body = {"doctor": str(doctor.pk), "from": "2026-03-03", "to": "2026-03-31"}

    without_patient = client.post(WAITLIST, body)
    entry = data_of(client.post(WAITLIST, {**body, "patient": str(caller.pk)}))
    removed = client.delete(f"{WAITLIST}{entry['id']}/")

    assert (without_patient.status_code, entry["patient"]["id"]) == (400, str(caller.pk))
    assert (removed.status_code, listed(client)) == (200, [])


def test_the_list_says_whom_to_call_and_why_nobody_was_offered_a_time(
    as_user: AsUser, admin: User, caller: Patient, patient: Patient, at_now: datetime
) -> None:
    doctor = make_doctor()
    enter(caller, doctor, by=admin, now=at_now)
    waiting = make_entry(patient, make_doctor(), now=at_now)
    WaitlistEntry.objects.filter(pk=make_entry(make_patient(), doctor, now=at_now).pk).update(offers_missed=2)
    client = as_user(admin)

    entries = {entry["reason"]: entry for entry in listed(client)}

    assert set(entries) == {"nobody_to_tell", "none_free", "unanswered"}
    assert entries["nobody_to_tell"]["patient"]["phone_display"] == "+44 7400 123456"
    assert entries["unanswered"]["reason_text"].startswith("2 offers ended without an answer.")
    assert [entry["id"] for entry in listed(client, q="new nia")] == [entries["nobody_to_tell"]["id"]]
    assert [entry["id"] for entry in listed(client, doctor=str(waiting.doctor_id))] == [str(waiting.pk)]
    assert listed(client, status="offered") == []


def test_the_desk_offers_a_time_to_a_waiting_patient(
    as_user: AsUser, admin: User, patient: Patient, caller: Patient, at_now: datetime
) -> None:
    doctor = make_doctor()
    slot = make_slot(doctor, at_now + timedelta(days=2))
    entry, unreachable = make_entry(patient, doctor, now=at_now), enter(caller, doctor, by=admin, now=at_now)
    client = as_user(admin)

    offered = client.post(f"{AT_DESK}{entry.pk}/offer/", {"slot": str(slot.pk)})
    again = client.post(f"{AT_DESK}{entry.pk}/offer/", {"slot": str(slot.pk)})
    to_nobody = client.post(f"{AT_DESK}{unreachable.pk}/offer/", {"slot": str(slot.pk)})

    assert (offered.status_code, data_of(offered)["reason"]) == (201, "offered")
    assert (again.status_code, again.json()["code"]) == (409, "already_offered")
    assert (to_nobody.status_code, to_nobody.json()["code"]) == (422, "nobody_to_tell")
    assert Booking.objects.get(slot=slot).status == "HELD"


def test_the_number_of_queries_does_not_depend_on_the_number_of_entries(
    as_user: AsUser, admin: User, doctor: Doctor, at_now: datetime
) -> None:
    client = as_user(admin)
    counts = []

    for number in (1, 3):
        while WaitlistEntry.objects.count() < number:
            make_entry(make_patient(), doctor, now=at_now)
        listed(client)  # fills the caches, and records the patients
        counts.append(len(queries_of(lambda: listed(client))))

    assert counts[0] == counts[1]
