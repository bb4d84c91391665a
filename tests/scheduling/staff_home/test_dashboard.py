"""The dashboard: what staff have to see to besides the visits of the day."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from clinics.models import Doctor, Patient
from notifications.models import Message
from scheduling.models import Booking, TimeOff
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, make_user, user_of
from tests.factories.schedule import make_booking, make_slot

AsUser = Callable[..., ClinicClient]
DASHBOARD = "/api/portal/dashboard/"
HOUR = timedelta(hours=1)


def request_visit(doctor: Doctor, starts_at: datetime, *, now: datetime) -> Booking:
    """A booking that awaits approval."""
    booking = make_booking(make_slot(doctor, starts_at), make_patient(), now=now)
    Booking.objects.filter(pk=booking.pk).update(status=Booking.Status.PENDING)
    return booking


def test_doctors_see_the_requests_to_them_and_the_desk_all(
    doctor: Doctor, admin: User, as_user: AsUser, now: datetime
) -> None:
    mine = request_visit(doctor, now + HOUR, now=now)
    other = request_visit(make_doctor(), now + 2 * HOUR, now=now)

    shown = [data_of(as_user(user).get(DASHBOARD)) for user in (doctor.user, admin)]

    assert [[row["id"] for row in body["requests"]] for body in shown] == [
        [str(mine.pk)],
        [str(mine.pk), str(other.pk)],
    ]
    assert [body["requests_count"] for body in shown] == [1, 2]
    assert [body["doctor"] and body["doctor"]["id"] for body in shown] == [str(doctor.pk), None]


def test_unfilled_times_are_those_of_today_and_tomorrow_that_nobody_has_booked(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    day = timedelta(days=1)
    make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    make_slot(doctor, now - HOUR)
    make_slot(doctor, now + 2 * HOUR, status="blocked")
    make_slot(make_doctor(), now + HOUR)
    for starts_at in (now + 3 * HOUR, now + day, now + day + HOUR, now + 2 * day):
        make_slot(doctor, starts_at)

    unfilled = data_of(as_user(doctor.user).get(DASHBOARD))["unfilled"]

    assert [
        (row["date"], row["count"], [time["local_time"] for time in row["times"]]) for row in unfilled
    ] == [
        ("2026-03-02", 1, ["15:00"]),
        ("2026-03-03", 2, ["12:00", "13:00"]),
    ]


def test_time_off_and_clock_changes_of_the_next_month_are_announced(
    doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    today = now.date()
    for owner, days in ((doctor, 3), (None, 10), (make_doctor(), 4), (doctor, 31)):
        TimeOff.objects.create(
            doctor=owner, first_on=today + timedelta(days), last_on=today + timedelta(days), note=str(days)
        )

    shown = data_of(as_user(doctor.user).get(DASHBOARD))

    assert [row["note"] for row in shown["time_off"]] == ["3", "10"]
    assert [(row["local_date"], row["shift_minutes"]) for row in shown["clock_changes"]] == [
        ("2026-03-29", 60)
    ]


def test_a_doctor_without_a_record_gets_an_empty_dashboard(as_user: AsUser, doctor: Doctor) -> None:
    make_slot(doctor, datetime.fromisoformat("2026-03-02T14:00Z"))

    body = data_of(as_user(make_user(User.Role.DOCTOR)).get(DASHBOARD))

    assert (body["doctor"], [row["count"] for row in body["unfilled"]]) == (None, [0, 0])


@pytest.mark.parametrize("status", ["PARKED", "SENT"])
def test_failed_messages_about_own_upcoming_visits_are_listed(  # noqa: PLR0917
    doctor: Doctor, admin: User, patient: Patient, as_user: AsUser, now: datetime, status: str
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    Message.objects.create(
        booking=booking, recipient=user_of(patient), kind=Message.Kind.REMINDER, status=status,
        due_at=now, not_after=now, parked_at=now, parked_because=Message.Parked.BAD_ADDRESS,
    )  # fmt: skip
    path = "/api/portal/failed-messages/"

    counts = [data_of(as_user(user).get(path))["count"] for user in (doctor.user, make_doctor().user, admin)]

    assert counts == ([1, 0, 1] if status == "PARKED" else [0, 0, 0])
    if status == "PARKED":
        (row,) = data_of(as_user(admin).get(path))["results"]
        assert (row["about"], row["channel"], row["reason"]) == (
            "reminder",
            "email",
            "the address or number is not valid",
        )
    with time_machine.travel(now + 2 * HOUR, tick=False):
        assert data_of(as_user(admin).get(path))["count"] == 0
