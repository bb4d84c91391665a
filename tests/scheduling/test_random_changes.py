"""After any sequence of changes: kept answers, kept next slots and generated slots are what they would be
if they were made afresh."""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from clinics.models import ClinicSettings, Doctor
from scheduling.availability.api.open_slots import cached_answer, content_digest
from scheduling.availability.cache import cache_get
from scheduling.availability.doctor_search import search_doctors, visible_doctor
from scheduling.availability.open_slots import AvailabilityQuery, open_slots_json
from scheduling.clock.planning import slots_in
from scheduling.hours.selectors import planned_working_periods
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, DatedException, NextOpen, Slot, TimeOff, WorkingHours
from scheduling.tasks import release_expired_hold
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.profiles import examples
from tests.scheduling.explain.test_consistency import NO_SHRINKING
from tests.scheduling.random_schedules import (
    DAYS,
    SmallWorld,
    days_asked,
    make_small_world,
    something_happens,
    thrown_away,
)

few = settings(
    max_examples=examples(quick=4, full=12),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=NO_SHRINKING,
)


def questions(world: SmallWorld) -> list[AvailabilityQuery]:
    first, last = world.now.date(), world.now.date() + timedelta(days=DAYS)
    kinds = [visit.pk if visit else None for visit in world.visits]
    return [AvailabilityQuery(first, last, 1000, visit_type=kind) for kind in kinds]


def itself(question: AvailabilityQuery) -> AvailabilityQuery:
    return question


def end_holds(world: SmallWorld) -> None:
    """What the worker does when holds end."""
    for hold in Booking.objects.filter(status="HELD", held_until__lte=world.now):
        release_expired_hold(hold.pk, world.now)


def first_open(doctor: Doctor, world: SmallWorld) -> datetime | None:
    """The first that is listed."""
    first, last = world.now.date() - timedelta(days=1), world.now.date() + timedelta(days=DAYS)
    _, listed = open_slots_json(AvailabilityQuery(first, last, 1000, doctor=doctor.pk), now=world.now)
    starts = [datetime.fromisoformat(slot["starts_at"]) for slot in json.loads(listed)]
    return min(starts, default=None)


@pytest.mark.property
@few
@given(seed=st.integers(0, 2**32))
def test_the_next_open_slot_is_the_first_that_is_listed(clinic: Clinic, seed: int) -> None:
    chance = Random(seed)
    with thrown_away():
        world = make_small_world(chance)
        for _step in range(8):
            with suppress(DomainError), transaction.atomic():
                something_happens(world, chance)
            end_holds(world)
            for doctor in world.doctors:
                told = visible_doctor(doctor.pk, now=world.now).next_available  # type: ignore[attr-defined]
                note(f"{doctor.pk} {NextOpen.objects.filter(doctor=doctor).values()}")

                assert told == first_open(doctor, world)


@pytest.mark.property
@few
@given(seed=st.integers(0, 2**32))
def test_doctors_open_on_a_day_are_those_with_a_listed_slot(clinic: Clinic, seed: int) -> None:
    with thrown_away():
        world = make_small_world(Random(seed))
        for n in range(DAYS):
            day = world.now.date() + timedelta(days=n)
            _, listed = open_slots_json(AvailabilityQuery(day, day, 1000), now=world.now)
            found = {str(each.pk) for each in search_doctors({"available_on": day}, now=world.now)}

            assert found == {slot["doctor"] for slot in json.loads(listed)}


def test_kept_answers_are_the_databases_for_every_kind_of_visit(committed_clinic: Clinic) -> None:
    chance = Random(11)
    world = make_small_world(chance)
    for _step in range(60):
        with suppress(DomainError):
            something_happens(world, chance)
        for question in questions(world):
            given = [
                cached_answer(repr(question), partial(itself, question), now=world.now) for _ in range(2)
            ]
            count, listed = open_slots_json(question, now=world.now)
            straight = b"%d|%s|%s" % (count, content_digest(listed).encode(), listed)
            kept = cache_get(repr(question)).value

            assert [*given, kept] == [straight] * 3


def copy_of(doctor: Doctor) -> Doctor:
    """Another doctor with the same hours, dated days and time off."""
    twin = make_doctor()
    for row in WorkingHours.objects.filter(doctor=doctor):
        row.pk, row.doctor, row._state.adding = None, twin, True
        row.save()
    for dated in DatedException.objects.filter(doctor=doctor):
        intervals = list(dated.intervals.all())
        dated.pk, dated.doctor, dated._state.adding = None, twin, True
        dated.save()
        for interval in intervals:
            interval.pk, interval.exception, interval._state.adding = None, dated, True
            interval.save()
    for off in TimeOff.objects.filter(doctor=doctor):
        off.pk, off.doctor, off._state.adding = None, twin, True
        off.save()
    return twin


def untouched(doctor: Doctor, world: SmallWorld) -> list[tuple[object, ...]]:
    """The slots of its hours that nobody has changed by hand or booked."""
    first, before = days_asked(world)
    slots = Slot.objects.filter(
        doctor=doctor, origin="hours", status="free", fits_hours=True, starts_at__gt=world.now
    )
    here = slots.filter(starts_at__gte=first, starts_at__lt=before).order_by("starts_at")
    return list(here.values_list("starts_at", "ends_at", "place"))


@pytest.mark.property
@few
@given(seed=st.integers(0, 2**32))
def test_slots_generated_after_any_edits_are_those_generated_afresh(clinic: Clinic, seed: int) -> None:
    """Where people made, moved or took away slots, or booked what no longer fits, it stays what they did."""
    with thrown_away():
        world = make_small_world(Random(seed))
        world.generate()
        for doctor in world.doctors:
            twin = copy_of(doctor)
            generate_slots(doctor=twin, now=world.now)
            by_hand = Slot.objects.filter(doctor=doctor).exclude(
                origin="hours", status="free", fits_hours=True
            )
            kept = list(by_hand.values_list("starts_at", "ends_at"))
            afresh = [
                slot
                for slot in untouched(twin, world)
                if not any(starts < slot[1] and ends > slot[0] for starts, ends in kept)  # type: ignore[operator]
            ]
            standing = [
                slot
                for slot in untouched(doctor, world)
                if not any(starts < slot[1] and ends > slot[0] for starts, ends in kept)  # type: ignore[operator]
            ]
            again = generate_slots(doctor=doctor, now=world.now)

            assert standing == afresh
            assert (again.added, again.removed) == (0, 0)


@pytest.mark.property
@few
@given(seed=st.integers(0, 2**32))
def test_generated_slots_lie_in_the_plan_and_no_two_overlap(clinic: Clinic, seed: int) -> None:
    with thrown_away():
        world = make_small_world(Random(seed))
        world.generate()
        last = world.now.date() + timedelta(days=ClinicSettings.objects.get().horizon_days)
        for doctor in world.doctors:
            runs = planned_working_periods(doctor, first=world.now.date(), last=last)
            plan = {(*slot, run.place) for run in runs for slot in slots_in(run)}
            live = Slot.objects.live().filter(doctor=doctor).order_by("starts_at")
            periods = list(live.values_list("starts_at", "ends_at"))

            assert set(untouched(doctor, world)) <= plan
            assert all(one[1] <= two[0] for one, two in pairwise(periods))


@pytest.mark.parametrize("limit", ["day_limit", "week_limit", "day_limit_minutes", "week_limit_minutes"])
def test_a_full_day_holds_no_next_open_slot(clinic: Clinic, now: datetime, limit: str) -> None:
    """A booking later that day, or that week, takes the next open slot away."""
    doctor = make_doctor(**{limit: 30 if limit.endswith("minutes") else 1})
    make_slot(doctor, now + timedelta(hours=1))
    last = make_slot(doctor, now + timedelta(hours=4 if limit.startswith("day") else 90))
    next_week = make_slot(doctor, now + timedelta(days=7))

    make_booking(last, make_patient(), now=now)

    assert visible_doctor(doctor.pk, now=now).next_available == next_week.starts_at  # type: ignore[attr-defined]
