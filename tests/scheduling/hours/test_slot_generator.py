"""The slot generator: slots follow the working hours, and changes made by hand are kept."""

import time
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from clinics.models import Doctor, Patient
from scheduling.bookings.cancel import cancel_booking
from scheduling.hours.services import set_exception
from scheduling.hours.slot_generator import Generated, generate_slots
from scheduling.models import Booking, Place, Slot, WorkingHours
from scheduling.slots.services import change_slot, withdraw_slot
from tenants.base.errors import NotFound
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking, make_hours, make_slot, slot_starts
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_place

MONDAY = date(2026, 3, 2)
NO_CHANGE = Generated(added=0, removed=0, unfitting=0)


@pytest.fixture
def now() -> datetime:
    """Monday 2 March 2026, midnight in London."""
    return datetime(2026, 3, 2, tzinfo=UTC)


def slot_at(doctor: Doctor, hour: int, minute: int = 0) -> Slot:
    return Slot.objects.get(doctor=doctor, starts_at=datetime(2026, 3, 2, hour, minute, tzinfo=UTC))


def test_repeated_runs_add_slots_only_once(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    make_hours(doctor, (0, "09:00", "10:40"), now=now)

    first = generate_slots(doctor=doctor, now=now, last=MONDAY)
    second = generate_slots(doctor=doctor, now=now, last=MONDAY)

    assert (first, second) == (Generated(added=3, removed=0, unfitting=0), NO_CHANGE)
    assert slot_starts(doctor) == [f"2026-03-02 {time}+0000" for time in ("09:00", "09:30", "10:00")]
    assert {(slot.status, slot.origin, slot.fits_hours) for slot in Slot.objects.all()} == {
        ("free", "hours", True)
    }


def test_free_slots_outside_the_hours_are_removed(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    make_hours(doctor, (0, "09:00", "11:00"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)

    make_hours(doctor, (0, "10:00", "12:00"), now=now)
    changed = generate_slots(doctor=doctor, now=now, last=MONDAY)

    assert changed == Generated(added=2, removed=2, unfitting=0)
    assert slot_starts(doctor) == [f"2026-03-02 {time}+0000" for time in ("10:00", "10:30", "11:00", "11:30")]


def test_another_slot_length_replaces_every_free_slot(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    make_hours(doctor, (0, "09:00", "10:00"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)

    make_hours(doctor, (0, "09:00", "10:00"), now=now, slot_minutes=20)

    assert generate_slots(doctor=doctor, now=now, last=MONDAY) == Generated(added=3, removed=2, unfitting=0)


def test_a_booked_slot_outside_the_hours_is_kept_and_flagged(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_hours(doctor, (0, "09:00", "10:00"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)
    booking = make_booking(slot_at(doctor, 9), patient, now=now)

    make_hours(doctor, (0, "09:30", "10:00"), now=now)
    flagged = generate_slots(doctor=doctor, now=now, last=MONDAY)

    assert flagged == Generated(added=0, removed=0, unfitting=1)
    assert [slot_at(doctor, 9).fits_hours, slot_at(doctor, 9, 30).fits_hours] == [False, True]
    assert Booking.objects.get().slot == booking.slot

    make_hours(doctor, (0, "09:00", "10:00"), now=now)
    assert generate_slots(doctor=doctor, now=now, last=MONDAY) == NO_CHANGE
    assert slot_at(doctor, 9).fits_hours is True


def test_new_slots_do_not_overlap_a_booked_slot_outside_the_hours(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_hours(doctor, (0, "09:00", "10:00"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)
    make_booking(slot_at(doctor, 9), patient, now=now)

    make_hours(doctor, (0, "09:15", "10:15"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)

    assert slot_starts(doctor) == ["2026-03-02 09:00+0000", "2026-03-02 09:45+0000"]


def test_a_slot_with_only_cancelled_bookings_is_removed_and_they_keep_their_times(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_hours(doctor, (0, "09:00", "09:30"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)
    booking = make_booking(slot_at(doctor, 9), patient, now=now)
    assert patient.user is not None
    cancel_booking(booking=booking, by=patient.user, now=now)

    make_hours(doctor, now=now)
    removed = generate_slots(doctor=doctor, now=now, last=MONDAY)

    stored = Booking.objects.get()
    assert removed == Generated(added=0, removed=1, unfitting=0)
    assert (stored.slot, stored.starts_at, stored.ends_at) == (None, booking.starts_at, booking.ends_at)


def test_slots_added_or_moved_by_hand_are_kept_outside_the_hours(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    make_hours(doctor, (0, "09:00", "09:30"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)
    make_slot(doctor, now + timedelta(hours=20))
    change_slot(
        slot=slot_at(doctor, 9),
        starts_at=now + timedelta(hours=7),
        ends_at=now + timedelta(hours=7.5),
        now=now,
    )

    assert generate_slots(doctor=doctor, now=now, last=MONDAY) == NO_CHANGE
    live = Slot.objects.live().order_by("starts_at")
    assert [slot.starts_at.hour for slot in live] == [7, 20]


def test_generated_slots_do_not_overlap_slots_added_by_hand(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    make_slot(doctor, now + timedelta(hours=9, minutes=10), minutes=10)
    make_hours(doctor, (0, "09:00", "10:00"), now=now)

    generate_slots(doctor=doctor, now=now, last=MONDAY)

    assert slot_starts(doctor) == ["2026-03-02 09:10+0000", "2026-03-02 09:30+0000"]


def test_a_withdrawn_slot_is_not_added_again(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    make_hours(doctor, (0, "09:00", "10:00"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)
    withdraw_slot(slot=slot_at(doctor, 9), now=now)

    assert generate_slots(doctor=doctor, now=now, last=MONDAY) == NO_CHANGE
    assert slot_starts(doctor, status="free") == ["2026-03-02 09:30+0000"]


def test_blocked_time_stays_blocked_when_the_hours_change(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    make_hours(doctor, (0, "09:00", "10:00"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)
    change_slot(slot=slot_at(doctor, 9), status="blocked", now=now)

    make_hours(doctor, (0, "09:00", "10:00"), now=now, slot_minutes=20)
    generate_slots(doctor=doctor, now=now, last=MONDAY)

    assert slot_starts(doctor, status="blocked") == ["2026-03-02 09:00+0000"]
    assert slot_starts(doctor, status="free") == ["2026-03-02 09:40+0000"]


def test_only_future_slots_are_changed(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    make_hours(doctor, (0, "09:00", "10:30"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)

    make_hours(doctor, (0, "09:00", "11:00"), now=now, slot_minutes=60)
    at_half_past_nine = now + timedelta(hours=9, minutes=30)
    changed = generate_slots(doctor=doctor, now=at_half_past_nine, last=MONDAY)

    assert changed == Generated(added=1, removed=1, unfitting=0)
    assert slot_starts(doctor) == [f"2026-03-02 {time}+0000" for time in ("09:00", "09:30", "10:00")]


def test_only_the_given_days_are_changed(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    make_hours(doctor, *((weekday, "09:00", "09:30") for weekday in range(4)), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY + timedelta(days=3))

    make_hours(doctor, now=now)
    tuesday = MONDAY + timedelta(days=1)
    changed = generate_slots(doctor=doctor, now=now, first=tuesday, last=tuesday)

    assert changed == Generated(added=0, removed=1, unfitting=0)
    assert slot_starts(doctor) == [f"2026-03-0{day} 09:00+0000" for day in (2, 4, 5)]


def test_without_days_slots_are_generated_up_to_the_horizon(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    make_hours(doctor, *((weekday, "09:00", "09:30") for weekday in range(7)), now=now)

    assert generate_slots(doctor=doctor, now=now).added == 91
    assert slot_starts(doctor)[-1] == "2026-05-31 09:00+0100"


def test_exceptions_and_the_validity_of_hours_apply(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    make_hours(doctor, (0, "09:00", "09:30"), (1, "09:00", "09:30"), now=now)
    WorkingHours.objects.filter(weekday=1).update(valid_from=date(2026, 3, 4))
    set_exception(doctor=doctor, day=MONDAY, intervals=[(14 * 60, 15 * 60)], slot_minutes=60, now=now)

    generate_slots(doctor=doctor, now=now, last=MONDAY + timedelta(days=8))

    assert slot_starts(doctor) == [f"2026-03-{time}+0000" for time in ("02 14:00", "09 09:00", "10 09:00")]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 29), ["00:30+0000", "02:00+0100"]),
        (
            date(2026, 10, 25),
            ["00:30+0100", "01:00+0100", "01:30+0100", "01:00+0000", "01:30+0000", "02:00+0000"],
        ),
    ],
)
def test_slots_on_days_when_the_clocks_change_in_london(
    clinic: Clinic, doctor: Doctor, now: datetime, day: date, expected: list[str]
) -> None:
    make_hours(doctor, (6, "00:30", "02:30"), now=now)

    generate_slots(doctor=doctor, now=now, first=day, last=day)

    assert slot_starts(doctor) == [f"{day} {time}" for time in expected]
    assert {slot.ends_at - slot.starts_at for slot in Slot.objects.all()} == {timedelta(minutes=30)}


def test_generating_one_doctors_slots_leaves_others_unchanged(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    other = make_doctor()
    for each in (doctor, other):
        make_hours(each, (0, "09:00", "09:30"), now=now)
        generate_slots(doctor=each, now=now, last=MONDAY)

    make_hours(doctor, now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)

    assert (slot_starts(doctor), slot_starts(other)) == ([], ["2026-03-02 09:00+0000"])


def wait_for_blocked_connection() -> None:
    """Wait until another connection waits for a lock that this transaction holds."""
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            # pg_stat_activity is cached within a transaction.
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise TimeoutError("No connection is waiting.")


@pytest.fixture
def slot_outside_hours(committed_clinic: Clinic, now: datetime) -> Slot:
    """A free slot generated from hours that the doctor no longer has."""
    doctor = make_doctor()
    make_hours(doctor, (0, "09:00", "09:30"), now=now)
    generate_slots(doctor=doctor, now=now, last=MONDAY)
    # Without the service, which would close the slot at once.
    WorkingHours.objects.filter(doctor=doctor).delete()
    return Slot.objects.get()


def test_the_generator_waits_for_an_uncommitted_booking_and_keeps_its_slot(
    committed_clinic: Clinic, slot_outside_hours: Slot, now: datetime
) -> None:
    patient, written = make_patient(), Event()

    def book() -> object:
        with transaction.atomic():
            booking = make_booking(slot_outside_hours, patient, now=now)
            written.set()
            wait_for_blocked_connection()
        return booking

    def generate() -> object:
        written.wait(timeout=20)
        return generate_slots(doctor=slot_outside_hours.doctor, now=now, last=MONDAY)

    booking, generated = run_concurrently(committed_clinic, book, generate)

    assert generated == Generated(added=0, removed=0, unfitting=1)
    assert Booking.objects.get() == booking
    assert Slot.objects.get(bookings__status="CONFIRMED") == slot_outside_hours


def test_a_booking_waits_for_the_generator_and_finds_the_slot_removed(
    committed_clinic: Clinic, slot_outside_hours: Slot, now: datetime
) -> None:
    patient, removed = make_patient(), Event()

    def generate() -> object:
        with transaction.atomic():
            generated = generate_slots(doctor=slot_outside_hours.doctor, now=now, last=MONDAY)
            removed.set()
            wait_for_blocked_connection()
        return generated

    def book() -> object:
        removed.wait(timeout=20)
        return make_booking(slot_outside_hours, patient, now=now)

    generated, refused = run_concurrently(committed_clinic, generate, book)

    assert generated == Generated(added=0, removed=1, unfitting=0)
    assert isinstance(refused, NotFound)
    assert (Booking.objects.count(), Slot.objects.count()) == (0, 0)


def test_an_inactive_place_has_no_slots(doctor: Doctor, now: datetime) -> None:
    place = make_place()
    make_hours(doctor, (1, "09:00", "10:00"), now=now)
    WorkingHours.objects.update(place=place)
    set_exception(
        doctor=doctor, day=date(2026, 3, 11), intervals=[(600, 660)], place=place.pk, slot_minutes=30, now=now
    )
    week = {"first": date(2026, 3, 9), "last": date(2026, 3, 15)}
    generate_slots(doctor=doctor, now=now, **week)
    starts_before = slot_starts(doctor)

    Place.objects.update(is_active=False)
    generate_slots(doctor=doctor, now=now, **week)

    expected = [
        "2026-03-10 09:00+0000",
        "2026-03-10 09:30+0000",
        "2026-03-11 10:00+0000",
        "2026-03-11 10:30+0000",
    ]
    assert (starts_before, slot_starts(doctor)) == (expected, [])
