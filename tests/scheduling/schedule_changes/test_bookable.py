"""`portal/bookable/`: a doctor, or an admin for them, switches bookings on and off. Booked visits stay."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import hold_slot
from scheduling.errors import VisitTypeNotOffered
from scheduling.models import Booking, VisitType, WaitlistOffer
from tenants.accounts.models import AuditEntry, User
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, make_receptionist, user_of
from tests.factories.queue import queued_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import make_entry

URL = "/api/portal/bookable/"
HOUR = timedelta(hours=1)


@pytest.fixture
def visit(clinic: object) -> VisitType:
    """A visit type that every doctor offers."""
    made: VisitType = VisitType.objects.create(name="Check-up")
    return made


@pytest.fixture
def client(as_user: Callable[..., ClinicClient], doctor: Doctor) -> ClinicClient:
    """A client of the doctor."""
    return as_user(doctor.user)


def pause(client: ClinicClient, visit: VisitType, *, offered: bool = False, query: str = "") -> Any:
    """Switch the visit type off, or on again. Return the response."""
    return client.patch(URL + query, {"visit_types": [{"id": str(visit.pk), "offered": offered}]})


def open_times(client: ClinicClient, visit: VisitType, **query: Any) -> list[str]:
    """The ids of the open slots for the visit type."""
    page = data_of(client.get("/api/appointments/available/", {"visit_type": visit.pk, **query}))
    return [slot["id"] for slot in page["results"]]


def test_a_paused_visit_type_is_neither_listed_nor_booked_from_the_next_request_on(
    client: ClinicClient, visitor: ClinicClient, doctor: Doctor, visit: VisitType, now: datetime
) -> None:
    patient, desk = make_patient(), make_receptionist()
    other = make_doctor()
    own, others = make_slot(doctor, now + HOUR), make_slot(other, now + 2 * HOUR)
    # Both answers are in the cache.
    assert open_times(visitor, visit) == [str(own.pk), str(others.pk)]
    assert len(data_of(visitor.get("/api/users/doctors/", {"visit_type": str(visit.pk)}))["results"]) == 2

    paused = pause(client, visit)

    assert paused.json()["message"] == "Saved. Booked appointments do not change."
    assert [(row["name"], row["offered"]) for row in data_of(paused)["visit_types"]] == [("Check-up", False)]
    assert open_times(visitor, visit) == [str(others.pk)]
    assert open_times(visitor, visit, any_doctor="true") == [str(others.pk)]
    found = data_of(visitor.get("/api/users/doctors/", {"visit_type": str(visit.pk)}))["results"]
    assert [row["id"] for row in found] == [str(other.pk)]
    for by in (user_of(patient), desk):
        with pytest.raises(VisitTypeNotOffered):
            book_slot(slot_id=own.pk, patient=patient, by=by, visit_type=visit, now=now)

    assert pause(client, visit, offered=True).status_code == 200
    assert open_times(visitor, visit) == [str(own.pk), str(others.pk)]


def test_booked_visits_stay_and_holds_end_when_a_visit_type_is_paused(
    client: ClinicClient, doctor: Doctor, patient: Patient, visit: VisitType, now: datetime
) -> None:
    slot, other = make_slot(doctor, now + 2 * HOUR), make_patient()
    first = make_slot(doctor, now + HOUR)
    booked = book_slot(slot_id=first.pk, patient=other, by=user_of(other), visit_type=visit, now=now)
    hold = hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)

    pause(client, visit)

    states = Booking.objects.filter(pk__in=[booked.pk, hold.pk]).order_by("starts_at")
    assert list(states.values_list("status", flat=True)) == ["CONFIRMED", "CANCELLED"]


def test_resuming_offers_the_time_to_the_waiting_list(
    client: ClinicClient, doctor: Doctor, patient: Patient, visit: VisitType, now: datetime
) -> None:
    make_entry(patient, doctor, visit_type=visit, now=now)
    doctor.paused_visit_types.add(visit)
    make_slot(doctor, now + 26 * HOUR)
    assert not WaitlistOffer.objects.exists()

    pause(client, visit, offered=True)

    assert WaitlistOffer.objects.get().booking.visit_type == visit


def test_a_doctor_who_takes_no_bookings_is_not_found_and_keeps_booked_visits(
    client: ClinicClient, visitor: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), make_patient(), now=now)
    make_slot(doctor, now + 2 * HOUR)
    available = "/api/appointments/available/"
    assert data_of(visitor.get(available))["count"] == 1

    off = data_of(client.patch(URL, {"is_active": False, "accepting_new_patients": False}))

    assert (off["is_active"], off["accepting_new_patients"]) == (False, False)
    assert data_of(visitor.get(available))["count"] == 0
    assert data_of(visitor.get("/api/users/doctors/"))["count"] == 0
    assert Booking.objects.get(pk=booking.pk).status == "CONFIRMED"
    assert queued_jobs(kind="doctor_hours") == []
    client.patch(URL, {"is_active": True})
    assert data_of(visitor.get(available))["count"] == 1
    # The night leaves inactive doctors out, so the slots of the days since are made now.
    assert [job.row_id for job in queued_jobs(kind="doctor_hours")] == [doctor.pk]


def test_an_admin_switches_for_a_doctor_and_the_desk_only_reads(
    as_user: Callable[..., ClinicClient], doctor: Doctor, admin: User, visit: VisitType
) -> None:
    query = f"?doctor={doctor.pk}"

    assert pause(as_user(admin), visit, query=query).status_code == 200
    desk = as_user(make_receptionist())
    assert [row["offered"] for row in data_of(desk.get(URL + query))["visit_types"]] == [False]
    assert pause(desk, visit, offered=True, query=query).status_code == 403

    entry = AuditEntry.objects.filter(kind="clinics.doctor", record_id=str(doctor.pk), by=admin).latest("id")
    assert (entry.what, entry.changes) == ("changed", {"paused_visit_types": ["", "Check-up"]})


def test_only_the_doctors_own_visit_types_are_accepted_and_nothing_else_changes(
    client: ClinicClient, doctor: Doctor, visit: VisitType
) -> None:
    foreign = VisitType.objects.create(name="Surgery")
    foreign.doctors.add(make_doctor())
    both = [{"id": str(pk), "offered": False} for pk in (visit.pk, foreign.pk)]

    refused = client.patch(URL, {"is_active": False, "visit_types": both})

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["visit_types"])
    doctor.refresh_from_db()
    assert (doctor.is_active, doctor.paused_visit_types.count()) == (True, 0)
    assert client.patch(URL, {"visit_types": [{"id": "x"}]}).status_code == 400
