"""Small schedules with much in the way, for tests that compare what the parts of the engine say of them."""

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
    datetime(2026, 3, 28, 0, 20, tzinfo=UTC),  # a day before London's clocks are set forward
    datetime(2026, 10, 24, 6, 10, tzinfo=UTC),  # and back
]
HOURS = [(9 * 60, 12 * 60), (13 * 60, 15 * 60), (8 * 60 + 10, 10 * 60), (30, 3 * 60), (22 * 60, 24 * 60)]
DAYS = 3


@dataclass
class SmallWorld:
    """One or two doctors in a clinic that books two days ahead."""

    now: datetime
    admin: User
    patients: list[Patient]
    doctors: list[Doctor] = field(default_factory=list)
    visits: list[VisitType | None] = field(default_factory=lambda: [None])

    def slots(self) -> list[Slot]:
        """What is there, offered or not, soonest first."""
        ahead = Slot.objects.filter(doctor__in=self.doctors, starts_at__gt=self.now - timedelta(hours=9))
        return list(ahead.select_related("doctor").order_by("starts_at", "doctor__created_at", "ends_at"))

    def generate(self) -> None:
        for doctor in self.doctors:
            generate_slots(doctor=doctor, now=self.now)


@contextmanager
def thrown_away() -> Iterator[None]:
    """What is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_small_world(chance: Random) -> SmallWorld:
    """Hours, kinds of visits and rules; then a dozen things that happen."""
    now = chance.choice(NOWS)
    world = SmallWorld(now=now, admin=make_admin(), patients=[make_patient() for _ in range(3)])
    ClinicSettings.objects.update(
        horizon_days=DAYS - 1, booking_notice_minutes=chance.choice([0, 0, 30, 600]), slot_minutes=30
    )
    place = Place.objects.create(name="Over there", time_zone="Asia/Kathmandu")
    for _ in range(chance.randint(1, 2)):
        limits = {"day_limit": 2, "day_limit_minutes": 75, "week_limit": 3, "week_limit_minutes": 120}
        kept = chance.sample(sorted(limits), chance.choice([0, 0, 1, 2]))
        doctor = make_doctor(**{name: limits[name] for name in kept})
        world.doctors.append(doctor)
        draw_week(doctor, chance, place, now=now)
    rooms = [Room.objects.create(name=f"Room {n}") for n in range(chance.randint(0, 2))]
    if chance.random() < 0.3:
        rooms.append(Room.objects.create(name="There", place=place))
    world.visits += [draw_visit(n, chance, world, rooms) for n in range(2)]
    draw_time_off(world, chance)
    world.generate()
    for _ in range(12):
        with suppress(DomainError), transaction.atomic():
            something_happens(world, chance)
    return world


def draw_week(doctor: Doctor, chance: Random, place: Place, *, now: datetime) -> None:
    chosen = HOURS[2:4]
    if chance.random() < 0.7:
        chosen = chance.sample(HOURS[:2] + HOURS[3:], chance.randint(1, 2))
    length = chance.choice([20, 30, 45])
    there = place.pk if chance.random() < 0.2 else None
    week = [
        Hours(weekday, opens, closes, length, place=there) for weekday in range(7) for opens, closes in chosen
    ]
    set_working_hours(doctor=doctor, week=week, now=now)


def draw_visit(number: int, chance: Random, world: SmallWorld, rooms: list[Room]) -> VisitType:
    visit = VisitType.objects.create(
        name=f"Visit {number}",
        duration_minutes=chance.choice([None, 10, 30, 50, 60, 90]),
        buffer_before_minutes=chance.choice([0, 0, 10, 30]),
        buffer_after_minutes=chance.choice([0, 0, 15, 60]),
        needs_room=chance.random() < 0.4,
        notice_minutes=chance.choice([0, 0, 90]),
        window_days=chance.choice([None, None, 0, 1]),
        window_counts=chance.choice(["all", "business"]),
    )
    if chance.random() < 0.2:
        visit.doctors.add(chance.choice(world.doctors))
    if rooms and chance.random() < 0.5:
        visit.rooms.add(chance.choice(rooms))
    return visit


def draw_time_off(world: SmallWorld, chance: Random) -> None:
    today = world.now.date()
    if chance.random() < 0.3:
        HolidayChoice.objects.create(day=today + timedelta(days=2), is_open=False, name="Founders' day")
    if chance.random() < 0.4:
        intervals = chance.choice([[], [(10 * 60, 11 * 60)]])
        day = today + timedelta(days=chance.randint(0, 2))
        set_exception(doctor=world.doctors[0], day=day, intervals=intervals, slot_minutes=30, now=world.now)
    if chance.random() < 0.5:
        opens = chance.choice([0, 9 * 60 + 40, 14 * 60])
        TimeOff.objects.create(
            doctor=chance.choice([*world.doctors, None]),
            first_on=today,
            last_on=today + timedelta(days=chance.randint(0, 1)),
            opens=opens,
            closes=opens + 60,
        )


def something_happens(world: SmallWorld, chance: Random) -> None:
    """One of the writes that open or close time, or an attempt at it."""
    now = world.now
    live = [slot for slot in world.slots() if slot.status != "withdrawn" and slot.starts_at > now]
    if not live:
        return
    slot, patient, visit = chance.choice(live), chance.choice(world.patients), chance.choice(world.visits)
    bookings = Booking.objects.filter(doctor__in=world.doctors).order_by("starts_at", "created_at")
    made = chance.choice([*bookings, None])
    start = slot.starts_at + chance.choice([-5, 10, 45, 240]) * MINUTE
    acts: list[Callable[[], object]] = [
        *[lambda: book(world, slot, patient, visit)] * 4,
        lambda: book(world, slot, patient, visit, overbook=True),
        lambda: hold(world, slot, patient, visit, until=now + 5 * MINUTE),
        lambda: hold(world, slot, patient, visit, until=now - MINUTE),
        lambda: hold(world, slot, patient, visit, until=now),
        lambda: made and cancel_booking(booking=made, by=world.admin, now=now),
        lambda: made and reschedule_booking(booking=made, slot_id=slot.pk, by=world.admin, now=now),
        lambda: made and does_not_come(world, made),
        lambda: change_slot(slot=slot, status=chance.choice(["free", "blocked"]), now=now),
        lambda: change_slot(slot=slot, starts_at=start, ends_at=start + 30 * MINUTE, now=now),
        lambda: withdraw_slot(slot=slot, now=now),
        lambda: add_slots(doctor=slot.doctor, periods=[(start, start + 25 * MINUTE)], now=now),
        lambda: change_the_day(world, slot, chance),
        lambda: change_something_else(world, slot, visit, chance),
    ]
    chance.choice(acts)()


def book(
    world: SmallWorld, slot: Slot, patient: Patient, visit: VisitType | None, *, overbook: bool = False
) -> Booking:
    return book_slot(
        slot_id=slot.pk, patient=patient, by=world.admin, visit_type=visit, overbook=overbook, now=world.now
    )


def hold(
    world: SmallWorld, slot: Slot, patient: Patient, visit: VisitType | None, *, until: datetime
) -> Booking:
    assert patient.user
    return hold_slot(
        slot_id=slot.pk, patient=patient, by=patient.user, visit_type=visit, until=until, now=world.now
    )


def does_not_come(world: SmallWorld, booking: Booking) -> Booking:
    """Found out when the visit begins; then the clock is set back to where the world stands."""
    missed = mark_no_show(booking=booking, by=world.admin, now=booking.starts_at)
    refresh_next_slot(doctor_id=booking.doctor_id, now=world.now)
    return missed


def change_the_day(world: SmallWorld, slot: Slot, chance: Random) -> None:
    """The doctor works from other times on that day."""
    day = slot.starts_at.astimezone(current_clinic().zone).date()
    opens = chance.choice([9 * 60, 9 * 60 + 10, 13 * 60])
    set_exception(
        doctor=slot.doctor, day=day, intervals=[(opens, opens + 120)], slot_minutes=30, now=world.now
    )
    generate_slots(doctor=slot.doctor, now=world.now)


def change_something_else(world: SmallWorld, slot: Slot, visit: VisitType | None, chance: Random) -> None:
    """What is decided on pages of their own."""
    with availability_changes():
        change_the_row(world, slot, visit, chance)


def change_the_row(world: SmallWorld, slot: Slot, visit: VisitType | None, chance: Random) -> None:
    if visit is None:
        Doctor.objects.filter(pk=slot.doctor_id).update(day_limit=chance.choice([None, 1, 2]))
        refresh_next_slot(doctor_id=slot.doctor_id, now=world.now)
    else:
        rooms = chance.choice([visit.needs_room, True])
        VisitType.objects.filter(pk=visit.pk).update(
            needs_room=rooms, duration_minutes=chance.choice([None, 20, 40])
        )


def days_asked(world: SmallWorld) -> tuple[datetime, datetime]:
    """The instants between which the tests ask."""
    zone, today = current_clinic().zone, world.now.date()
    return day_start(today - timedelta(days=1), zone), day_start(today + timedelta(days=DAYS + 1), zone)
