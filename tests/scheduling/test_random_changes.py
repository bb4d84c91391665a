"""After any changes, cached results, stored next open slots and generated slots equal fresh ones."""

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
from scheduling.availability.api.open_slots import cached_answer
from scheduling.availability.cache import cache_get
from scheduling.availability.conditions import Conditions
from scheduling.availability.doctor_search import search_doctors, visible_doctor
from scheduling.availability.open_slots import AvailabilityQuery, open_slots
from scheduling.calendar.etags import content_digest
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
    RandomSchedule,
    make_random_change,
    make_random_schedule,
    queried_range,
    rolled_back,
)

few_examples = settings(
    max_examples=examples(quick=4, full=12),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=NO_SHRINKING,
)


def queries(schedule: RandomSchedule) -> list[AvailabilityQuery]:
    first, last = schedule.now.date(), schedule.now.date() + timedelta(days=DAYS)
    visit_types = [visit.pk if visit else None for visit in schedule.visits]
    return [AvailabilityQuery(first, last, 1000, visit_type=kind) for kind in visit_types]


def identity(query: AvailabilityQuery) -> AvailabilityQuery:
    return query


def end_holds(schedule: RandomSchedule) -> None:
    """Release expired holds, as the worker does."""
    for hold in Booking.objects.filter(status="HELD", held_until__lte=schedule.now):
        release_expired_hold(hold.pk, schedule.now)


def first_listed(doctor: Doctor, schedule: RandomSchedule) -> datetime | None:
    """Return the start of the doctor's first listed slot."""
    first, last = schedule.now.date() - timedelta(days=1), schedule.now.date() + timedelta(days=DAYS)
    listed = open_slots(
        AvailabilityQuery(first, last, 1000, conditions=Conditions(doctor=doctor.pk)), now=schedule.now
    ).results
    starts = [datetime.fromisoformat(slot["starts_at"]) for slot in json.loads(listed)]
    return min(starts, default=None)


@pytest.mark.property
@few_examples
@given(seed=st.integers(0, 2**32))
def test_the_next_open_slot_is_the_first_listed_slot(clinic: Clinic, seed: int) -> None:
    rng = Random(seed)
    with rolled_back():
        schedule = make_random_schedule(rng)
        for _step in range(8):
            with suppress(DomainError), transaction.atomic():
                make_random_change(schedule, rng)
            end_holds(schedule)
            for doctor in schedule.doctors:
                stored = visible_doctor(doctor.pk, now=schedule.now).next_available  # type: ignore[attr-defined]
                note(f"{doctor.pk} {NextOpen.objects.filter(doctor=doctor).values()}")

                assert stored == first_listed(doctor, schedule)


@pytest.mark.property
@few_examples
@given(seed=st.integers(0, 2**32))
def test_doctors_open_on_a_day_are_those_with_a_listed_slot(clinic: Clinic, seed: int) -> None:
    with rolled_back():
        schedule = make_random_schedule(Random(seed))
        for n in range(DAYS):
            day = schedule.now.date() + timedelta(days=n)
            listed = open_slots(AvailabilityQuery(day, day, 1000), now=schedule.now).results
            found = {str(each.pk) for each in search_doctors({"available_on": day}, now=schedule.now)}

            assert found == {slot["doctor"] for slot in json.loads(listed)}


def test_cached_results_equal_fresh_ones_for_every_visit_type(committed_clinic: Clinic) -> None:
    rng = Random(11)
    schedule = make_random_schedule(rng)
    for _step in range(60):
        with suppress(DomainError):
            make_random_change(schedule, rng)
        for query in queries(schedule):
            results = [
                cached_answer(repr(query), partial(identity, query), now=schedule.now).packed
                for _ in range(2)
            ]
            found = open_slots(query, now=schedule.now)
            count, listed = found.count, found.results
            fresh = b"%d|%s|%s" % (count, content_digest(listed).encode(), listed)
            cached = cache_get(repr(query), now=schedule.now).value

            assert [*results, cached] == [fresh] * 3


def copy_doctor(doctor: Doctor) -> Doctor:
    """Create a doctor with the same hours, exceptions and time off."""
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
    for time_off in TimeOff.objects.filter(doctor=doctor):
        time_off.pk, time_off.doctor, time_off._state.adding = None, twin, True
        time_off.save()
    return twin


def generated_slots(doctor: Doctor, schedule: RandomSchedule) -> list[tuple[object, ...]]:
    """Return slots generated from the doctor's hours that nobody has changed or booked."""
    first, before = queried_range(schedule)
    slots = Slot.objects.filter(
        doctor=doctor, origin="hours", status="free", fits_hours=True, starts_at__gt=schedule.now
    )
    in_range = slots.filter(starts_at__gte=first, starts_at__lt=before).order_by("starts_at")
    return list(in_range.values_list("starts_at", "ends_at", "place"))


@pytest.mark.property
@few_examples
@given(seed=st.integers(0, 2**32))
def test_slots_after_any_changes_equal_freshly_generated_slots(clinic: Clinic, seed: int) -> None:
    """Times at which slots were changed by hand, or booked outside the hours, are left out."""
    with rolled_back():
        schedule = make_random_schedule(Random(seed))
        schedule.generate()
        for doctor in schedule.doctors:
            twin = copy_doctor(doctor)
            generate_slots(doctor=twin, now=schedule.now)
            by_hand = Slot.objects.filter(doctor=doctor).exclude(
                origin="hours", status="free", fits_hours=True
            )
            changed_by_hand = list(by_hand.values_list("starts_at", "ends_at"))
            fresh_slots = [
                slot
                for slot in generated_slots(twin, schedule)
                if not any(starts < slot[1] and ends > slot[0] for starts, ends in changed_by_hand)  # type: ignore[operator]
            ]
            current_slots = [
                slot
                for slot in generated_slots(doctor, schedule)
                if not any(starts < slot[1] and ends > slot[0] for starts, ends in changed_by_hand)  # type: ignore[operator]
            ]
            second_run = generate_slots(doctor=doctor, now=schedule.now)

            assert current_slots == fresh_slots
            assert (second_run.added, second_run.removed) == (0, 0)


@pytest.mark.property
@few_examples
@given(seed=st.integers(0, 2**32))
def test_generated_slots_are_within_the_hours_and_do_not_overlap(clinic: Clinic, seed: int) -> None:
    with rolled_back():
        schedule = make_random_schedule(Random(seed))
        schedule.generate()
        last = schedule.now.date() + timedelta(days=ClinicSettings.objects.get().horizon_days)
        for doctor in schedule.doctors:
            runs = planned_working_periods(doctor, first=schedule.now.date(), last=last)
            plan = {(*slot, run.place) for run in runs for slot in slots_in(run)}
            live = Slot.objects.live().filter(doctor=doctor).order_by("starts_at")
            periods = list(live.values_list("starts_at", "ends_at"))

            assert set(generated_slots(doctor, schedule)) <= plan
            assert all(earlier[1] <= later[0] for earlier, later in pairwise(periods))


@pytest.mark.parametrize("limit", ["day_limit", "week_limit", "day_limit_minutes", "week_limit_minutes"])
def test_a_day_or_week_at_its_limit_has_no_next_open_slot(clinic: Clinic, now: datetime, limit: str) -> None:
    """A booking later that day or week counts towards the limit."""
    doctor = make_doctor(**{limit: 30 if limit.endswith("minutes") else 1})
    make_slot(doctor, now + timedelta(hours=1))
    last = make_slot(doctor, now + timedelta(hours=4 if limit.startswith("day") else 90))
    next_week = make_slot(doctor, now + timedelta(days=7))

    make_booking(last, make_patient(), now=now)

    assert visible_doctor(doctor.pk, now=now).next_available == next_week.starts_at  # type: ignore[attr-defined]
