"""Strangers who book as fast as they can get no time that somebody on the waiting list can take."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor
from scheduling.availability import changed_times
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.bookings.idempotency import run_idempotently
from scheduling.errors import SlotTaken
from scheduling.models import Booking, Slot, WaitlistEntry, WaitlistOffer
from scheduling.waitlist import offer_open_times
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.factories.people import make_admin, make_doctor, make_patient
from tests.factories.schedule import make_slot
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_visit_type
from tests.factories.waitlist import make_entry, user_of

ROUNDS = 8
STRANGERS = 3
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def strangers_gains(clinic: Clinic, now: datetime) -> int:
    """Cancel a booking in each round while strangers try to book its time, and somebody waits for it.

    :return: in how many rounds a stranger got the time
    """
    doctor, admin = make_doctor(), make_admin()
    strangers = [make_patient() for _ in range(STRANGERS)]
    gained = 0
    for number in range(ROUNDS):
        slot = make_slot(doctor, now + DAY + number * timedelta(hours=1))
        booking = book_slot(slot_id=slot.pk, patient=make_patient(), by=admin, now=now)
        make_entry(make_patient(), doctor, now=now)
        done = threading.Event()

        def cancel(booking: Booking = booking, done: threading.Event = done) -> None:
            time.sleep(0.05)  # the strangers are trying by then
            cancel_booking(booking=booking, by=admin, now=now)
            time.sleep(0.2)
            done.set()

        def book(patient: Any, slot: Slot = slot, done: threading.Event = done) -> None:
            while not done.is_set():
                with suppress(DomainError):
                    book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)

        attempts = [lambda patient=patient: book(patient) for patient in strangers]
        results = run_concurrently(clinic, cancel, *attempts)
        assert [result for result in results if isinstance(result, Exception)] == []
        taken = Booking.objects.taking_time().filter(slot=slot)
        gained += taken.filter(patient__in=strangers).exists()
    return gained


def test_no_stranger_gets_a_freed_time_for_which_somebody_waits(
    committed_clinic: Clinic, now: datetime
) -> None:
    assert strangers_gains(committed_clinic, now) == 0
    assert WaitlistOffer.objects.filter(outcome="open").count() == ROUNDS


def test_if_times_are_not_offered_in_the_transaction_strangers_get_them(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed_times, "_handlers", [])

    assert strangers_gains(committed_clinic, now) > 0


def adjacent_cancellations(
    clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, *, wait: float = 0.5
) -> int:
    """Cancel two adjacent visits of half an hour at once, while somebody waits for an hour.

    :param wait: how many seconds a search waits for the other one. With the lock, the other cannot come
    :return: how many offers were made
    """
    doctor, admin = make_doctor(), make_admin()
    bookings = [
        book_slot(
            slot_id=make_slot(doctor, now + DAY + n * timedelta(minutes=30)).pk,
            patient=make_patient(),
            by=admin,
            now=now,
        )
        for n in range(2)
    ]
    make_entry(make_patient(), doctor, visit_type=make_visit_type(duration_minutes=60), now=now)
    meeting = threading.Barrier(2)
    search = offer_open_times._hold_first

    def search_together(*args: Any, **kwargs: Any) -> Any:
        found = search(*args, **kwargs)
        # Afterwards: neither commits before both have searched.
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=wait)
        return found

    monkeypatch.setattr(offer_open_times, "_hold_first", search_together)
    cancels: list[Callable[[], Any]] = [
        lambda booking=booking: cancel_booking(booking=booking, by=admin, now=now)  # type: ignore[misc]
        for booking in bookings
    ]
    results = run_concurrently(clinic, *cancels)
    assert [result for result in results if isinstance(result, Exception)] == []
    return WaitlistOffer.objects.count()


def test_two_times_freed_at_once_are_offered_together_for_a_long_visit(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert adjacent_cancellations(committed_clinic, now, monkeypatch) == 1


def test_without_the_lock_neither_cancellation_sees_the_long_visit(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offer_open_times, "_lock_waiting_list", lambda: None)

    assert adjacent_cancellations(committed_clinic, now, monkeypatch, wait=20) == 0


# Expired holds and offers: no worker runs in these tests


def expired_hold(doctor: Doctor, *, now: datetime) -> tuple[Slot, Booking, WaitlistEntry]:
    """Return a slot, a hold of it, and an entry that waits for it."""
    slot, holder = make_slot(doctor, now + DAY), make_patient()
    hold = hold_slot(slot_id=slot.pk, patient=holder, by=user_of(holder), now=now)
    return slot, hold, make_entry(make_patient(), doctor, now=now)


def book_directly(slot: Slot, patient: Any, *, now: datetime) -> Any:
    return book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)


def book_with_key(slot: Slot, patient: Any, *, now: datetime) -> Any:
    return run_idempotently(
        lambda: book_directly(slot, patient, now=now).status,
        user=user_of(patient),
        key="once",
        request={},
        now=now,
    )


def hold_directly(slot: Slot, patient: Any, *, now: datetime) -> Any:
    return hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)


@pytest.mark.parametrize("claim", [book_directly, book_with_key, hold_directly])
def test_whoever_claims_the_time_of_an_expired_hold_first_passes_it_to_the_waiting_list(
    committed_clinic: Clinic, now: datetime, claim: Callable[..., Any]
) -> None:
    slot, hold, entry = expired_hold(make_doctor(), now=now)
    assert hold.held_until is not None

    with pytest.raises(SlotTaken):
        claim(slot, make_patient(), now=hold.held_until)

    hold.refresh_from_db()
    offer = WaitlistOffer.objects.get()
    assert (hold.status, offer.entry, offer.outcome, offer.booking.slot) == ("CANCELLED", entry, "open", slot)


def test_the_first_on_the_list_can_book_the_time_of_an_expired_hold_directly(
    committed_clinic: Clinic, now: datetime
) -> None:
    slot, hold, entry = expired_hold(make_doctor(), now=now)
    assert hold.held_until is not None

    booking = book_directly(slot, entry.patient, now=hold.held_until)

    assert (booking.status, booking.patient) == ("CONFIRMED", entry.patient)
    assert not WaitlistOffer.objects.filter(outcome="open").exists()


def test_without_anybody_waiting_the_time_of_an_expired_hold_can_be_booked(
    committed_clinic: Clinic, now: datetime
) -> None:
    slot, hold, entry = expired_hold(make_doctor(), now=now)
    assert hold.held_until is not None
    WaitlistEntry.objects.filter(pk=entry.pk).update(status="ended")

    assert book_directly(slot, make_patient(), now=hold.held_until).status == "CONFIRMED"


def test_without_the_handler_a_stranger_books_the_time_of_an_expired_hold(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot, hold, _entry = expired_hold(make_doctor(), now=now)
    assert hold.held_until is not None
    monkeypatch.setattr(changed_times, "_handlers", [])

    assert book_directly(slot, make_patient(), now=hold.held_until).status == "CONFIRMED"


def test_each_waiting_patient_gets_an_expired_offer_before_a_stranger_does(
    committed_clinic: Clinic, now: datetime
) -> None:
    doctor, stranger = make_doctor(), make_patient()
    slot, hold, first = expired_hold(doctor, now=now)
    second = make_entry(make_patient(), doctor, now=now + SECOND)
    assert hold.held_until is not None
    ends_at, offered = hold.held_until, []

    for _ in range(2):
        with pytest.raises(SlotTaken):
            book_directly(slot, stranger, now=ends_at)
        offer = WaitlistOffer.objects.get(outcome="open")
        offered.append(offer.entry)
        ends_at = offer.ends_at

    assert offered == [first, second]
    assert book_directly(slot, stranger, now=ends_at).status == "CONFIRMED"
