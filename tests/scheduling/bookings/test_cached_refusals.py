"""A patient's attempt on a slot that is known to be booked is refused from the cache."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot, release_hold
from scheduling.models import Slot
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_patient, user_of
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot, slot_outputs

AsUser = Callable[..., ClinicClient]
BOOKINGS = "/api/appointments/bookings/"


@pytest.fixture
def clinic(committed_clinic: Clinic) -> Clinic:
    """A clinic whose bookings are committed: only then does the cache store what was computed."""
    return committed_clinic


@pytest.fixture
def slot(doctor: Doctor, now: datetime) -> Slot:
    """A slot an hour from now."""
    return make_slot(doctor, now + timedelta(hours=1))


@pytest.fixture
def other(doctor: Doctor, now: datetime) -> Slot:
    """An open slot after it."""
    return make_slot(doctor, now + timedelta(hours=2))


def test_the_second_refusal_of_a_booked_slot_reads_nothing_from_the_schedule(
    slot: Slot, other: Slot, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    make_booking(slot, make_patient(), now=now)
    client, body = as_user(patient.user), {"slot": str(slot.pk)}

    first, second = (queries_of(lambda: client.post(BOOKINGS, body)) for _attempt in range(2))
    answer = client.post(BOOKINGS, body)

    assert any("scheduling_" in query for query in first)
    assert not any("scheduling_" in query for query in second)
    assert (answer.status_code, answer.json()["data"]) == (409, {"alternatives": slot_outputs(other)})


def test_a_cached_refusal_ends_with_the_booking(
    slot: Slot, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    booking = make_booking(slot, make_patient(), now=now)
    client, body = as_user(patient.user), {"slot": str(slot.pk)}

    refused = client.post(BOOKINGS, body).status_code
    cancel_booking(booking=booking, by=admin, now=now)

    assert (refused, client.post(BOOKINGS, body).status_code) == (409, 201)


def test_the_refusal_of_a_held_slot_is_not_cached(
    slot: Slot, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    holder = make_patient()
    hold = hold_slot(slot_id=slot.pk, patient=holder, by=user_of(holder), now=now)
    client, body = as_user(patient.user), {"slot": str(slot.pk)}

    first, second = (queries_of(lambda: client.post(BOOKINGS, body)) for _attempt in range(2))
    release_hold(hold_id=hold.pk, patients=Patient.objects.filter(pk=holder.pk), by=user_of(holder), now=now)

    assert all(any("scheduling_" in query for query in queries) for queries in (first, second))
    assert client.post(BOOKINGS, body).status_code == 201


def test_a_repeat_of_the_winning_request_gets_its_answer_although_the_slot_is_booked(
    slot: Slot, patient: Patient, as_user: AsUser
) -> None:
    winner, body = as_user(patient.user), {"slot": str(slot.pk)}
    first = winner.post(BOOKINGS, body, headers={"Idempotency-Key": "one"})
    refused = as_user(make_patient().user).post(BOOKINGS, body).status_code

    repeat = winner.post(BOOKINGS, body, headers={"Idempotency-Key": "one"})

    assert (first.status_code, refused, repeat.status_code) == (201, 409, 201)
    assert first.json() == repeat.json()
