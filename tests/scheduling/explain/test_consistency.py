"""What is listed as open, what is explained as open and what can be booked are the same times."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from clinics.models import Doctor, Patient
from scheduling.availability.open_slots import AvailabilityQuery, open_slots_json
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
from tests.scheduling.random_schedules import DAYS, SmallWorld, make_small_world, thrown_away

EXAMPLES = examples(quick=6, full=25)
MOST_SLOTS = 25
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]
"""An example takes half a second, and a smaller one that fails may take minutes to find."""


def listed(world: SmallWorld, visit: VisitType | None) -> set[str]:
    """The slots in `available/`, asked for day by day and all at once: the same both ways."""
    first = world.now.date() - timedelta(days=1)
    kind = visit.pk if visit else None
    days = [first + timedelta(days=n) for n in range(DAYS + 2)]
    whole = ids(AvailabilityQuery(first, days[-1], 1000, visit_type=kind), world)
    apart = [ids(AvailabilityQuery(day, day, 1000, visit_type=kind), world) for day in days]
    of_doctors = [
        ids(AvailabilityQuery(first, days[-1], 1000, doctor=doctor.pk, visit_type=kind), world)
        for doctor in world.doctors
    ]
    assert whole == set().union(*apart) == set().union(*of_doctors)
    return whole


def ids(question: AvailabilityQuery, world: SmallWorld) -> set[str]:
    return {slot["id"] for slot in json.loads(open_slots_json(question, now=world.now)[1])}


def booked(world: SmallWorld, slot: Slot, visit: VisitType | None, patient: Patient) -> str:
    """What becomes of a patient's try to book it, which leaves no trace."""
    assert patient.user
    try:
        with thrown_away():
            book_slot(slot_id=slot.pk, patient=patient, by=patient.user, visit_type=visit, now=world.now)
    except DomainError as refused:
        return refused.code
    return "booked"


@pytest.mark.property
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
@given(seed=st.integers(0, 2**32))
def test_the_list_the_explanation_and_the_booking_agree(clinic: Clinic, seed: int) -> None:
    chance = Random(seed)
    with thrown_away():
        world, patient = make_small_world(chance), make_patient()
        slots = world.slots()
        chosen = chance.sample(slots, min(MOST_SLOTS, len(slots)))
        visit = VisitType.objects.filter(name="Visit 0").get() if chance.random() < 0.7 else None
        open_ones = listed(world, visit)

        for slot in chosen:
            explained = explanation(
                slot.doctor, slot.starts_at, visit_type=visit, patient=None, now=world.now
            )
            outcome = booked(world, slot, visit, patient)
            note(f"{slot.starts_at} {slot.status} {outcome} {explained.reasons} {visit and visit.__dict__}")
            if explained.slot and explained.slot.pk != slot.pk:
                continue  # a mark beside the slot that came in its place

            assert (str(slot.pk) in open_ones, explained.is_open) == (outcome == "booked",) * 2


def agreed(world: SmallWorld, slot: Slot, visit: VisitType | None) -> bool:
    """Whether it is open, as the list, the explanation and a booking by a patient say alike."""
    patient = make_patient()
    explained = explanation(slot.doctor, slot.starts_at, visit_type=visit, patient=None, now=world.now)
    said = {
        str(slot.pk) in listed(world, visit),
        explained.is_open,
        booked(world, slot, visit, patient) == "booked",
    }
    (answer,) = said
    return answer


@pytest.mark.parametrize(("minutes", "is_open"), [(1, False), (0, True)])
def test_visits_that_keep_hours_free_on_both_sides_are_in_each_others_way(  # noqa: PLR0917
    clinic: Clinic, doctor: Doctor, admin: User, now: datetime, minutes: int, is_open: bool
) -> None:
    """The longest visits with the longest time kept free: sixteen hours from one start to the other."""
    world = SmallWorld(now=now, admin=admin, patients=[make_patient()], doctors=[doctor])
    visit = make_visit_type(buffer_before_minutes=240, buffer_after_minutes=240)
    midnight = datetime(2026, 3, 4, tzinfo=UTC)
    early = make_slot(doctor, midnight - 16 * HOUR + minutes * MINUTE, minutes=480)
    late = make_slot(doctor, midnight, minutes=30)
    book_slot(slot_id=early.pk, patient=world.patients[0], by=admin, visit_type=visit, now=now)

    assert agreed(world, late, visit) is is_open


def test_an_ended_hold_of_another_doctors_patient_keeps_no_room(
    clinic: Clinic, doctor: Doctor, admin: User, now: datetime
) -> None:
    other, holder = make_doctor(), make_patient()
    world = SmallWorld(now=now, admin=admin, patients=[holder], doctors=[doctor, other])
    visit, _room = make_visit_type(needs_room=True), make_room()
    slot, beside = make_slot(doctor, now + HOUR), make_slot(other, now + HOUR)
    hold_slot(
        slot_id=beside.pk, patient=holder, by=user_of(holder), visit_type=visit, until=now + MINUTE, now=now
    )

    before = agreed(world, slot, visit)
    world.now = now + MINUTE

    assert (before, agreed(world, slot, visit)) == (False, True)


def test_who_holds_the_second_of_two_slots_books_both(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    visit = make_visit_type(duration_minutes=60)
    first, second = make_slot(doctor, now + HOUR), make_slot(doctor, now + HOUR + 30 * MINUTE)
    hold_slot(slot_id=second.pk, patient=patient, by=user_of(patient), now=now)
    explained = explanation(doctor, first.starts_at, visit_type=visit, patient=patient, now=now)

    booking = book_slot(slot_id=first.pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)

    assert explained.is_open
    assert booking.ends_at == second.ends_at


def test_a_place_in_another_zone_leaves_the_clinics_days_and_clock_alone(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    """Both clocks' distances from UTC stand in one statement, before and after the change."""
    make_place("Asia/Kathmandu")
    make_slot(doctor, datetime(2026, 3, 29, 22, tzinfo=UTC))

    _, found = open_slots_json(AvailabilityQuery(date(2026, 3, 27), date(2026, 3, 30), 10), now=now)

    assert [(slot["local_date"], slot["local_time"]) for slot in json.loads(found)] == [
        ("2026-03-29", "23:00")
    ]
