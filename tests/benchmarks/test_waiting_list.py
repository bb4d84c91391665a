"""Compare a cancellation and a generation of slots while 300 patients wait with the same while nobody waits.

In one process on one connection. The ratios say how long others who free a time wait for the list's lock.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter

from clinics.models import Doctor
from scheduling.bookings.cancel import cancel_booking
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import WaitlistOffer
from tenants.accounts.models import User
from tests.benchmarks.thresholds import Threshold
from tests.drills.figures import RecordFigure
from tests.factories.people import make_patient
from tests.factories.schedule import make_booking, make_hours, make_slot
from tests.factories.waitlist import make_entry

WAITING, RUNS = 300, 5
CANCELLATION = Threshold(must=8, aim=4)
"""A cancellation while 300 wait, divided by one while nobody waits."""
OFFER = Threshold(must=2, aim=1)
"""One of 300 offers in a generation of slots, divided by a cancellation while nobody waits."""


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def test_three_hundred_waiting_patients(
    doctor: Doctor, admin: User, now: datetime, record_figure: RecordFigure
) -> None:
    begins = now + timedelta(days=3) - timedelta(hours=3)
    slots = [make_slot(doctor, begins + timedelta(minutes=30 * number)) for number in range(2 * RUNS)]
    bookings = [make_booking(slot, make_patient(), now=now) for slot in slots]

    def cancel_next() -> None:
        cancel_booking(booking=bookings.pop(), by=admin, now=now)

    alone = min(seconds(cancel_next) for _run in range(RUNS))
    for number in range(WAITING):
        make_entry(make_patient(), doctor, now=now + timedelta(seconds=number))
    cancellation = min(seconds(cancel_next) for _run in range(RUNS))
    make_hours(doctor, *((weekday, "10:00", "17:00") for weekday in range(5)), now=now, slot_minutes=15)
    generation = seconds(lambda: generate_slots(doctor=doctor, now=now, last=now.date() + timedelta(20)))
    offers = WaitlistOffer.objects.count() - RUNS

    record_figure("cancellation, nobody waits, ms", f"{alone * 1000:.0f}")
    record_figure(f"cancellation, {WAITING} wait, ms", f"{cancellation * 1000:.0f}")
    record_figure(f"cancellation, with / without ({CANCELLATION})", f"{cancellation / alone:.1f}")
    record_figure(f"generation with {offers} offers, s", f"{generation:.1f}")
    record_figure(f"offer / cancellation ({OFFER})", f"{generation / offers / alone:.2f}")
    assert offers == WAITING - RUNS
    assert cancellation / alone <= CANCELLATION.must
    assert generation / offers / alone <= OFFER.must
