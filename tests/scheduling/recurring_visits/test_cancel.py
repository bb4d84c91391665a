"""Cancelling one visit of a series, those that follow, or all: exactly the visits that were previewed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.accounts.sessions.services import start_session
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient
from tests.factories.schedule import make_booking, make_slot

API = "/api/appointments"
SERIES = f"{API}/series/"
DAYS = ["2027-01-05", "2027-01-12", "2027-01-19", "2027-01-26", "2027-02-02", "2027-02-09"]


@pytest.fixture
def now() -> datetime:
    """Monday 4 January 2027, 08:00 in London."""
    return datetime(2027, 1, 4, 8, tzinfo=UTC)


@pytest.fixture
def client(patient: Patient, as_user: Callable[[User | None], ClinicClient]) -> ClinicClient:
    """A client of the patient."""
    return as_user(patient.user)


@pytest.fixture
def series(client: ClinicClient, doctor: Doctor) -> str:
    """The id of a weekly series of six visits, from Tuesday 5 January 2027, 10:00."""
    for day in DAYS:
        make_slot(doctor, datetime.fromisoformat(f"{day}T10:00:00Z"))
    body = {"first_on": DAYS[0], "clock": "10:00", "unit": "week", "every": 1, "count": 6}
    created: str = data_of(client.post(SERIES, {"doctor": str(doctor.pk), **body}))["id"]
    return created


def booked_days() -> list[str]:
    """Return the days of the visits that are not cancelled."""
    starts = Booking.objects.exclude(status="CANCELLED").order_by("starts_at")
    return [str(day) for day in starts.values_list("starts_at__date", flat=True)]


def booking_on(day: str) -> Booking:
    """Return the visit on that day."""
    booking: Booking = Booking.objects.get(starts_at__date=day)
    return booking


def cancel(client: ClinicClient, series: str, **body: Any) -> list[tuple[int, str, str]]:
    """Cancel after a preview, which must name the same visits. Return number, day and code of each."""
    before = booked_days()
    preview = data_of(client.post(f"{SERIES}{series}/cancel/preview/", body))["instances"]
    assert booked_days() == before
    done = data_of(client.post(f"{SERIES}{series}/cancel/", body))["instances"]
    named, gone = ([(each["number"], each["on"], each["code"]) for each in part] for part in (preview, done))
    assert named == gone
    return gone


def test_each_choice_cancels_exactly_the_visits_that_were_previewed(
    client: ClinicClient, series: str
) -> None:
    """BC09."""
    assert client.post(f"{API}/bookings/{booking_on(DAYS[2]).pk}/cancel/", {}).status_code == 200
    assert booked_days() == [*DAYS[:2], *DAYS[3:]]

    following = cancel(client, series, from_booking=str(booking_on(DAYS[3]).pk))
    assert following == [(4, DAYS[3], ""), (5, DAYS[4], ""), (6, DAYS[5], "")]
    assert booked_days() == DAYS[:2]

    assert cancel(client, series) == [(1, DAYS[0], ""), (2, DAYS[1], "")]
    assert booked_days() == []


def test_past_visits_stay_and_keep_their_numbers(client: ClinicClient, series: str, patient: Patient) -> None:
    """BC09."""
    ClinicSettings.objects.update(cancellation_notice_minutes=24 * 60)
    later = datetime(2027, 1, 18, 12, tzinfo=UTC)  # the third visit is 22 hours ahead

    with time_machine.travel(later, tick=False):
        fresh = signed_in_again(client, patient)
        gone = cancel(fresh, series, from_booking=str(booking_on(DAYS[0]).pk))

    expected = [(3, DAYS[2], "notice_too_short"), (4, DAYS[3], ""), (5, DAYS[4], ""), (6, DAYS[5], "")]
    assert gone == expected
    assert booked_days() == DAYS[:3]


def signed_in_again(client: ClinicClient, patient: Patient) -> ClinicClient:
    """Return a client with a new access token: the first one has expired."""
    assert patient.user is not None
    again = client.clone()
    again.credentials(HTTP_AUTHORIZATION=f"Bearer {start_session(user=patient.user).access}")
    return again


def test_a_booking_outside_the_series_is_refused(
    client: ClinicClient, series: str, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    own = make_booking(make_slot(doctor, now + timedelta(days=3)), patient, now=now)
    others = make_booking(make_slot(doctor, now + timedelta(days=4)), make_patient(), now=now)

    for path in ("cancel/", "cancel/preview/"):
        for booking in (own.pk, others.pk, uuid4()):
            refused = client.post(f"{SERIES}{series}/{path}", {"from_booking": str(booking)})
            assert (refused.status_code, list(refused.json()["errors"])) == (400, ["from_booking"])
    assert booked_days()[0] == DAYS[0]
    assert len(booked_days()) == 8
