"""The schedule of a day and the digest: once a day at the chosen hour, over clock changes and downtime."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clinics.models import Doctor
from notifications.models import Message
from notifications.services.staff_notices import at_hour, enqueue_daily_notices, save_notices
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tests.factories.people import make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_place
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def user(doctor: Doctor) -> User:
    """A doctor's account, with the schedule of the day at 7 and the digest at 16."""
    assert doctor.user is not None
    save_notices(user=doctor.user, changes={"day_schedule": True}, by=doctor.user, now=clock_now())
    return doctor.user


def sent(kind: str) -> list[date | None]:
    """Return the days about which a message of this kind was sent."""
    found = Message.objects.filter(kind=kind, status="SENT").order_by("about_on")
    return list(found.values_list("about_on", flat=True))


def body_of(inbox: Inbox, subject: str) -> str:
    """Return the text of the latest email with this beginning of the subject."""
    mail = [mail for mail in inbox.mails() if str(mail["Subject"]).startswith(subject)][-1]
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_the_schedule_of_the_day_has_its_visits_and_none_that_were_cancelled_or_moved(
    user: User, *, doctor: Doctor, admin: User, run_queue: RunQueue, inbox: Inbox, clock: Any, now: datetime
) -> None:
    nine = at_hour(date(2026, 3, 4), 9, LONDON)
    slots = [make_slot(doctor, nine + timedelta(hours=n)) for n in range(3)]
    kept, cancelled, moved = [make_booking(slot, make_patient(), now=now) for slot in slots]
    clock.move_to(at_hour(date(2026, 3, 4), 1, LONDON) + timedelta(minutes=10))
    enqueue_daily_notices(now=clock_now())
    clock.move_to(at_hour(date(2026, 3, 4), 6, LONDON))
    cancel_booking(booking=cancelled, by=admin, now=clock_now())
    later = make_slot(doctor, nine + timedelta(days=1))
    reschedule_booking(booking=moved, slot_id=later.pk, by=admin, now=clock_now())
    run_queue()
    too_early = sent("staff_day")
    clock.move_to(at_hour(date(2026, 3, 4), 7, LONDON))
    run_queue()
    run_queue()

    assert (too_early, sent("staff_day")) == ([], [date(2026, 3, 4)])
    text = body_of(inbox, "Your schedule")
    assert ("9:00 am" in text, "10:00 am" in text, "11:00 am" in text) == (True, False, False)
    assert kept.patient.last_name not in text


def test_a_later_hour_that_is_chosen_during_the_day_counts_on_that_day(
    user: User, *, doctor: Doctor, run_queue: RunQueue, clock: Any, now: datetime
) -> None:
    day = date(2026, 3, 4)
    make_booking(make_slot(doctor, at_hour(day, 17, LONDON)), make_patient(), now=now)
    clock.move_to(at_hour(day, 1, LONDON) + timedelta(minutes=10))
    enqueue_daily_notices(now=clock_now())

    save_notices(user=user, changes={"day_hour": 12}, by=user, now=clock_now())
    clock.move_to(at_hour(day, 7, LONDON))
    run_queue()
    at_the_old_hour = sent("staff_day")
    clock.move_to(at_hour(day, 12, LONDON))
    run_queue()

    assert (at_the_old_hour, sent("staff_day")) == ([], [day])


def test_a_day_without_visits_has_no_schedule(user: User, run_queue: RunQueue, clock: Any) -> None:
    clock.move_to(at_hour(date(2026, 3, 4), 6, LONDON))
    enqueue_daily_notices(now=clock_now())
    clock.shift(timedelta(hours=1))

    run_queue()

    assert not Message.objects.exists()


@pytest.mark.parametrize(("late", "count"), [(timedelta(hours=3, minutes=59), 1), (timedelta(hours=4), 0)])
def test_after_downtime_a_schedule_is_sent_up_to_four_hours_late(
    user: User, *, doctor: Doctor, run_queue: RunQueue, clock: Any, now: datetime, late: timedelta, count: int
) -> None:
    day = date(2026, 3, 4)
    make_booking(make_slot(doctor, at_hour(day, 17, LONDON)), make_patient(), now=now)
    clock.move_to(at_hour(day, 1, LONDON) + timedelta(minutes=10))
    enqueue_daily_notices(now=clock_now())
    clock.move_to(at_hour(day, 7, LONDON) + late)

    run_queue()

    assert len(sent("staff_day")) == count


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_schedule_comes_once_on_the_days_of_both_clock_changes(
    user: User, *, doctor: Doctor, run_queue: RunQueue, clock: Any, sunday: date
) -> None:
    clock.move_to(at_hour(sunday, 9, LONDON) - timedelta(days=2))
    run_queue()
    make_booking(make_slot(doctor, at_hour(sunday, 12, LONDON)), make_patient(), now=clock_now())
    clock.move_to(at_hour(sunday, 0, LONDON))
    for _hour in range(24):
        enqueue_daily_notices(now=clock_now())
        run_queue()
        clock.shift(timedelta(hours=1))

    schedule = Message.objects.get(kind="staff_day")
    assert (schedule.status, schedule.sent_at) == ("SENT", at_hour(sunday, 7, LONDON))


def test_a_doctor_in_another_time_zone_gets_it_by_the_clock_there(
    user: User, doctor: Doctor, run_queue: RunQueue, clock: Any, now: datetime
) -> None:
    zone, day = ZoneInfo("Australia/Sydney"), date(2026, 3, 5)
    place = make_place(time_zone="Australia/Sydney")
    make_booking(make_slot(doctor, at_hour(day, 9, zone), place=place), make_patient(), now=now)
    clock.move_to(at_hour(date(2026, 3, 4), 1, LONDON) + timedelta(minutes=10))
    enqueue_daily_notices(now=clock_now())
    clock.move_to(at_hour(day, 7, zone))

    run_queue()

    assert sent("staff_day") == [day]


def test_the_digest_lists_the_changes_since_the_last_one_without_own_changes(
    user: User,
    *,
    doctor: Doctor,
    admin: User,
    run_queue: RunQueue,
    inbox: Inbox,
    clock: Any,
) -> None:
    day = date(2026, 3, 4)
    clock.move_to(at_hour(day, 10, LONDON))
    starts = [at_hour(date(2026, 3, 9), hour, LONDON) for hour in (9, 10)]
    by_patient, own = [
        make_booking(make_slot(doctor, start), make_patient(), now=clock_now()) for start in starts
    ]
    cancel_booking(booking=own, by=user, now=clock_now() + timedelta(minutes=1))
    enqueue_daily_notices(now=clock_now())
    clock.move_to(at_hour(day, 16, LONDON))
    run_queue()
    first = body_of(inbox, "Changes")
    clock.move_to(at_hour(day + timedelta(days=1), 11, LONDON))
    cancel_booking(booking=Booking.objects.get(pk=by_patient.pk), by=admin, now=clock_now())
    enqueue_daily_notices(now=clock_now())
    clock.move_to(at_hour(day + timedelta(days=1), 16, LONDON))
    run_queue()
    second = body_of(inbox, "Changes")

    assert sent("staff_digest") == [day, day + timedelta(days=1)]
    assert "Appointment booked: Monday 9 March 2026, 9:00 am" in first
    assert ("Appointment cancelled: Monday 9 March 2026, 9:00 am" in second, "booked" in second) == (
        True,
        False,
    )


def test_a_day_without_changes_has_no_digest(user: User, run_queue: RunQueue, clock: Any) -> None:
    clock.move_to(at_hour(date(2026, 3, 4), 15, LONDON))
    enqueue_daily_notices(now=clock_now())
    clock.shift(timedelta(hours=1))
    run_queue()

    assert not Message.objects.exists()
