"""What is listed as open, what is explained as open and what can be booked are the same times."""

import json
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from clinics.models import Patient
from scheduling.models import Slot, VisitType
from scheduling.selectors.availability import Question, open_slots_json
from scheduling.selectors.explaining import explanation
from scheduling.services.booking import book_slot
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.factories.people import make_patient
from tests.scheduling.small_worlds import DAYS, SmallWorld, make_small_world, thrown_away

EXAMPLES = 25
MOST_SLOTS = 25
NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]
"""An example takes half a second, and a smaller one that fails may take minutes to find."""


def listed(world: SmallWorld, visit: VisitType | None) -> set[str]:
    """The slots in `available/`, asked for day by day and all at once: the same both ways."""
    first = world.now.date() - timedelta(days=1)
    kind = visit.pk if visit else None
    days = [first + timedelta(days=n) for n in range(DAYS + 2)]
    whole = ids(Question(first, days[-1], 1000, visit_type=kind), world)
    apart = [ids(Question(day, day, 1000, visit_type=kind), world) for day in days]
    of_doctors = [
        ids(Question(first, days[-1], 1000, doctor=doctor.pk, visit_type=kind), world)
        for doctor in world.doctors
    ]
    assert whole == set().union(*apart) == set().union(*of_doctors)
    return whole


def ids(question: Question, world: SmallWorld) -> set[str]:
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
