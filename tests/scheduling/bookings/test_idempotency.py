"""A repeat with the same Idempotency-Key gets the first answer and books nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.idempotency import delete_old_answers
from scheduling.models import Booking, IdempotentAnswer
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently

ClientFor = Callable[..., ClinicClient]
BOOKINGS = "/api/appointments/bookings/"


@pytest.fixture
def now() -> datetime:
    """The real time, since these tests make HTTP requests and do not freeze the clock."""
    return clock_now()


def book(client: ClinicClient, key: str, **body: Any) -> Any:
    return client.post(BOOKINGS, body, headers={"Idempotency-Key": key})


def test_a_repeat_gets_the_first_answer_and_books_nothing(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime, client_for: ClientFor
) -> None:
    slot, client = make_slot(doctor, now + timedelta(hours=1)), client_for(clinic, patient.user)

    first, repeat = (book(client, "k1", slot=str(slot.pk), reason="Cough") for _ in range(2))

    assert (first.status_code, repeat.status_code) == (201, 201)
    assert data_of(first) == data_of(repeat)
    assert Booking.objects.count() == 1


def test_a_key_can_be_used_for_one_request_only(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime, client_for: ClientFor
) -> None:
    slots = [make_slot(doctor, now + timedelta(hours=n)) for n in (1, 2)]
    client = client_for(clinic, patient.user)
    book(client, "k1", slot=str(slots[0].pk))

    other = book(client, "k1", slot=str(slots[1].pk))

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert book(client, "k2", slot=str(slots[1].pk)).status_code == 201


def test_no_answer_is_stored_for_a_refused_request(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime, client_for: ClientFor
) -> None:
    slot = make_slot(doctor, now + timedelta(hours=1))
    other_booking = make_booking(slot, make_patient(), now=now)
    client = client_for(clinic, patient.user)

    refused = book(client, "k1", slot=str(slot.pk))
    Booking.objects.filter(pk=other_booking.pk).update(status="CANCELLED", cancelled_at=now)

    assert refused.json()["code"] == "slot_taken"
    assert book(client, "k1", slot=str(slot.pk)).status_code == 201


def test_two_people_may_use_the_same_key(
    clinic: Clinic, doctor: Doctor, now: datetime, client_for: ClientFor
) -> None:
    answers = [
        book(
            client_for(clinic, make_patient().user),
            "k1",
            slot=str(make_slot(doctor, now + timedelta(hours=n)).pk),
        )
        for n in (1, 2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]


@pytest.mark.parametrize("key", ["x" * 256, "tab\tinside"])
def test_a_key_that_cannot_be_stored_is_refused(
    clinic: Clinic, patient: Patient, client_for: ClientFor, key: str
) -> None:
    answer = book(client_for(clinic, patient.user), key, slot=str(uuid4()))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])


def test_answers_are_deleted_after_two_days(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime, client_for: ClientFor
) -> None:
    book(client_for(clinic, patient.user), "k1", slot=str(make_slot(doctor, now + timedelta(hours=1)).pk))
    stored_at = IdempotentAnswer.objects.get().created_at

    assert delete_old_answers(now=stored_at + timedelta(days=2)) == 0
    assert delete_old_answers(now=stored_at + timedelta(days=2, seconds=1)) == 1


def test_sixteen_concurrent_requests_with_one_key_make_one_booking_and_get_the_same_answer(
    committed_clinic: Clinic, now: datetime, client_for: ClientFor
) -> None:
    slot, patient = make_slot(make_doctor(), now + timedelta(hours=1)), make_patient()
    clients = [client_for(committed_clinic, patient.user) for _ in range(16)]

    answers = run_concurrently(
        committed_clinic, *(lambda client=client: book(client, "k1", slot=str(slot.pk)) for client in clients)
    )

    assert [getattr(answer, "status_code", answer) for answer in answers] == [201] * 16
    assert [data_of(answer) for answer in answers] == [data_of(answers[0])] * 16
    assert Booking.objects.count() == 1
