"""Cached answers about open slots equal those that the database gives."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
import time_machine
from django.db import transaction

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.availability.api.open_slots import cached_answer
from scheduling.availability.cache import availability_changes, cache_get, cache_set
from scheduling.availability.open_slots import AvailabilityQuery, open_slots
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.create import create_booking
from scheduling.calendar.etags import content_digest
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, Slot
from scheduling.slots.services import add_slots, change_slot, withdraw_slot
from tenants.accounts.models import User
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.languages import offering
from tests.factories.people import make_admin, make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_hours, make_slot
from tests.factories.threads import run_concurrently

STEPS = 120


def next_week(now: datetime) -> AvailabilityQuery:
    return AvailabilityQuery(first=now.date(), last=now.date() + timedelta(days=7), limit=1000)


def answer_with_cache(query: AvailabilityQuery, *, now: datetime) -> bytes:
    return cached_answer(repr(query), lambda: query, now=now).packed


def answer_from_the_database(query: AvailabilityQuery, *, now: datetime) -> bytes:
    found = open_slots(query, now=now)
    count, results = found.count, found.results
    return b"%d|%s|%s" % (count, content_digest(results).encode(), results)


def change_at_random(
    doctor: Doctor, patients: list[Patient], *, rng: random.Random, admin: User, now: datetime
) -> None:
    """Try one of the writes that open or close time."""
    slot = rng.choice(list(Slot.objects.live().filter(starts_at__gt=now)))
    booking = Booking.objects.taking_time().order_by("?").first()
    start = now + timedelta(minutes=30 * rng.randrange(1, 200))
    changes: list[Callable[[], object]] = [
        lambda: make_booking(slot, rng.choice(patients), now=now),
        lambda: booking and cancel_booking(booking=booking, by=admin, now=now),
        lambda: add_slots(doctor=doctor, periods=[(start, start + timedelta(minutes=30))], now=now),
        lambda: change_slot(slot=slot, status=rng.choice(["free", "blocked"]), now=now),
        lambda: change_slot(slot=slot, starts_at=start, ends_at=start + timedelta(minutes=30), now=now),
        lambda: withdraw_slot(slot=slot, now=now),
        lambda: make_hours(doctor, (rng.randrange(7), "09:00", "12:00"), now=now),
        lambda: generate_slots(doctor=doctor, now=now, last=now.date() + timedelta(days=7)),
    ]
    rng.choice(changes)()


def test_after_any_change_the_cached_answer_equals_the_databases(
    committed_clinic: Clinic, now: datetime
) -> None:
    rng, doctor, admin = random.Random(7), make_doctor(), make_admin()
    patients, cached_count = [make_patient() for _ in range(3)], 0
    for n in range(1, 20):
        make_slot(doctor, now + timedelta(hours=n))

    for _ in range(STEPS):
        with suppress(DomainError):
            change_at_random(doctor, patients, rng=rng, admin=admin, now=now)
        query = next_week(now)
        first, second = answer_with_cache(query, now=now), answer_with_cache(query, now=now)
        cached_count += cache_get(repr(query), now=now).value is not None

        assert first == second == answer_from_the_database(query, now=now)

    assert cached_count == STEPS


def test_an_answer_computed_before_or_during_a_change_is_not_cached(
    committed_clinic: Clinic, now: datetime
) -> None:
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


def test_an_answer_is_not_cached_if_a_change_happens_while_its_query_is_built(
    committed_clinic: Clinic, now: datetime
) -> None:
    query = next_week(now)

    def build_query_during_a_change() -> AvailabilityQuery:
        with transaction.atomic(), availability_changes():
            pass
        return query

    cached_answer("question", build_query_during_a_change, now=now)

    assert cache_get("question").value is None


def test_a_failed_change_leaves_no_marker(committed_clinic: Clinic) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), availability_changes():
        1 / 0  # noqa: B018

    assert cache_get("question").version is not None


def test_no_slot_is_listed_after_its_booking_has_returned(committed_clinic: Clinic, now: datetime) -> None:
    doctor, patients = make_doctor(), [make_patient() for _ in range(25)]
    slots = [make_slot(doctor, now + timedelta(hours=n)) for n in range(1, 26)]
    query, finished = next_week(now), Event()

    def read_until_finished() -> int:
        count = 0
        while not finished.is_set():
            answer_with_cache(query, now=now)
            count += 1
        return count

    def book_all() -> list[str]:
        still_listed = []
        try:
            for slot, patient in zip(slots, patients, strict=True):
                make_booking(slot, patient, now=now)
                if str(slot.pk).encode() in answer_with_cache(query, now=now):
                    still_listed.append(str(slot.pk))
        finally:
            finished.set()
        return still_listed

    *reads, still_listed = run_concurrently(
        committed_clinic, read_until_finished, read_until_finished, book_all
    )

    assert still_listed == []
    assert all(isinstance(count, int) and count for count in reads)


@pytest.mark.parametrize("notice", [0, 60])
def test_a_cached_list_ends_when_its_first_time_can_no_longer_be_booked(
    committed_clinic: Clinic, now: datetime, notice: int
) -> None:
    """On every page, since the count changes too. The cache would keep it for half a minute."""
    ClinicSettings.objects.update(booking_notice_minutes=notice)
    doctor, second = make_doctor(), timedelta(seconds=1)
    for n in (2, 3):
        make_slot(doctor, now + n * timedelta(hours=1))
    # With a notice period, the slot can be booked exactly that long before its start.
    last = now + timedelta(hours=2, minutes=-notice)
    over = last + (second if notice else timedelta())
    for offset in (0, 1):
        query = replace(next_week(now), limit=1, offset=offset)
        before = answer_with_cache(query, now=last - second)

        after = answer_with_cache(query, now=over)

        assert (before[:2], after[:2]) == (b"2|", b"1|")


def test_a_cached_refusal_ends_when_the_slot_starts(committed_clinic: Clinic, now: datetime) -> None:
    doctor, patient = make_doctor(), make_patient()
    slot = make_slot(doctor, now + timedelta(seconds=20))
    make_booking(slot, make_patient(), now=now)
    user = user_of(patient)
    data: dict[str, Any] = {
        "slot": slot.pk,
        "visit_type": None,
        "reason": "",
        "answers": {},
        "overbook": False,
        "withdraw_offer": False,
    }
    codes = []

    for seconds in (0, 10, 20):
        with pytest.raises(DomainError) as refusal:
            create_booking(data, patient=None, by=user, now=now + timedelta(seconds=seconds))
        codes.append(refusal.value.code)

    assert codes == ["slot_taken", "slot_taken", "slot_started"]


def test_an_answer_is_cached_for_each_language(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    path, spanish = "/api/appointments/available/", {"Accept-Language": "es"}
    with time_machine.travel(now, tick=False), offering(clinic, "en", "es"):
        make_slot(doctor, now + timedelta(days=1))
        client = ClinicClient(clinic)

        answers = [client.get(path, headers=headers) for headers in ({}, spanish, {}, spanish)]
        unchanged = client.get(path, headers={"If-None-Match": answers[0]["ETag"], **spanish})

    zones = [data_of(answer)["results"][0]["tz_label"] for answer in answers]
    assert (zones[0], "Londres" in zones[1], zones[2:]) == ("London time", True, zones[:2])
    assert unchanged.status_code == 200  # the browser has the English answer
