"""Small random schedules with many restrictions, to compare the results of different parts of scheduling."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import transaction

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.availability.cache import availability_changes
from scheduling.availability.next_open_slot import refresh_next_slot
from scheduling.bookings.attendance import mark_no_show
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.clock.planning import Hours
from scheduling.hours.services import set_exception, set_working_hours
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, HolidayChoice, Place, Room, Slot, TimeOff, VisitType
from scheduling.slots.services import add_slots, change_slot, withdraw_slot
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.base.errors import DomainError
from tenants.current import current_clinic
from tests.factories.people import make_admin, make_doctor, make_patient

MINUTE = timedelta(minutes=1)
NOWS = [
    datetime(2026, 3, 2, 8, tzinfo=UTC),
    datetime(2026, 3, 28, 0, 20, tzinfo=UTC),  # a day before the clocks go forward in London
    datetime(2026, 10, 24, 6, 10, tzinfo=UTC),  # and go back
]
HOURS = [(9 * 60, 12 * 60), (13 * 60, 15 * 60), (8 * 60 + 10, 10 * 60), (30, 3 * 60), (22 * 60, 24 * 60)]
DAYS = 3


@dataclass
class RandomSchedule:
    """One or two doctors in a clinic that books two days ahead."""

    now: datetime
    admin: User
    patients: list[Patient]
    doctors: list[Doctor] = field(default_factory=list)
    visits: list[VisitType | None] = field(default_factory=lambda: [None])

    def slots(self) -> list[Slot]:
        """Return all slots, offered or not, soonest first."""
        ahead = Slot.objects.filter(doctor__in=self.doctors, starts_at__gt=self.now - timedelta(hours=9))
        return list(ahead.select_related("doctor").order_by("starts_at", "doctor__created_at", "ends_at"))

    def generate(self) -> None:
        for doctor in self.doctors:
            generate_slots(doctor=doctor, now=self.now)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Roll back all changes made in the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_random_schedule(rng: Random) -> RandomSchedule:
    """Create hours, visit types and rules; then make a dozen random changes."""
    now = rng.choice(NOWS)
    schedule = RandomSchedule(now=now, admin=make_admin(), patients=[make_patient() for _ in range(3)])
    ClinicSettings.objects.update(
        horizon_days=DAYS - 1, booking_notice_minutes=rng.choice([0, 0, 30, 600]), slot_minutes=30
    )
    place = Place.objects.create(name="Over there", time_zone="Asia/Kathmandu")
    for _ in range(rng.randint(1, 2)):
        limits = {"day_limit": 2, "day_limit_minutes": 75, "week_limit": 3, "week_limit_minutes": 120}
        limit_names = rng.sample(sorted(limits), rng.choice([0, 0, 1, 2]))
        doctor = make_doctor(**{name: limits[name] for name in limit_names})
        schedule.doctors.append(doctor)
        draw_week(doctor, rng, place, now=now)
    rooms = [Room.objects.create(name=f"Room {n}") for n in range(rng.randint(0, 2))]
    if rng.random() < 0.3:
        rooms.append(Room.objects.create(name="There", place=place))
    schedule.visits += [draw_visit(n, rng, schedule, rooms) for n in range(2)]
    draw_time_off(schedule, rng)
    schedule.generate()
    for _ in range(12):
        with suppress(DomainError), transaction.atomic():
            make_random_change(schedule, rng)
    return schedule


def draw_week(doctor: Doctor, rng: Random, place: Place, *, now: datetime) -> None:
    chosen = HOURS[2:4]
    if rng.random() < 0.7:
        chosen = rng.sample(HOURS[:2] + HOURS[3:], rng.randint(1, 2))
    length = rng.choice([20, 30, 45])
    place_id = place.pk if rng.random() < 0.2 else None
    week = [
        Hours(weekday, opens, closes, length, place=place_id)
        for weekday in range(7)
        for opens, closes in chosen
    ]
    set_working_hours(doctor=doctor, week=week, now=now)


def draw_visit(number: int, rng: Random, schedule: RandomSchedule, rooms: list[Room]) -> VisitType:
    visit = VisitType.objects.create(
        name=f"Visit {number}",
        duration_minutes=rng.choice([None, 10, 30, 50, 60, 90]),
        buffer_before_minutes=rng.choice([0, 0, 10, 30]),
        buffer_after_minutes=rng.choice([0, 0, 15, 60]),
        needs_room=rng.random() < 0.4,
        notice_minutes=rng.choice([0, 0, 90]),
        window_days=rng.choice([None, None, 0, 1]),
        window_counts=rng.choice(["all", "business"]),
    )
    if rng.random() < 0.2:
        visit.doctors.add(rng.choice(schedule.doctors))
    if rooms and rng.random() < 0.5:
        visit.rooms.add(rng.choice(rooms))
    return visit


def draw_time_off(schedule: RandomSchedule, rng: Random) -> None:
    today = schedule.now.date()
    if rng.random() < 0.3:
        HolidayChoice.objects.create(day=today + timedelta(days=2), is_open=False, name="Founders' day")
    if rng.random() < 0.4:
        intervals = rng.choice([[], [(10 * 60, 11 * 60)]])
        day = today + timedelta(days=rng.randint(0, 2))
        set_exception(
            doctor=schedule.doctors[0], day=day, intervals=intervals, slot_minutes=30, now=schedule.now
        )
    if rng.random() < 0.5:
        opens = rng.choice([0, 9 * 60 + 40, 14 * 60])
        TimeOff.objects.create(
            doctor=rng.choice([*schedule.doctors, None]),
            first_on=today,
            last_on=today + timedelta(days=rng.randint(0, 1)),
            opens=opens,
            closes=opens + 60,
        )


def make_random_change(schedule: RandomSchedule, rng: Random) -> None:
    """Try one random change that adds or removes available time."""
    now = schedule.now
    live = [slot for slot in schedule.slots() if slot.status != "withdrawn" and slot.starts_at > now]
    if not live:
        return
    slot, patient, visit = rng.choice(live), rng.choice(schedule.patients), rng.choice(schedule.visits)
    bookings = Booking.objects.filter(doctor__in=schedule.doctors).order_by("starts_at", "created_at")
    booking = rng.choice([*bookings, None])
    start = slot.starts_at + rng.choice([-5, 10, 45, 240]) * MINUTE
    changes: list[Callable[[], object]] = [
        *[lambda: book(schedule, slot, patient, visit)] * 4,
        lambda: book(schedule, slot, patient, visit, overbook=True),
        lambda: hold(schedule, slot, patient, visit, until=now + 5 * MINUTE),
        lambda: hold(schedule, slot, patient, visit, until=now - MINUTE),
        lambda: hold(schedule, slot, patient, visit, until=now),
        lambda: booking and cancel_booking(booking=booking, by=schedule.admin, now=now),
        lambda: booking and reschedule_booking(booking=booking, slot_id=slot.pk, by=schedule.admin, now=now),
        lambda: booking and mark_missed(schedule, booking),
        lambda: change_slot(slot=slot, status=rng.choice(["free", "blocked"]), now=now),
        lambda: change_slot(slot=slot, starts_at=start, ends_at=start + 30 * MINUTE, now=now),
        lambda: withdraw_slot(slot=slot, now=now),
        lambda: add_slots(doctor=slot.doctor, periods=[(start, start + 25 * MINUTE)], now=now),
        lambda: change_hours_of_day(schedule, slot, rng),
        lambda: change_limits_or_visit_type(schedule, slot, visit, rng),
    ]
    rng.choice(changes)()


def book(
    schedule: RandomSchedule, slot: Slot, patient: Patient, visit: VisitType | None, *, overbook: bool = False
) -> Booking:
    return book_slot(
        slot_id=slot.pk,
        patient=patient,
        by=schedule.admin,
        visit_type=visit,
        overbook=overbook,
        now=schedule.now,
    )


def hold(
    schedule: RandomSchedule, slot: Slot, patient: Patient, visit: VisitType | None, *, until: datetime
) -> Booking:
    assert patient.user
    return hold_slot(
        slot_id=slot.pk, patient=patient, by=patient.user, visit_type=visit, until=until, now=schedule.now
    )


def mark_missed(schedule: RandomSchedule, booking: Booking) -> Booking:
    """Mark the booking as a no-show at its start; then refresh the next open slot as of `now`."""
    result = mark_no_show(booking=booking, by=schedule.admin, now=booking.starts_at)
    refresh_next_slot(doctor_id=booking.doctor_id, now=schedule.now)
    return result


def change_hours_of_day(schedule: RandomSchedule, slot: Slot, rng: Random) -> None:
    """Change the doctor's hours on the slot's day and regenerate the slots."""
    day = slot.starts_at.astimezone(current_clinic().zone).date()
    opens = rng.choice([9 * 60, 9 * 60 + 10, 13 * 60])
    set_exception(
        doctor=slot.doctor, day=day, intervals=[(opens, opens + 120)], slot_minutes=30, now=schedule.now
    )
    generate_slots(doctor=slot.doctor, now=schedule.now)


def change_limits_or_visit_type(
    schedule: RandomSchedule, slot: Slot, visit: VisitType | None, rng: Random
) -> None:
    """Change a limit of the doctor or a visit type, as their admin pages do."""
    with availability_changes():
        update_row(schedule, slot, visit, rng)


def update_row(schedule: RandomSchedule, slot: Slot, visit: VisitType | None, rng: Random) -> None:
    if visit is None:
        Doctor.objects.filter(pk=slot.doctor_id).update(day_limit=rng.choice([None, 1, 2]))
        refresh_next_slot(doctor_id=slot.doctor_id, now=schedule.now)
    else:
        rooms = rng.choice([visit.needs_room, True])
        VisitType.objects.filter(pk=visit.pk).update(
            needs_room=rooms, duration_minutes=rng.choice([None, 20, 40])
        )


def queried_range(schedule: RandomSchedule) -> tuple[datetime, datetime]:
    """Return the range of time that the tests query."""
    zone, today = current_clinic().zone, schedule.now.date()
    return day_start(today - timedelta(days=1), zone), day_start(today + timedelta(days=DAYS + 1), zone)
