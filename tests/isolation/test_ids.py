"""What is at one clinic is not there at another, whoever asks and whatever id they know."""

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
    """A full hour that is still to come."""
    return clock_now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture
def booking(clinic: Clinic, doctor: Doctor, patient: Patient, soon: datetime) -> Booking:
    """A booking at the London clinic."""
    return make_booking(make_slot(doctor, soon), patient, now=clock_now())


@pytest.fixture
def strangers(other_clinic: Clinic, client_for: ClientFor) -> list[ClinicClient]:
    """A patient, a doctor and an admin of the New York clinic, at their clinic."""
    with enter_clinic(other_clinic):
        people = [make_patient().user, make_doctor().user, make_admin()]
    return [client_for(other_clinic, user) for user in people]


def statuses(clients: list[ClinicClient], method: str, path: str, body: Any = None) -> list[int]:
    """What each is answered."""
    return [getattr(client, method)(path, body).status_code for client in clients]


def test_a_booking_is_not_there_at_another_clinic(strangers: list[ClinicClient], booking: Booking) -> None:
    path = f"/api/appointments/bookings/{booking.pk}/"

    assert statuses(strangers, "get", path) == [404, 404, 404]
    assert statuses(strangers, "get", f"{path}calendar.ics") == [404, 404, 404]
    assert statuses(strangers, "post", f"{path}cancel/", {"reason": "x"}) == [404, 404, 404]
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"


def test_a_doctor_is_not_there_at_another_clinic(
    strangers: list[ClinicClient], other_clinic: Clinic, doctor: Doctor
) -> None:
    hours = f"/api/appointments/working-hours/?doctor={doctor.pk}"

    assert statuses([ClinicClient(other_clinic)], "get", f"/api/users/doctors/{doctor.pk}/") == [404]
    assert statuses(strangers, "get", hours) == [403, 404, 404]
    assert statuses(strangers, "put", hours, []) == [403, 404, 404]


def test_a_slot_is_not_there_at_another_clinic(
    strangers: list[ClinicClient], doctor: Doctor, soon: datetime
) -> None:
    slot = make_slot(doctor, soon)
    path = f"/api/appointments/slots/{slot.pk}/"

    assert statuses(strangers, "patch", path, {"status": "blocked"}) == [403, 404, 404]
    assert statuses(strangers, "delete", path) == [403, 404, 404]
    slot.refresh_from_db()
    assert slot.status == Slot.Status.FREE


def test_a_slot_cannot_be_booked_from_another_clinic(
    strangers: list[ClinicClient], other_clinic: Clinic, doctor: Doctor, soon: datetime
) -> None:
    slot = make_slot(doctor, soon)

    answer = strangers[0].post("/api/appointments/bookings/", {"slot": str(slot.pk)})

    assert (answer.status_code, answer.json()["success"]) == (404, False)
    with enter_clinic(other_clinic):
        assert Booking.objects.count() == 0
    assert Booking.objects.count() == 0


def test_an_admin_cannot_book_for_another_clinics_patient(
    strangers: list[ClinicClient], other_clinic: Clinic, patient: Patient, soon: datetime
) -> None:
    with enter_clinic(other_clinic):
        slot = make_slot(make_doctor(), soon)

    answer = strangers[2].post(
        "/api/appointments/bookings/", {"slot": str(slot.pk), "patient": str(patient.pk)}
    )

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["patient"])


def test_lists_hold_the_clinics_own(
    strangers: list[ClinicClient], other_clinic: Clinic, booking: Booking, doctor: Doctor
) -> None:
    make_slot(doctor, booking.ends_at)
    patient, own_doctor, _admin = strangers

    lists = [
        patient.get("/api/appointments/my-bookings/"),
        own_doctor.get("/api/appointments/my-appointments/", {"from": str(booking.starts_at.date())}),
        ClinicClient(other_clinic).get("/api/appointments/available/"),
        ClinicClient(other_clinic).get("/api/users/doctors/", {"search": doctor.name}),
    ]

    assert [answer.json()["data"]["count"] for answer in lists] == [0, 0, 0, 0]
