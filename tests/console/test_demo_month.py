"""The month of life that the demo clinics open with."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from clinics.models import Doctor, Patient
from console.create_demo import ensure_demo_clinic
from console.demo_data import HUDSON, RIVERSIDE, DemoClinic
from console.demo_month.planning import Outcome, PlannedVisit, SlotTime, TypeLength, plan_visits
from notifications.models import Message
from scheduling.models import Booking, BookingEvent, WaitlistOffer
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic, QueueLine

NOON = datetime(2026, 11, 30, 12, 10, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


def slots_around(now: datetime) -> list[SlotTime]:
    """The slots of two doctors, every half hour from 9 to 17, three weeks back and two ahead."""
    midnight = now.replace(hour=0, minute=0)
    return [
        SlotTime(uuid.UUID(int=number), doctor, starts, starts + timedelta(minutes=30))
        for doctor in ("Ash", "Birch")
        for number, starts in enumerate(
            midnight + timedelta(days=day, minutes=minute)
            for day in range(-21, 15)
            for minute in range(9 * 60, 17 * 60, 30)
        )
    ]


def plan(now: datetime) -> list[PlannedVisit]:
    """The visits of a small clinic at that time."""
    types = [TypeLength("Short", None, frozenset()), TypeLength("Long", 60, frozenset())]
    return plan_visits(
        slots_around(now),
        types,
        patients=30,
        visits_a_day=4,
        zone=LONDON,
        now=now,
        opened_at=now - timedelta(days=28),
        rng=Random("riverside"),
    )


def test_the_same_day_has_the_same_visits_and_another_day_is_shifted_with_them() -> None:
    assert plan(NOON) == plan(NOON)
    assert {visit.slot.starts_at.date() for visit in plan(NOON + timedelta(days=1))} <= {
        slot.starts_at.date() for slot in slots_around(NOON + timedelta(days=1))
    }


def test_nobody_is_planned_twice_at_once_and_every_visit_is_booked_before_it() -> None:
    visits = plan(NOON)
    keys: list[Callable[[PlannedVisit], object]] = [
        lambda visit: visit.slot.doctor,
        lambda visit: visit.patient,
    ]

    for key in keys:
        for name in {key(visit) for visit in visits}:
            times = sorted((v.slot.starts_at, v.slot.ends_at) for v in visits if key(v) == name)
            assert all(one[1] <= other[0] for one, other in pairwise(times))
    assert all(visit.booked_at < min(visit.slot.starts_at, NOON) for visit in visits)


def test_todays_visits_are_where_the_time_of_day_has_them() -> None:
    outcomes = {
        visit.outcome: visit.slot.starts_at
        for visit in plan(NOON)
        if visit.slot.starts_at.date() == NOON.date()
    }

    assert {Outcome.COMPLETED, Outcome.EXPECTED} <= outcomes.keys()
    assert {Outcome.IN_PROGRESS, Outcome.LATE, Outcome.ARRIVED} & outcomes.keys()
    for visit in plan(NOON):
        if visit.outcome in (Outcome.COMPLETED, Outcome.NO_SHOW, Outcome.RESCHEDULED):
            assert visit.slot.ends_at < NOON
        if visit.outcome in (Outcome.IN_PROGRESS, Outcome.LATE):
            assert visit.slot.starts_at <= NOON
        if visit.outcome in (Outcome.ARRIVED, Outcome.EXPECTED):
            assert visit.slot.starts_at > NOON


@pytest.fixture
def no_clinics(db: None, clinics: tuple[Clinic, Clinic]) -> None:
    """Free the addresses of the demo's clinics."""
    for clinic in clinics:
        Clinic.objects.filter(pk=clinic.pk).update(slug=f"was-{clinic.slug}")
        clinic.domains.update(domain=f"was-{clinic.slug}.example.localhost")
    leave_clinic()


def small(demo: DemoClinic) -> DemoClinic:
    """A demo clinic with two doctors and a few patients."""
    return replace(demo, doctors=demo.doctors[:2], patients=demo.patients[:7], visits_a_day=1)


def test_a_demo_clinic_opens_with_a_month_of_life_once(no_clinics: None) -> None:
    opened = ensure_demo_clinic(small(RIVERSIDE))
    clinic = Clinic.objects.get(slug="riverside")
    with enter_clinic(clinic):
        assert [len(doctor.photo_digest) for doctor in Doctor.objects.all()] == [32, 32]
        before = (Booking.objects.count(), Patient.objects.count(), Message.objects.count())

    assert ensure_demo_clinic(small(RIVERSIDE)) == opened

    with enter_clinic(clinic):
        assert (Booking.objects.count(), Patient.objects.count(), Message.objects.count()) == before
        check_month(clinic)


def check_month(clinic: Clinic) -> None:
    """Check that the clinic has what a lived-in one has, and that its past is past."""
    now = clock_now()
    statuses = Counter(Booking.objects.values_list("status", flat=True))
    assert statuses["COMPLETED"] > statuses["HELD"] >= 1
    assert statuses["CONFIRMED"] >= 1
    assert WaitlistOffer.objects.filter(outcome="open").exists()
    assert not Booking.objects.filter(status="COMPLETED", starts_at__gt=now).exists()
    assert not BookingEvent.objects.filter(created_at__gt=now).exists()
    sent = Message.objects.filter(status=Message.Status.SENT)
    assert sent.exists()
    assert not sent.filter(sent_at__gt=now).exists()
    # Nothing of the past is left for the worker to send.
    waiting = Message.objects.waiting().values_list("pk", flat=True)
    assert not Message.objects.waiting().filter(due_at__lt=now - timedelta(hours=3)).exists()
    leave_clinic()
    lines = QueueLine.objects.filter(clinic_id=clinic.pk, kind="message")
    assert set(lines.values_list("row_id", flat=True)) <= set(waiting_ids(clinic, waiting))


def waiting_ids(clinic: Clinic, waiting: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Evaluate a query in the clinic."""
    with enter_clinic(clinic):
        return list(waiting)


def test_an_empty_demo_clinic_has_its_staff_and_slots_only(no_clinics: None) -> None:
    opened = ensure_demo_clinic(RIVERSIDE, with_data=False)

    with enter_clinic(Clinic.objects.get(slug="riverside")):
        counts = (Doctor.objects.count(), Patient.objects.count(), Booking.objects.count())
    assert counts == (len(RIVERSIDE.doctors), 1, 0)
    assert opened["receptionist"]["email"] == "reception@riverside.example"


@pytest.mark.drill
@pytest.mark.parametrize("demo", [RIVERSIDE, HUDSON], ids=["riverside", "hudson"])
def test_the_whole_demo_has_every_state(no_clinics: None, demo: DemoClinic) -> None:
    ensure_demo_clinic(demo)

    clinic = Clinic.objects.get(slug=demo.slug)
    with enter_clinic(clinic):
        check_month(clinic)
    with enter_clinic(clinic):
        assert set(Message.objects.values_list("status", flat=True)) == {
            "PLANNED", "SENT", "DROPPED", "PARKED",
        }  # fmt: skip
        assert {"COMPLETED", "NO_SHOW", "CANCELLED", "CONFIRMED", "HELD"} <= set(
            Booking.objects.values_list("status", flat=True)
        )
