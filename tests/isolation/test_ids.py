"""Rows of one clinic are not found at another, for any user and any id."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import Booking, Slot
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_admin, make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot

ClientFor = Callable[..., ClinicClient]


@pytest.fixture
def soon() -> datetime:
    """The start of an hour tomorrow."""
    return clock_now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture
def booking(clinic: Clinic, doctor: Doctor, patient: Patient, soon: datetime) -> Booking:
    """A booking at the London clinic."""
    return make_booking(make_slot(doctor, soon), patient, now=clock_now())


@pytest.fixture
def other_clients(other_clinic: Clinic, client_for: ClientFor) -> list[ClinicClient]:
    """A patient, a doctor and an admin of the New York clinic, at their clinic."""
    with enter_clinic(other_clinic):
        people = [make_patient().user, make_doctor().user, make_admin()]
    return [client_for(other_clinic, user) for user in people]


def statuses(clients: list[ClinicClient], method: str, path: str, body: Any = None) -> list[int]:
    """Return the status of each client's response."""
    return [getattr(client, method)(path, body).status_code for client in clients]


def test_a_booking_is_not_found_at_another_clinic(
    other_clients: list[ClinicClient], booking: Booking
) -> None:
    path = f"/api/appointments/bookings/{booking.pk}/"

    assert statuses(other_clients, "get", path) == [404, 404, 404]
    assert statuses(other_clients, "get", f"{path}calendar.ics") == [404, 404, 404]
    assert statuses(other_clients, "post", f"{path}cancel/", {"reason": "x"}) == [404, 404, 404]
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"


def test_a_doctor_is_not_found_at_another_clinic(
    other_clients: list[ClinicClient], other_clinic: Clinic, doctor: Doctor
) -> None:
    hours = f"/api/appointments/working-hours/?doctor={doctor.pk}"

    assert statuses([ClinicClient(other_clinic)], "get", f"/api/users/doctors/{doctor.pk}/") == [404]
    assert statuses(other_clients, "get", hours) == [403, 404, 404]
    assert statuses(other_clients, "put", hours, []) == [403, 404, 404]


def test_a_slot_is_not_found_at_another_clinic(
    other_clients: list[ClinicClient], doctor: Doctor, soon: datetime
) -> None:
    slot = make_slot(doctor, soon)
    path = f"/api/appointments/slots/{slot.pk}/"

    assert statuses(other_clients, "patch", path, {"status": "blocked"}) == [403, 404, 404]
    assert statuses(other_clients, "delete", path) == [403, 404, 404]
    slot.refresh_from_db()
    assert slot.status == Slot.Status.FREE


def test_a_slot_cannot_be_booked_from_another_clinic(
    other_clients: list[ClinicClient], other_clinic: Clinic, doctor: Doctor, soon: datetime
) -> None:
    slot = make_slot(doctor, soon)

    response = other_clients[0].post("/api/appointments/bookings/", {"slot": str(slot.pk)})

    assert (response.status_code, response.json()["success"]) == (404, False)
    with enter_clinic(other_clinic):
        assert Booking.objects.count() == 0
    assert Booking.objects.count() == 0


def test_an_admin_cannot_book_for_another_clinics_patient(
    other_clients: list[ClinicClient], other_clinic: Clinic, patient: Patient, soon: datetime
) -> None:
    with enter_clinic(other_clinic):
        slot = make_slot(make_doctor(), soon)

    response = other_clients[2].post(
        "/api/appointments/bookings/", {"slot": str(slot.pk), "patient": str(patient.pk)}
    )

    assert (response.status_code, list(response.json()["errors"])) == (400, ["patient"])


def test_lists_contain_only_the_clinics_own_rows(
    other_clients: list[ClinicClient], other_clinic: Clinic, booking: Booking, doctor: Doctor
) -> None:
    make_slot(doctor, booking.ends_at)
    patient, own_doctor, _admin = other_clients

    lists = [
        patient.get("/api/appointments/my-bookings/"),
        own_doctor.get("/api/appointments/my-appointments/", {"from": str(booking.starts_at.date())}),
        ClinicClient(other_clinic).get("/api/appointments/available/"),
        ClinicClient(other_clinic).get("/api/users/doctors/", {"search": doctor.name}),
    ]

    assert [response.json()["data"]["count"] for response in lists] == [0, 0, 0, 0]
