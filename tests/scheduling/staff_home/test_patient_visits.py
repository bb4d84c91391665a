"""The visits in the list of patients and in a patient's record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from tenants.accounts.models import User
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot

AsUser = Callable[..., ClinicClient]
DAY = timedelta(days=1)


@pytest.fixture
def visits(doctor: Doctor, patient: Patient, admin: User, now: datetime) -> dict[str, Booking]:
    """Visits of one patient: two past, a cancelled and two upcoming ones, and one with somebody else."""
    days = {"first": -9, "last": -2, "next": 3, "later": 8, "cancelled": 1}
    found = {
        name: make_booking(make_slot(doctor, now + (days[name] + 20) * DAY), patient, now=now)
        for name in days
    }
    for name, booking in found.items():
        starts_at = now + days[name] * DAY
        Booking.objects.filter(pk=booking.pk).update(
            starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30)
        )
    found["elsewhere"] = make_booking(make_slot(make_doctor(), now + 2 * DAY), patient, now=now)
    Booking.objects.filter(pk=found["last"].pk).update(status=Booking.Status.NO_SHOW)
    found["cancelled"].refresh_from_db()
    cancel_booking(booking=found["cancelled"], by=admin, reason="", now=now)
    return found


def ids_of(found: dict[str, Booking], *names: str) -> list[str]:
    """The ids of these visits."""
    return [str(found[name].pk) for name in names]


def around(client: ClinicClient, *patients: Any) -> list[Any]:
    """The last and next visits, as ids."""
    ids = ",".join(str(getattr(patient, "pk", patient)) for patient in patients)
    rows = data_of(client.get("/api/portal/patient-visits/", {"patients": ids}))
    return [[row["last"] and row["last"]["id"], row["next"] and row["next"]["id"]] for row in rows]


def test_a_doctor_sees_the_last_and_next_visits_with_them_and_the_desk_of_all(
    visits: dict[str, Booking], doctor: Doctor, admin: User, patient: Patient, as_user: AsUser
) -> None:
    assert around(as_user(doctor.user), patient) == [ids_of(visits, "last", "next")]
    assert around(as_user(admin), patient) == [ids_of(visits, "last", "elsewhere")]
    assert audit_entries(kind="clinics.patient")[-1] == ("listed", "clinics.patient", str(patient.pk))


def test_patients_whom_a_doctor_does_not_see_are_left_out(
    visits: dict[str, Booking], doctor: Doctor, as_user: AsUser
) -> None:
    assert around(as_user(doctor.user), make_patient(), uuid4()) == []


@pytest.mark.parametrize("patients", ["", "me", ",".join(["00000000-0000-0000-0000-000000000000"] * 51)])
def test_a_list_of_patients_that_makes_no_sense_is_refused(
    admin: User, as_user: AsUser, patients: str
) -> None:
    answer = as_user(admin).get("/api/portal/patient-visits/", {"patients": patients})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["patients"])


def test_a_record_lists_upcoming_visits_and_past_ones_with_their_outcomes(
    visits: dict[str, Booking], doctor: Doctor, admin: User, patient: Patient, as_user: AsUser
) -> None:
    path = f"/api/portal/patients/{patient.pk}/visits/"

    def listed(user: User | None, when: str) -> list[Any]:
        rows = data_of(as_user(user).get(path, {"when": when}))["results"]
        return [(row["id"], row["status"]) for row in rows]

    past = zip(
        ids_of(visits, "cancelled", "last", "first"), ["CANCELLED", "NO_SHOW", "CONFIRMED"], strict=True
    )
    upcoming = [(row, "CONFIRMED") for row in ids_of(visits, "elsewhere", "next", "later")]
    assert listed(admin, "past") == list(past)
    assert listed(admin, "upcoming") == upcoming
    assert listed(doctor.user, "upcoming") == upcoming[1:]
    assert as_user(make_doctor().user).get(path).status_code == 404
