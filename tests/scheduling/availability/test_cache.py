"""Kept answers about open slots are those the database would give."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event

import pytest
from django.db import transaction

from clinics.models import Doctor, Patient
from scheduling.availability.api.open_slots import cached_answer, content_digest
from scheduling.availability.cache import availability_changes, cache_get, cache_set
from scheduling.availability.open_slots import AvailabilityQuery, open_slots_json
from scheduling.bookings.cancel import cancel_booking
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, Slot
from scheduling.slots.services import add_slots, change_slot, withdraw_slot
from tenants.accounts.models import User
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.factories.people import make_admin, make_doctor, make_patient
from tests.factories.schedule import make_booking, make_hours, make_slot
from tests.factories.threads import at_once

STEPS = 120


def everything(now: datetime) -> AvailabilityQuery:
    return AvailabilityQuery(first=now.date(), last=now.date() + timedelta(days=7), limit=1000)


def answered(question: AvailabilityQuery, *, now: datetime) -> bytes:
    return cached_answer(repr(question), lambda: question, now=now)


def straight(question: AvailabilityQuery, *, now: datetime) -> bytes:
    count, results = open_slots_json(question, now=now)
    return b"%d|%s|%s" % (count, content_digest(results).encode(), results)


def someone_changes_something(
    doctor: Doctor, patients: list[Patient], *, chance: random.Random, admin: User, now: datetime
) -> None:
    """One of the writes that open or close time, or an attempt at it."""
    slot = chance.choice(list(Slot.objects.live().filter(starts_at__gt=now)))
    booking = Booking.objects.taking_time().order_by("?").first()
    start = now + timedelta(minutes=30 * chance.randrange(1, 200))
    acts: list[Callable[[], object]] = [
        lambda: make_booking(slot, chance.choice(patients), now=now),
        lambda: booking and cancel_booking(booking=booking, by=admin, now=now),
        lambda: add_slots(doctor=doctor, periods=[(start, start + timedelta(minutes=30))], now=now),
        lambda: change_slot(slot=slot, status=chance.choice(["free", "blocked"]), now=now),
        lambda: change_slot(slot=slot, starts_at=start, ends_at=start + timedelta(minutes=30), now=now),
        lambda: withdraw_slot(slot=slot, now=now),
        lambda: make_hours(doctor, (chance.randrange(7), "09:00", "12:00"), now=now),
        lambda: generate_slots(doctor=doctor, now=now, last=now.date() + timedelta(days=7)),
    ]
    chance.choice(acts)()


def test_a_kept_answer_is_the_databases_after_any_sequence_of_changes(
    committed_clinic: Clinic, now: datetime
) -> None:
    chance, doctor, admin = random.Random(7), make_doctor(), make_admin()
    patients, kept = [make_patient() for _ in range(3)], 0
    for n in range(1, 20):
        make_slot(doctor, now + timedelta(hours=n))

    for _step in range(STEPS):
        with suppress(DomainError):
            someone_changes_something(doctor, patients, chance=chance, admin=admin, now=now)
        question = everything(now)
        first, second = answered(question, now=now), answered(question, now=now)
        kept += cache_get(repr(question)).value is not None

        assert first == second == straight(question, now=now)

    assert kept == STEPS


def test_an_answer_read_before_a_change_is_not_kept_after_it(committed_clinic: Clinic, now: datetime) -> None:
    before = cache_get("question")
    with transaction.atomic(), availability_changes():
        during = cache_get("question")
        cache_set("question", b"old", before)
        cache_set("question", b"half done", during)
    cache_set("question", b"older", before)

    after = cache_get("question")
    cache_set("question", b"new", after)

    assert during.version is None
    assert (after.value, cache_get("question").value) == (None, b"new")


def test_what_is_read_for_the_question_is_no_older_than_the_answer(
    committed_clinic: Clinic, now: datetime
) -> None:
    whole = everything(now)

    def made_while_something_changes() -> AvailabilityQuery:
        with transaction.atomic(), availability_changes():
            pass
        return whole

    cached_answer("asked", made_while_something_changes, now=now)

    assert cache_get("asked").value is None


def test_a_change_that_fails_leaves_no_mark(committed_clinic: Clinic) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), availability_changes():
        1 / 0  # noqa: B018

    assert cache_get("question").version is not None


def test_nobody_is_shown_a_slot_after_its_booking_is_acknowledged(
    committed_clinic: Clinic, now: datetime
) -> None:
    doctor, patients = make_doctor(), [make_patient() for _ in range(25)]
    slots = [make_slot(doctor, now + timedelta(hours=n)) for n in range(1, 26)]
    question, over = everything(now), Event()

    def read_on() -> int:
        answers = 0
        while not over.is_set():
            answered(question, now=now)
            answers += 1
        return answers

    def book_all() -> list[str]:
        shown_still = []
        try:
            for slot, patient in zip(slots, patients, strict=True):
                make_booking(slot, patient, now=now)
                if str(slot.pk).encode() in answered(question, now=now):
                    shown_still.append(str(slot.pk))
        finally:
            over.set()
        return shown_still

    *reads, shown_still = at_once(committed_clinic, read_on, read_on, book_all)

    assert shown_still == []
    assert all(isinstance(count, int) and count for count in reads)
