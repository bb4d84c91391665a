"""Slots that are already booked: the refusal, its alternatives, and the lock for concurrent attempts."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from clinics.models import Doctor, Patient
from scheduling.availability.cache import cache_get
from scheduling.bookings import contention
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.contention import slot_lock
from scheduling.bookings.hold import hold_slot
from scheduling.errors import SlotTaken
from scheduling.models import Booking, Slot
from tenants.accounts.models import AuditEntry, User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_patient, user_of
from tests.factories.schedule import make_booking, make_slot, slot_outputs
from tests.factories.visit_types import make_visit_type

AsUser = Callable[..., ClinicClient]
BOOKINGS = "/api/appointments/bookings/"


@pytest.fixture
def clinic(committed_clinic: Clinic) -> Clinic:
    """A clinic whose writes are committed; the cache stores answers only then."""
    return committed_clinic


@pytest.fixture
def slot(doctor: Doctor, now: datetime) -> Slot:
    """A slot an hour from now."""
    return make_slot(doctor, now + timedelta(hours=1))


@pytest.fixture
def other(doctor: Doctor, now: datetime) -> Slot:
    """An open slot after `slot`."""
    return make_slot(doctor, now + timedelta(hours=2))


def refusal_data(slot: Slot, *, now: datetime) -> object:
    """Return the data of the error that another patient gets when they book `slot`."""
    patient = make_patient()
    with pytest.raises(SlotTaken) as raised:
        book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)
    return raised.value.data


def test_booking_a_booked_slot_returns_alternatives_and_does_not_invalidate_the_cache(
    slot: Slot, other: Slot, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    make_booking(slot, make_patient(), now=now)
    before = cache_get("any").version

    answers = [as_user(patient.user).post(BOOKINGS, {"slot": str(slot.pk)}) for _ in range(2)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "slot_taken")] * 2
    assert [answer.json()["data"] for answer in answers] == [{"alternatives": slot_outputs(other)}] * 2
    assert cache_get("any").version == before


def test_a_slot_can_be_booked_immediately_after_a_cancellation(
    slot: Slot, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    booked = make_booking(slot, make_patient(), now=now)
    refusal_data(slot, now=now)
    cancel_booking(booking=booked, by=admin, now=now)

    answer = as_user(patient.user).post(BOOKINGS, {"slot": str(slot.pk)})

    assert answer.status_code == 201


def test_every_refusal_suggests_slots_that_are_still_open(
    slot: Slot, other: Slot, doctor: Doctor, now: datetime
) -> None:
    later = make_slot(doctor, now + timedelta(hours=3))
    make_booking(slot, make_patient(), now=now)

    first = refusal_data(slot, now=now)
    make_booking(other, make_patient(), now=now)
    second = refusal_data(slot, now=now)

    assert first == {"alternatives": slot_outputs(other, later)}
    assert second == {"alternatives": slot_outputs(later)}


def test_a_patient_can_book_the_slot_they_hold(slot: Slot, patient: Patient, now: datetime) -> None:
    hold_slot(slot_id=slot.pk, patient=patient, by=patient.user, now=now)

    assert make_booking(slot, patient, now=now).status == Booking.Status.CONFIRMED


def test_a_short_visit_can_end_before_the_buffer_of_the_next_visit(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    long_slot, next_slot = (make_slot(doctor, now + timedelta(hours=n), minutes=60) for n in (1, 2))
    with_buffer, short = make_visit_type(buffer_before_minutes=30), make_visit_type(duration_minutes=20)
    other_patient = make_patient()
    book_slot(
        slot_id=next_slot.pk,
        patient=other_patient,
        by=user_of(other_patient),
        visit_type=with_buffer,
        now=now,
    )

    requests = [
        {"slot": str(long_slot.pk), "visit_type": str(visit.pk)} for visit in (make_visit_type(), short)
    ]
    answers = [as_user(patient.user).post(BOOKINGS, request).status_code for request in requests]

    assert answers == [409, 201]


def test_attempts_on_one_slot_run_in_turn_and_wait_only_for_a_limited_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contention, "MAX_WAIT", 0.05)
    slot_id, other_slot_id, finished = UUID(int=1), UUID(int=2), list[str]()

    def attempt(slot_id: UUID, name: str) -> None:
        with slot_lock(slot_id):
            finished.append(name)

    with slot_lock(slot_id), ThreadPoolExecutor(2) as pool:
        second = pool.submit(attempt, slot_id, "second")
        pool.submit(attempt, other_slot_id, "on another slot").result()
        while_first_runs = list(finished)
        second.result()

    assert (while_first_runs, finished) == (["on another slot"], ["on another slot", "second"])


def test_an_attempt_continues_as_soon_as_the_previous_one_ends() -> None:
    slot_id = UUID(int=1)

    def attempt() -> float:
        with slot_lock(slot_id):
            return time.monotonic()

    with ThreadPoolExecutor(1) as pool:
        with slot_lock(slot_id):
            second = pool.submit(attempt)
            ended = time.monotonic()

        assert ended <= second.result() < ended + contention.MAX_WAIT


def test_a_slot_that_has_started_is_refused_as_started(
    slot: Slot, patient: Patient, now: datetime, as_user: AsUser
) -> None:
    make_booking(slot, make_patient(), now=now)
    Slot.objects.filter(pk=slot.pk).update(starts_at=now - timedelta(minutes=1))

    answer = as_user(patient.user).post(BOOKINGS, {"slot": str(slot.pk)})

    assert answer.json()["code"] == "slot_started"


def test_a_repeat_of_the_winners_request_gets_the_first_answer(
    slot: Slot, patient: Patient, as_user: AsUser
) -> None:
    client, body = as_user(patient.user), {"slot": str(slot.pk)}

    first, repeat = (client.post(BOOKINGS, body, headers={"Idempotency-Key": "one"}) for _ in range(2))

    assert (first.status_code, repeat.status_code) == (201, 201)
    assert first.json() == repeat.json()


def test_booking_for_somebody_elses_patient_is_refused_and_audited(
    slot: Slot, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    stranger = make_patient()
    make_booking(slot, make_patient(), now=now)
    entries_before = AuditEntry.objects.count()

    answer = as_user(patient.user).post(
        BOOKINGS,
        {"slot": str(slot.pk), "patient": str(stranger.pk)},
        headers={"Idempotency-Key": "two"},
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert AuditEntry.objects.count() == entries_before + 1
