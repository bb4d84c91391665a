"""Every time that opens is offered to the waiting list, in the transaction that opens it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.availability import changed_times
from scheduling.availability.conditions import Conditions
from scheduling.availability.open_slots import AvailabilityQuery, open_slots
from scheduling.bookings.attendance import mark_no_show
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.bookings.release_holds import expire_hold
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.time_off import TimeOffSpec
from scheduling.hours.services import set_exception
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import HolidayChoice, Slot, VisitType, WaitlistEntry, WaitlistOffer
from scheduling.slots.services import add_slots, change_slot
from scheduling.time_off.give import give_time_off
from scheduling.time_off.revoke import revoke_time_off
from scheduling.waitlist.offer_open_times import offer_times_before_they_open
from scheduling.waitlist.offers import decline_offer
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tests.factories.admin_pages import get_form, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_doctor, make_patient
from tests.factories.queries import queries_of
from tests.factories.queue import run_due_jobs
from tests.factories.schedule import make_hours, make_slot
from tests.factories.visit_types import make_room, make_visit_type
from tests.factories.waitlist import make_entry, user_of
from tests.scheduling.test_admin import hours_form

HOUR = timedelta(hours=1)
HALF = timedelta(minutes=30)
DAY = timedelta(days=1)


@pytest.fixture
def nine(now: datetime) -> datetime:
    """Thursday 5 March 2026, 09:00 in London, in three days."""
    return now + 3 * DAY - 3 * HOUR


def offered_times() -> list[str]:
    """Return the start and state of each open offer, in London's time (UTC in March), by start."""
    offers = WaitlistOffer.objects.filter(outcome="open").order_by("booking__starts_at")
    return [f"{offer.booking.starts_at:%H:%M}" for offer in offers.select_related("booking")]


def open_to_strangers(doctor: Doctor, day: date, *, now: datetime) -> int:
    """Return how many times of a day anybody can book."""
    return open_slots(
        AvailabilityQuery(day, day, limit=100, conditions=Conditions(doctor=doctor.pk)), now=now
    ).count


def wait(doctor: Doctor, count: int = 1, *, now: datetime, **values: Any) -> list[WaitlistEntry]:
    """Let new patients wait for the doctor."""
    return [
        make_entry(make_patient(), doctor, now=now + timedelta(seconds=n), **values) for n in range(count)
    ]


def staff_books(slot: Slot, admin: User, *, now: datetime, **values: Any) -> Any:
    """Book the slot for a new patient."""
    return book_slot(slot_id=slot.pk, patient=make_patient(), by=admin, now=now, **values)


def test_each_slot_freed_by_a_long_visit_is_offered(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    """WL1."""
    first, _second = make_slot(doctor, nine), make_slot(doctor, nine + HALF)
    booking = staff_books(first, admin, visit_type=make_visit_type(duration_minutes=60), now=now)
    wait(doctor, 2, now=now)

    cancel_booking(booking=booking, by=admin, now=now)

    assert offered_times() == ["09:00", "09:30"]
    assert open_to_strangers(doctor, nine.date(), now=now) == 0


def test_a_freed_time_and_a_free_one_beside_it_are_offered_for_a_long_visit(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    """WL2."""
    make_slot(doctor, nine)
    booking = staff_books(make_slot(doctor, nine + HALF), admin, now=now)
    wait(doctor, visit_type=make_visit_type(duration_minutes=60), now=now)

    cancel_booking(booking=booking, by=admin, now=now)

    (offer,) = WaitlistOffer.objects.all()
    assert (offer.booking.starts_at, offer.booking.ends_at) == (nine, nine + HOUR)


def test_time_kept_free_around_a_cancelled_visit_is_offered(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    """WL3."""
    first, _second = make_slot(doctor, nine), make_slot(doctor, nine + HALF)
    buffered = make_visit_type(duration_minutes=30, buffer_after_minutes=30)
    booking = staff_books(first, admin, visit_type=buffered, now=now)
    wait(doctor, 2, now=now)

    cancel_booking(booking=booking, by=admin, now=now)

    assert offered_times() == ["09:00", "09:30"]


def test_a_dated_exception_that_opens_a_day_offers_its_times(
    doctor: Doctor, nine: datetime, at_now: datetime
) -> None:
    """WL4a."""
    wait(doctor, now=at_now)

    set_exception(doctor=doctor, day=nine.date(), intervals=[(9 * 60, 10 * 60)], now=at_now)
    run_due_jobs()

    assert offered_times() == ["09:00"]


def test_changed_weekly_hours_offer_new_times(doctor: Doctor, nine: datetime, at_now: datetime) -> None:
    """WL4b."""
    wait(doctor, first=nine.date(), last=nine.date(), now=at_now)

    make_hours(doctor, (nine.weekday(), "09:00", "10:00"), now=at_now)
    run_due_jobs()

    assert offered_times() == ["09:00"]


def give_day_off(doctor: Doctor | None, day: date, *, by: User, now: datetime) -> Any:
    """Give time off for one day."""
    return give_time_off(doctor=doctor, spec=TimeOffSpec(day, day), by=by, now=now).time_off


def test_revoked_time_off_offers_its_times(
    doctor: Doctor, admin: User, nine: datetime, at_now: datetime
) -> None:
    """WL4c."""
    make_hours(doctor, (nine.weekday(), "09:00", "12:00"), now=at_now)
    time_off = give_day_off(doctor, nine.date(), by=admin, now=at_now)
    run_due_jobs()
    wait(doctor, first=nine.date(), last=nine.date(), now=at_now)

    revoke_time_off(time_off=time_off, by=admin, now=at_now)
    run_due_jobs()

    assert offered_times() == ["09:00"]


def test_slots_added_by_hand_are_open_again_for_the_waiting_list_after_time_off(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    make_slot(doctor, nine)
    time_off = give_day_off(doctor, nine.date(), by=admin, now=now)
    wait(doctor, now=now)

    revoke_time_off(time_off=time_off, by=admin, now=now)

    assert offered_times() == ["09:00"]


def test_a_new_and_an_unblocked_slot_are_offered(doctor: Doctor, nine: datetime, now: datetime) -> None:
    blocked = make_slot(doctor, nine + HOUR, status="blocked")
    wait(doctor, 2, now=now)

    add_slots(doctor=doctor, periods=[(nine, nine + HALF)], now=now)
    change_slot(slot=blocked, status="free", now=now)

    assert offered_times() == ["09:00", "10:00"]


def test_the_old_time_of_a_rescheduled_visit_is_offered(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    booking = staff_books(make_slot(doctor, nine), admin, now=now)
    later = make_slot(doctor, nine + 2 * HOUR)
    wait(doctor, now=now)

    reschedule_booking(booking=booking, slot_id=later.pk, by=admin, now=now)

    assert offered_times() == ["09:00"]


def test_a_released_hold_is_offered(doctor: Doctor, patient: Patient, nine: datetime, now: datetime) -> None:
    slot, other = make_slot(doctor, nine), make_slot(make_doctor(), nine)
    hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)
    wait(doctor, now=now)

    hold_slot(slot_id=other.pk, patient=patient, by=user_of(patient), now=now)

    assert offered_times() == ["09:00"]


def test_the_rest_of_a_missed_visit_is_offered(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    slots = [make_slot(doctor, nine + n * HOUR, minutes=60) for n in range(2)]
    booking = staff_books(slots[0], admin, visit_type=make_visit_type(duration_minutes=120), now=now)
    wait(doctor, now=now)

    mark_no_show(booking=booking, by=admin, now=nine)

    assert offered_times() == ["10:00"]


def test_a_declined_time_passes_to_the_next_patient_at_once(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    booking = staff_books(make_slot(doctor, nine), admin, now=now)
    first, second = wait(doctor, 2, now=now)
    cancel_booking(booking=booking, by=admin, now=now)
    offer = WaitlistOffer.objects.get(outcome="open")

    decline_offer(offer=offer, by=user_of(first.patient), now=now)

    assert offer.entry == first
    assert WaitlistOffer.objects.get(outcome="open").entry == second


def test_a_room_freed_by_another_doctors_cancellation_is_offered(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    """WL9."""
    make_room()
    in_room = make_visit_type(duration_minutes=30, needs_room=True)
    other_booking = staff_books(make_slot(make_doctor(), nine), admin, visit_type=in_room, now=now)
    make_slot(doctor, nine)
    wait(doctor, visit_type=in_room, now=now)

    cancel_booking(booking=other_booking, by=admin, now=now)

    assert offered_times() == ["09:00"]


def test_a_booking_less_offers_other_times_of_a_doctor_with_limits(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(week_limit=1)
    booking = staff_books(make_slot(doctor, nine), admin, now=now)
    make_slot(doctor, nine + DAY)
    wait(doctor, first=(nine + DAY).date(), last=(nine + DAY).date(), now=now)

    cancel_booking(booking=booking, by=admin, now=now)

    assert [offer.booking.starts_at for offer in WaitlistOffer.objects.all()] == [nine + DAY]


def test_the_day_that_the_horizon_reaches_is_offered_when_its_slots_are_made(
    doctor: Doctor, at_now: datetime
) -> None:
    """WL5."""
    ClinicSettings.objects.update(horizon_days=5)
    day = clinic_day(at_now) + 8 * DAY
    make_hours(doctor, (day.weekday(), "09:00", "12:00"), now=at_now)
    run_due_jobs()
    wait(doctor, first=day, last=day, now=at_now)

    generate_slots(doctor=doctor, now=at_now + 3 * DAY)

    assert offered_times() == ["09:00"]


def test_times_that_a_visit_types_window_reaches_are_offered_the_night_before(
    doctor: Doctor, at_now: datetime
) -> None:
    visit_type = make_visit_type(duration_minutes=30, window_days=5)
    day = clinic_day(at_now) + 6 * DAY
    make_hours(doctor, (day.weekday(), "09:00", "12:00"), now=at_now)
    run_due_jobs()
    wait(doctor, visit_type=visit_type, first=day, last=day, now=at_now)
    before = offered_times()

    offers = offer_times_before_they_open(now=at_now)

    assert before == []
    assert [offer.booking.starts_at.date() for offer in offers] == [day]
    assert offered_times() == ["09:00"]


def test_in_quiet_hours_the_time_is_kept_and_the_patient_is_told_in_the_morning(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    booking = staff_books(make_slot(doctor, nine), admin, now=now)
    wait(doctor, now=now)
    night = now + 10 * HOUR

    cancel_booking(booking=booking, by=admin, now=night)

    (offer,) = WaitlistOffer.objects.all()
    assert open_to_strangers(doctor, nine.date(), now=night) == 0
    assert offer.ends_at == datetime.fromisoformat("2026-03-03T10:00:00Z")


def test_a_time_that_starts_too_soon_after_the_quiet_hours_stays_open_to_everybody(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    # Quiet hours end at 08:00.
    slot = make_slot(doctor, datetime.fromisoformat("2026-03-03T08:20:00Z"))
    booking = staff_books(slot, admin, now=now)
    wait(doctor, now=now)

    cancel_booking(booking=booking, by=admin, now=now + 10 * HOUR)

    assert offered_times() == []
    assert open_to_strangers(doctor, slot.starts_at.date(), now=now + 10 * HOUR) == 1


def test_one_time_is_not_offered_twice_when_a_long_visit_comes_first(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    first, _second = make_slot(doctor, nine), make_slot(doctor, nine + HALF)
    hour = make_visit_type(duration_minutes=60)
    booking = staff_books(first, admin, visit_type=hour, now=now)
    (long_entry,) = wait(doctor, visit_type=hour, now=now)
    wait(doctor, 2, now=now + HOUR)

    cancel_booking(booking=booking, by=admin, now=now)

    assert [offer.entry for offer in WaitlistOffer.objects.all()] == [long_entry]


def test_times_that_were_open_before_are_not_offered(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    make_slot(doctor, nine)
    booking = staff_books(make_slot(doctor, nine + 3 * HOUR), admin, now=now)
    wait(doctor, 2, now=now)

    cancel_booking(booking=booking, by=admin, now=now)

    assert offered_times() == ["12:00"]


def test_an_active_doctor_a_raised_limit_and_a_new_room_offer_times(
    doctor: Doctor, admin: User, desk: ClinicClient, soon: datetime
) -> None:
    """WL4f."""
    now = clock_now()
    Doctor.objects.filter(pk=doctor.pk).update(day_limit=0)
    make_slot(doctor, soon)
    idle = make_doctor(is_active=False)
    make_slot(idle, soon)
    in_room = make_visit_type(duration_minutes=30, needs_room=True)
    roomless = make_doctor()
    make_slot(roomless, soon)
    wait(doctor, now=now)
    wait(roomless, visit_type=in_room, now=now)
    Doctor.objects.filter(pk=idle.pk).update(is_active=True)
    wait(idle, now=now)
    Doctor.objects.filter(pk=idle.pk).update(is_active=False)
    offered = []

    for page, form in (
        (f"clinics/doctor/{doctor.pk}/change/", hours_form(doctor) | {"day_limit": "3"}),
        (f"clinics/doctor/{idle.pk}/change/", hours_form(idle)),
        ("scheduling/room/add/", {"name": "Room", "is_active": "on"}),
    ):
        submit_form(desk, page, form)
        offered.append(set(WaitlistOffer.objects.values_list("booking__doctor", flat=True)))

    assert offered == [
        {doctor.pk},
        {doctor.pk, idle.pk},
        {doctor.pk, idle.pk, roomless.pk},
    ]


def test_a_shorter_booking_notice_offers_the_times_that_it_opens(
    doctor: Doctor, desk: ClinicClient, soon: datetime
) -> None:
    make_slot(doctor, soon)
    wait(doctor, now=clock_now())
    ClinicSettings.objects.update(booking_notice_minutes=7 * 24 * 60)
    page = "clinics/clinicsettings/1/change/"

    submit_form(desk, page, get_form(desk, page) | {"booking_notice_minutes": "0"})

    assert [offer.booking.starts_at for offer in WaitlistOffer.objects.all()] == [soon]


def test_a_doctor_who_accepts_new_patients_again_is_offered_to_them(
    doctor: Doctor, as_user: Callable[[User], ClinicClient], now: datetime, nine: datetime
) -> None:
    make_slot(doctor, nine)
    wait(doctor, now=now)
    Doctor.objects.filter(pk=doctor.pk).update(accepting_new_patients=False)
    assert doctor.user is not None

    response = as_user(doctor.user).patch("/api/auth/profile/", {"profile": {"accepting_new_patients": True}})

    assert response.status_code == 200
    assert offered_times() == ["09:00"]


def test_a_holiday_that_is_opened_offers_its_times(
    doctor: Doctor, desk: ClinicClient, soon: datetime
) -> None:
    """WL4e."""
    now, day = clock_now(), soon.date()
    choice = HolidayChoice.objects.create(day=day, name="Closed", is_open=False)
    make_hours(doctor, (day.weekday(), "10:00", "12:00"), now=now)
    generate_slots(doctor=doctor, now=now)
    assert not Slot.objects.filter(starts_at__date=day).exists()
    wait(doctor, first=day, last=day, now=now)
    page = f"scheduling/holidaychoice/{choice.pk}/change/"

    submit_form(desk, page, {"day": day.isoformat(), "name": "Closed", "is_open": "on"})
    assert HolidayChoice.objects.get().is_open
    generate_slots(doctor=doctor, now=now)

    assert [offer.booking.starts_at.date() for offer in WaitlistOffer.objects.all()] == [day]


def test_if_nobody_waits_a_cancellation_costs_one_more_query(
    doctor: Doctor, admin: User, nine: datetime, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bookings = [staff_books(make_slot(doctor, nine + n * HALF), admin, now=now) for n in range(3)]
    # The first slot, so that the next open slot stays the same from here on.
    cancel_booking(booking=bookings.pop(0), by=admin, now=now)
    counts = []

    for booking in bookings:
        counts.append(len(queries_of(partial(cancel_booking, booking=booking, by=admin, now=now))))
        monkeypatch.setattr(changed_times, "_handlers", [])

    assert counts[0] - counts[1] == 1


# Control


def test_without_the_handler_freed_times_are_open_to_strangers(
    doctor: Doctor, admin: User, nine: datetime, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed_times, "_handlers", [])
    booking = staff_books(make_slot(doctor, nine), admin, now=now)
    wait(doctor, now=now)

    cancel_booking(booking=booking, by=admin, now=now)

    assert offered_times() == []
    assert open_to_strangers(doctor, nine.date(), now=now) == 1


# Expired holds and offers


def test_the_next_patient_gets_the_time_of_an_expired_offer(
    doctor: Doctor, nine: datetime, now: datetime, admin: User
) -> None:
    booking = staff_books(make_slot(doctor, nine), admin, now=now)
    first, second = wait(doctor, 2, now=now)
    cancel_booking(booking=booking, by=admin, now=now)
    offer = WaitlistOffer.objects.get()

    expire_hold(booking_id=offer.booking_id, now=offer.ends_at)

    assert [each.entry for each in WaitlistOffer.objects.order_by("created_at")] == [first, second]


def test_a_patient_is_not_offered_a_time_a_second_time_after_its_slot_was_generated_again(
    doctor: Doctor, nine: datetime, at_now: datetime
) -> None:
    wait(doctor, first=nine.date(), last=nine.date(), now=at_now)
    make_hours(doctor, (nine.weekday(), "09:00", "09:30"), now=at_now)
    run_due_jobs()
    offer = WaitlistOffer.objects.get()
    decline_offer(offer=offer, by=user_of(offer.entry.patient), now=at_now)

    make_hours(doctor, now=at_now)
    run_due_jobs()
    make_hours(doctor, (nine.weekday(), "09:00", "09:30"), now=at_now)
    run_due_jobs()

    assert WaitlistOffer.objects.count() == 1


def test_a_visit_type_that_is_not_in_use_gets_no_offers(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    visit_type = make_visit_type(duration_minutes=30)
    booking = staff_books(make_slot(doctor, nine), admin, now=now)
    wait(doctor, visit_type=visit_type, now=now)
    VisitType.objects.update(is_active=False)

    cancel_booking(booking=booking, by=admin, now=now)

    assert offered_times() == []


def test_a_cancellation_takes_as_many_queries_while_ten_wait_as_while_one_waits(
    doctor: Doctor, admin: User, nine: datetime, now: datetime
) -> None:
    bookings = [staff_books(make_slot(doctor, nine + n * HOUR), admin, now=now) for n in range(2)]

    counts = []
    for booking, waiting in zip(bookings, [1, 10], strict=True):
        wait(doctor, waiting, now=now)
        counts.append(len(queries_of(partial(cancel_booking, booking=booking, by=admin, now=now))))

    assert len(offered_times()) == 2
    assert counts[1] <= counts[0]


def test_a_generation_offers_two_days_at_a_time_with_few_queries_an_offer(
    doctor: Doctor, now: datetime
) -> None:
    entries = wait(doctor, 40, now=now)
    make_hours(doctor, *((weekday, "09:00", "11:00") for weekday in range(7)), now=now)
    last = now.date() + 9 * DAY

    statements = queries_of(lambda: generate_slots(doctor=doctor, now=now, last=last))

    offers = WaitlistOffer.objects.order_by("booking__starts_at")
    assert [offer.entry for offer in offers] == entries[: len(offers)]
    assert len(offers) == 36  # four a day from tomorrow on
    locks = [text for text in statements if "clinics_clinicsettings" in text and "FOR NO KEY" in text]
    assert len(locks) == 5
    assert len(statements) <= 15 * len(offers)
