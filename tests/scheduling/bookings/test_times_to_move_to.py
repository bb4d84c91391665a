"""`available/?moving=`: the times to which a booking can be moved, as if it were not there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django_redis import get_redis_connection

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import hold_slot
from scheduling.models import Booking, Slot
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_dependant, make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_room, make_visit_type

AsUser = Callable[..., ClinicClient]
API = "/api/appointments"
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


@pytest.fixture
def quarters(doctor: Doctor, now: datetime) -> list[Slot]:
    """Slots of a quarter of an hour from 9 to 13 on the next day."""
    start = now.replace(hour=9) + timedelta(days=1)
    return [make_slot(doctor, start + n * QUARTER, minutes=15) for n in range(16)]


def answer(client: ClinicClient, booking: Booking, **params: object) -> Any:
    query = "".join(f"&{name}={value}" for name, value in params.items())
    return client.get(f"{API}/available/?moving={booking.pk}{query}")


def times(client: ClinicClient, booking: Booking, **params: object) -> list[str]:
    return [slot["local_time"] for slot in data_of(answer(client, booking, **params))["results"]]


def test_a_visit_can_be_moved_by_less_than_its_length(
    doctor: Doctor, patient: Patient, quarters: list[Slot], as_user: AsUser, now: datetime
) -> None:
    """I03a: a visit of an hour at 10:00 on a grid of quarters."""
    visit = make_visit_type(duration_minutes=60)
    booking = book_slot(
        slot_id=quarters[4].pk, patient=patient, by=user_of(patient), visit_type=visit, now=now
    )
    client = as_user(patient.user)
    listed = times(client, booking, doctor=doctor.pk)

    moved = client.post(f"{API}/bookings/{booking.pk}/reschedule/", {"slot": str(quarters[5].pk)})

    assert listed == [f"{9 + n // 4:02}:{n % 4 * 15:02}" for n in range(13)]
    assert (moved.status_code, data_of(moved)["local_time"]) == (200, "10:15")


@pytest.mark.parametrize("limit", ["day_limit", "day_limit_minutes", "week_limit", "week_limit_minutes"])
def test_a_day_that_is_full_because_of_the_booking_itself_is_listed(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime, limit: str
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(**{limit: 30 if "minutes" in limit else 1})
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    make_slot(doctor, now + 2 * HOUR)
    client = as_user(patient.user)

    assert data_of(client.get(f"{API}/available/"))["results"] == []
    assert times(client, booking) == ["13:00", "14:00"]


def test_the_room_and_the_buffers_of_the_booking_are_free_for_its_move(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    make_room()
    visit = make_visit_type(needs_room=True, buffer_before_minutes=60, buffer_after_minutes=60)
    slots = [make_slot(doctor, now + n * HOUR) for n in (1, 2)]
    with_other_doctor = make_slot(make_doctor(), now + 2 * HOUR)
    booking = book_slot(slot_id=slots[0].pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)
    client = as_user(patient.user)
    in_general = data_of(client.get(f"{API}/available/?visit_type={visit.pk}"))["results"]

    listed = data_of(answer(client, booking))["results"]

    assert in_general == []
    assert {slot["id"] for slot in listed} == {str(slot.pk) for slot in (*slots, with_other_doctor)}


def test_the_patients_own_hold_does_not_hide_a_time_to_move_to(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    held, of_another = make_slot(doctor, now + 2 * HOUR), make_slot(doctor, now + 3 * HOUR)
    hold_slot(slot_id=held.pk, patient=patient, by=user_of(patient), now=now)
    other = make_patient()
    hold_slot(slot_id=of_another.pk, patient=other, by=user_of(other), now=now)

    assert times(as_user(patient.user), booking) == ["13:00", "14:00"]


def test_another_visit_type_can_be_asked_for(
    doctor: Doctor, patient: Patient, quarters: list[Slot], as_user: AsUser, now: datetime
) -> None:
    booking = make_booking(quarters[0], patient, now=now)
    long = make_visit_type(duration_minutes=225)

    assert times(as_user(patient.user), booking, visit_type=long.pk) == ["09:00", "09:15"]


def test_only_those_who_may_move_the_booking_can_ask(
    doctor: Doctor, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    child = make_dependant(patient)
    slot = make_slot(doctor, now + HOUR)
    booking = book_slot(slot_id=slot.pk, patient=child, by=user_of(patient), now=now)
    users = [
        patient.user,
        doctor.user,
        admin,
        make_receptionist(),
        make_patient().user,
        make_doctor().user,
        None,
    ]

    statuses = [answer(as_user(user), booking).status_code for user in users]

    assert statuses == [200, 200, 200, 200, 404, 404, 404]


def test_a_booking_that_can_no_longer_be_moved_has_no_times_to_move_to(
    doctor: Doctor, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    ClinicSettings.objects.update(reschedule_notice_minutes=120)
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)

    too_late, by_staff = (answer(as_user(user), booking) for user in (patient.user, admin))
    Booking.objects.filter(pk=booking.pk).update(status="CHECKED_IN")
    over = answer(as_user(admin), booking)

    assert (too_late.status_code, too_late.json()["code"]) == (422, "notice_too_short")
    assert by_staff.status_code == 200
    assert (over.status_code, over.json()["code"]) == (409, "booking_over")


def test_staff_see_times_without_the_notice_that_patients_give(
    doctor: Doctor, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + 5 * HOUR), patient, now=now)
    ClinicSettings.objects.update(booking_notice_minutes=180)
    make_slot(doctor, now + HOUR)

    assert times(as_user(patient.user), booking) == ["17:00"]
    assert times(as_user(admin), booking) == ["13:00", "17:00"]


def test_the_times_for_a_move_are_never_cached(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    client, visitor = as_user(patient.user), as_user()
    keys = len(list(get_redis_connection("default").scan_iter("*availability:entry*")))

    first = answer(client, booking)
    stored = len(list(get_redis_connection("default").scan_iter("*availability:entry*")))
    of_a_visitor = visitor.get(f"{API}/available/")

    assert first["Cache-Control"] == "private, no-store"
    assert data_of(first)["count"] == 1
    assert stored == keys
    assert data_of(of_a_visitor)["results"] == []


def test_a_time_of_another_booking_is_not_listed(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    make_booking(make_slot(doctor, now + 2 * HOUR), make_patient(), now=now)

    assert times(as_user(patient.user), booking) == ["13:00"]
