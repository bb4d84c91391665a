"""Chains of visits are booked as a whole or not at all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from clinics.models import Doctor, Patient
from scheduling.errors import ChainDoesNotFit, PatientBusy, SlotTaken
from scheduling.models import Booking, Chain, Slot
from scheduling.visit_chains.selectors import chain_options
from scheduling.visit_chains.services import book_chain, book_steps
from tenants.base.errors import InvalidInput
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_chain, make_place, make_visit_type

CLIENTS = 8


def make_nurse_then_doctor(nurse: Doctor, doctor: Doctor, *, wait: int = 30) -> Chain:
    """A chain of 15 minutes with the nurse, then 30 minutes with the doctor."""
    first, second = make_visit_type(duration_minutes=15), make_visit_type(duration_minutes=30)
    first.doctors.add(nurse)
    second.doctors.add(doctor)
    return make_chain(first, second, wait=wait)


def book(chain: Chain, patient: Patient, *slots: Slot, now: datetime) -> list[Booking]:
    """Book the chain at these slots for the patient."""
    assert patient.user is not None
    return book_chain(
        chain=chain, patient=patient, by=patient.user, slots=[slot.pk for slot in slots], now=now
    )


def options(chain: Chain, *, now: datetime, days: int = 7) -> list[tuple[UUID, ...]]:
    """Return the slots of each option to book the chain."""
    today = now.date()
    found = chain_options(chain, first=today, last=today + timedelta(days=days), now=now)
    return [tuple(opening.slot for opening in option) for option in found]


def test_each_visit_is_booked_with_its_visit_type(doctor: Doctor, patient: Patient, now: datetime) -> None:
    nurse = make_doctor()
    chain = make_nurse_then_doctor(nurse, doctor)
    first, second = (
        make_slot(nurse, now + timedelta(days=1), minutes=15),
        make_slot(doctor, now + timedelta(days=1, minutes=15)),
    )

    booked = book(chain, patient, first, second, now=now)

    assert [booking.slot for booking in booked] == [first, second]
    assert [booking.visit_type for booking in booked] == [step.visit_type for step in chain.steps.all()]


@pytest.mark.parametrize(
    ("minutes", "refusal"), [(14, PatientBusy), (15, None), (45, None), (46, ChainDoesNotFit)]
)
def test_a_visit_starts_after_the_previous_one_and_within_the_wait(
    doctor: Doctor, patient: Patient, now: datetime, minutes: int, refusal: type[Exception] | None
) -> None:
    nurse = make_doctor()
    chain = make_nurse_then_doctor(nurse, doctor, wait=30)
    first = make_slot(nurse, now + timedelta(days=1), minutes=15)
    second = make_slot(doctor, now + timedelta(days=1, minutes=minutes))

    found = options(chain, now=now)

    assert found == ([(first.pk, second.pk)] if refusal is None else [])
    if refusal is None:
        assert len(book(chain, patient, first, second, now=now)) == 2
    else:
        with pytest.raises(refusal):
            book(chain, patient, first, second, now=now)
        assert Booking.objects.count() == 0


def test_if_the_second_time_is_taken_the_first_is_not_booked(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    nurse = make_doctor()
    chain = make_nurse_then_doctor(nurse, doctor)
    first = make_slot(nurse, now + timedelta(days=1), minutes=15)
    second = make_slot(doctor, now + timedelta(days=1, minutes=15))
    make_booking(second, make_patient(), now=now)

    with pytest.raises(SlotTaken):
        book(chain, patient, first, second, now=now)

    assert Booking.objects.filter(patient=patient).count() == 0


def test_all_visits_must_be_at_the_same_place(doctor: Doctor, patient: Patient, now: datetime) -> None:
    nurse = make_doctor()
    chain = make_nurse_then_doctor(nurse, doctor)
    first = make_slot(nurse, now + timedelta(days=1), minutes=15)
    other_place = make_slot(doctor, now + timedelta(days=1, minutes=15), place=make_place())

    assert options(chain, now=now) == []
    with pytest.raises(ChainDoesNotFit):
        book(chain, patient, first, other_place, now=now)


def test_each_visit_needs_a_time(doctor: Doctor, patient: Patient, now: datetime) -> None:
    chain = make_nurse_then_doctor(make_doctor(), doctor)

    with pytest.raises(InvalidInput):
        book(chain, patient, make_slot(doctor, now + timedelta(days=1)), now=now)


def test_options_are_soonest_first_and_limited(doctor: Doctor, now: datetime) -> None:
    nurse = make_doctor()
    chain = make_nurse_then_doctor(nurse, doctor)
    starts = [now + timedelta(days=day) for day in (1, 6, 8, 20)]
    expected_options = [
        (make_slot(nurse, start, minutes=15).pk, make_slot(doctor, start + timedelta(minutes=15)).pk)
        for start in starts
    ]
    today = now.date()

    assert options(chain, now=now, days=30) == expected_options
    assert options(chain, now=now, days=8) == expected_options[:3]
    limited = chain_options(chain, first=today, last=today + timedelta(days=30), limit=2, now=now)
    assert [tuple(opening.slot for opening in option) for option in limited] == expected_options[:2]


def set_up_race(now: datetime) -> tuple[Chain, list[tuple[Patient, list[UUID]]]]:
    """Create eight patients with different first slots and one shared second slot."""
    doctor, nurses = make_doctor(), [make_doctor() for _ in range(CLIENTS)]
    chain = make_chain(make_visit_type(), make_visit_type())
    shared = make_slot(doctor, now + timedelta(days=1, minutes=30))
    firsts = [make_slot(nurse, now + timedelta(days=1)) for nurse in nurses]
    return chain, [(make_patient(), [first.pk, shared.pk]) for first in firsts]


def race(
    clinic: Clinic,
    book_function: Callable[..., list[Booking]],
    chain: Chain,
    requests: list[tuple[Patient, list[UUID]]],
    now: datetime,
) -> list[int]:
    """Book concurrently for all patients. Return their numbers of bookings in descending order."""
    run_concurrently(
        clinic,
        *(
            lambda patient=patient, slots=slots: book_function(
                chain=chain, patient=patient, by=patient.user, slots=slots, reason="", answers=None, now=now
            )
            for patient, slots in requests
        ),
    )
    counts = [Booking.objects.filter(patient=patient).count() for patient, _ in requests]
    return sorted(counts, reverse=True)


def test_one_of_eight_competing_patients_gets_both_visits_and_the_others_none(
    committed_clinic: Clinic, now: datetime
) -> None:
    chain, requests = set_up_race(now)

    assert race(committed_clinic, book_chain, chain, requests, now) == [2] + [0] * (CLIENTS - 1)


def test_without_the_transaction_the_race_leaves_half_booked_chains(
    committed_clinic: Clinic, now: datetime
) -> None:
    chain, requests = set_up_race(now)

    assert race(committed_clinic, book_steps, chain, requests, now) == [2] + [1] * (CLIENTS - 1)


def test_a_chain_with_one_doctor_respects_buffers(doctor: Doctor, now: datetime) -> None:
    visit = make_visit_type(duration_minutes=30, buffer_after_minutes=30)
    chain = make_chain(visit, make_visit_type(duration_minutes=30), wait=60)
    starts = [now + timedelta(days=1, minutes=minutes) for minutes in (0, 30, 60)]
    first, _second, third = (make_slot(doctor, start) for start in starts)

    assert options(chain, now=now) == [(first.pk, third.pk)]
