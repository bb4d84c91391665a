"""Consistency: the times listed as open, explained as open and bookable are the same."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from clinics.models import Doctor, Patient
from scheduling.availability.conditions import Conditions
from scheduling.availability.open_slots import AvailabilityQuery, open_slots
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import hold_slot
from scheduling.explain.rules import explanation
from scheduling.models import Slot, VisitType
from tenants.accounts.models import User
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.schedule import make_slot
from tests.factories.visit_types import make_place, make_room, make_visit_type
from tests.profiles import examples
from tests.scheduling.random_schedules import DAYS, RandomSchedule, make_random_schedule, rolled_back

EXAMPLES = examples(quick=4, full=25)
MOST_SLOTS = 25
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]
"""Without shrinking: an example takes half a second, so finding a smaller one may take minutes."""


def listed_ids(scenario: RandomSchedule, visit: VisitType | None) -> set[str]:
    """Return the ids of the open slots. They must be the same by day, by doctor and in one query."""
    first_day = scenario.now.date() - timedelta(days=1)
    visit_type_id = visit.pk if visit else None
    days = [first_day + timedelta(days=n) for n in range(DAYS + 2)]
    all_at_once = query_ids(AvailabilityQuery(first_day, days[-1], 1000, visit_type=visit_type_id), scenario)
    day_by_day = [
        query_ids(AvailabilityQuery(day, day, 1000, visit_type=visit_type_id), scenario) for day in days
    ]
    by_doctor = [
        query_ids(
            AvailabilityQuery(
                first_day, days[-1], 1000, conditions=Conditions(doctor=doctor.pk), visit_type=visit_type_id
            ),
            scenario,
        )
        for doctor in scenario.doctors
    ]
    assert all_at_once == set().union(*day_by_day) == set().union(*by_doctor)
    return all_at_once


def query_ids(query: AvailabilityQuery, scenario: RandomSchedule) -> set[str]:
    return {slot["id"] for slot in json.loads(open_slots(query, now=scenario.now).results)}


def booking_outcome(scenario: RandomSchedule, slot: Slot, visit: VisitType | None, patient: Patient) -> str:
    """Try to book the slot and roll back. Return "booked" or the code of the refusal."""
    assert patient.user
    try:
        with rolled_back():
            book_slot(slot_id=slot.pk, patient=patient, by=patient.user, visit_type=visit, now=scenario.now)
    except DomainError as refusal:
        return refusal.code
    return "booked"


@pytest.mark.property
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
@given(seed=st.integers(0, 2**32))
def test_the_list_the_explanation_and_the_booking_agree(clinic: Clinic, seed: int) -> None:
    rng = Random(seed)
    with rolled_back():
        scenario, patient = make_random_schedule(rng), make_patient()
        slots = scenario.slots()
        sample = rng.sample(slots, min(MOST_SLOTS, len(slots)))
        visit = VisitType.objects.filter(name="Visit 0").get() if rng.random() < 0.7 else None
        open_ids = listed_ids(scenario, visit)

        for slot in sample:
            explained = explanation(
                slot.doctor, slot.starts_at, visit_type=visit, patient=None, now=scenario.now
            )
            outcome = booking_outcome(scenario, slot, visit, patient)
            note(f"{slot.starts_at} {slot.status} {outcome} {explained.reasons} {visit and visit.__dict__}")
            if explained.slot and explained.slot.pk != slot.pk:
                continue  # the slot was replaced by another one with the same start

            assert (str(slot.pk) in open_ids, explained.is_open) == (outcome == "booked",) * 2


def consistently_open(scenario: RandomSchedule, slot: Slot, visit: VisitType | None) -> bool:
    """Whether the slot is open. The list, the explanation and an attempt to book it must agree."""
    patient = make_patient()
    explained = explanation(slot.doctor, slot.starts_at, visit_type=visit, patient=None, now=scenario.now)
    answers = {
        str(slot.pk) in listed_ids(scenario, visit),
        explained.is_open,
        booking_outcome(scenario, slot, visit, patient) == "booked",
    }
    (answer,) = answers
    return answer


@pytest.mark.parametrize(("minutes", "is_open"), [(1, False), (0, True)])
def test_visits_with_long_buffers_block_each_other_across_sixteen_hours(  # noqa: PLR0917
    clinic: Clinic, doctor: Doctor, admin: User, now: datetime, minutes: int, is_open: bool
) -> None:
    """The longest visit and the longest buffers: starts less than sixteen hours apart conflict."""
    scenario = RandomSchedule(now=now, admin=admin, patients=[make_patient()], doctors=[doctor])
    visit = make_visit_type(buffer_before_minutes=240, buffer_after_minutes=240)
    midnight = datetime(2026, 3, 4, tzinfo=UTC)
    early = make_slot(doctor, midnight - 16 * HOUR + minutes * MINUTE, minutes=480)
    late = make_slot(doctor, midnight, minutes=30)
    book_slot(slot_id=early.pk, patient=scenario.patients[0], by=admin, visit_type=visit, now=now)

    assert consistently_open(scenario, late, visit) is is_open


def test_an_expired_hold_with_another_doctor_does_not_block_a_room(
    clinic: Clinic, doctor: Doctor, admin: User, now: datetime
) -> None:
    other_doctor, holder = make_doctor(), make_patient()
    scenario = RandomSchedule(now=now, admin=admin, patients=[holder], doctors=[doctor, other_doctor])
    visit, _room = make_visit_type(needs_room=True), make_room()
    slot, other_slot = make_slot(doctor, now + HOUR), make_slot(other_doctor, now + HOUR)
    hold_slot(
        slot_id=other_slot.pk,
        patient=holder,
        by=user_of(holder),
        visit_type=visit,
        until=now + MINUTE,
        now=now,
    )

    before = consistently_open(scenario, slot, visit)
    scenario.now = now + MINUTE

    assert (before, consistently_open(scenario, slot, visit)) == (False, True)


def test_a_patient_can_book_two_slots_of_which_they_hold_the_second(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    visit = make_visit_type(duration_minutes=60)
    first, second = make_slot(doctor, now + HOUR), make_slot(doctor, now + HOUR + 30 * MINUTE)
    hold_slot(slot_id=second.pk, patient=patient, by=user_of(patient), now=now)
    explained = explanation(doctor, first.starts_at, visit_type=visit, patient=patient, now=now)

    booking = book_slot(slot_id=first.pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)

    assert explained.is_open
    assert booking.ends_at == second.ends_at


def test_a_place_in_another_zone_does_not_change_the_clinics_local_times(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    """One SQL statement contains the UTC offsets of both zones, before and after the clock change."""
    make_place("Asia/Kathmandu")
    make_slot(doctor, datetime(2026, 3, 29, 22, tzinfo=UTC))

    found = open_slots(AvailabilityQuery(date(2026, 3, 27), date(2026, 3, 30), 10), now=now).results

    assert [(slot["local_date"], slot["local_time"]) for slot in json.loads(found)] == [
        ("2026-03-29", "23:00")
    ]
