"""Visits in a row: both or neither."""

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
from tests.factories.threads import at_once
from tests.factories.visit_types import make_chain, make_place, make_visit_type

CLIENTS = 8


def make_nurse_then_doctor(nurse: Doctor, doctor: Doctor, *, wait: int = 30) -> Chain:
    """A quarter of an hour with one, then half an hour with the other."""
    first, then = make_visit_type(duration_minutes=15), make_visit_type(duration_minutes=30)
    first.doctors.add(nurse)
    then.doctors.add(doctor)
    return make_chain(first, then, wait=wait)


def book(chain: Chain, patient: Patient, *slots: Slot, now: datetime) -> list[Booking]:
    """The patient's own booking of these slots."""
    assert patient.user is not None
    return book_chain(
        chain=chain, patient=patient, by=patient.user, slots=[slot.pk for slot in slots], now=now
    )


def options(chain: Chain, *, now: datetime, days: int = 7) -> list[tuple[UUID, ...]]:
    """The slots of each way to book the chain."""
    today = now.date()
    found = chain_options(chain, first=today, last=today + timedelta(days=days), now=now)
    return [tuple(one.slot for one in way) for way in found]


def test_the_visits_are_booked_each_for_what_it_is(doctor: Doctor, patient: Patient, now: datetime) -> None:
    nurse = make_doctor()
    chain = make_nurse_then_doctor(nurse, doctor)
    first, second = (
        make_slot(nurse, now + timedelta(days=1), minutes=15),
        make_slot(doctor, now + timedelta(days=1, minutes=15)),
    )

    booked = book(chain, patient, first, second, now=now)

    assert [one.slot for one in booked] == [first, second]
    assert [one.visit_type for one in booked] == [step.visit_type for step in chain.steps.all()]


@pytest.mark.parametrize(
    ("minutes", "refusal"), [(14, PatientBusy), (15, None), (45, None), (46, ChainDoesNotFit)]
)
def test_a_visit_begins_once_the_one_before_is_over_and_before_the_wait_is(
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


def test_where_the_second_time_is_taken_the_first_stays_open(
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


def test_both_visits_are_at_one_place(doctor: Doctor, patient: Patient, now: datetime) -> None:
    nurse = make_doctor()
    chain = make_nurse_then_doctor(nurse, doctor)
    first = make_slot(nurse, now + timedelta(days=1), minutes=15)
    elsewhere = make_slot(doctor, now + timedelta(days=1, minutes=15), place=make_place())

    assert options(chain, now=now) == []
    with pytest.raises(ChainDoesNotFit):
        book(chain, patient, first, elsewhere, now=now)


def test_each_visit_needs_a_time(doctor: Doctor, patient: Patient, now: datetime) -> None:
    chain = make_nurse_then_doctor(make_doctor(), doctor)

    with pytest.raises(InvalidInput):
        book(chain, patient, make_slot(doctor, now + timedelta(days=1)), now=now)


def test_options_come_soonest_first_and_no_more_than_asked_for(doctor: Doctor, now: datetime) -> None:
    nurse = make_doctor()
    chain = make_nurse_then_doctor(nurse, doctor)
    starts = [now + timedelta(days=day) for day in (1, 6, 8, 20)]
    ways = [
        (make_slot(nurse, start, minutes=15).pk, make_slot(doctor, start + timedelta(minutes=15)).pk)
        for start in starts
    ]
    today = now.date()

    assert options(chain, now=now, days=30) == ways
    assert options(chain, now=now, days=8) == ways[:3]
    limited = chain_options(chain, first=today, last=today + timedelta(days=30), limit=2, now=now)
    assert [tuple(one.slot for one in way) for way in limited] == ways[:2]


def set_up_race(now: datetime) -> tuple[Chain, list[tuple[Patient, list[UUID]]]]:
    """Eight patients, each with a first time of their own, who all want one second time."""
    doctor, nurses = make_doctor(), [make_doctor() for _ in range(CLIENTS)]
    chain = make_chain(make_visit_type(), make_visit_type())
    shared = make_slot(doctor, now + timedelta(days=1, minutes=30))
    firsts = [make_slot(nurse, now + timedelta(days=1)) for nurse in nurses]
    return chain, [(make_patient(), [first.pk, shared.pk]) for first in firsts]


def race(
    clinic: Clinic, act: Callable[..., list[Booking]], chain: Chain, wishes: list[tuple[Patient, list[UUID]]],
    now: datetime,
) -> list[int]:  # fmt: skip
    """How many bookings each patient has after all have asked at once, most first."""
    at_once(
        clinic,
        *(
            lambda patient=patient, slots=slots: act(
                chain=chain, patient=patient, by=patient.user, slots=slots, reason="", answers=None, now=now
            )
            for patient, slots in wishes
        ),
    )
    counts = [Booking.objects.filter(patient=patient).count() for patient, _ in wishes]
    return sorted(counts, reverse=True)


def test_of_eight_who_want_one_second_time_one_gets_both_and_nobody_half(
    committed_clinic: Clinic, now: datetime
) -> None:
    chain, wishes = set_up_race(now)

    assert race(committed_clinic, book_chain, chain, wishes, now) == [2] + [0] * (CLIENTS - 1)


def test_without_the_transaction_the_same_race_leaves_halves(committed_clinic: Clinic, now: datetime) -> None:
    chain, wishes = set_up_race(now)

    assert race(committed_clinic, book_steps, chain, wishes, now) == [2] + [1] * (CLIENTS - 1)


def test_a_chain_with_a_doctor_for_both_keeps_their_buffers(doctor: Doctor, now: datetime) -> None:
    visit = make_visit_type(duration_minutes=30, buffer_after_minutes=30)
    chain = make_chain(visit, make_visit_type(duration_minutes=30), wait=60)
    starts = [now + timedelta(days=1, minutes=minutes) for minutes in (0, 30, 60)]
    first, _second, third = (make_slot(doctor, start) for start in starts)

    assert options(chain, now=now) == [(first.pk, third.pk)]
