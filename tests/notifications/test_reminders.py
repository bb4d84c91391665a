"""Reminders are planned, moved, ended and sent once."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from notifications.models import Message, MessagePreference
from scheduling.bookings.attendance import confirm_booking
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tests.factories.people import make_patient, user_of
from tests.factories.visit_types import make_visit_type
from tests.notifications.conftest import Inbox
from tests.notifications.reminded_visits import DAY, HOUR, PLANNED, VISIT, At, book, move, reminders

pytestmark = pytest.mark.usefixtures("with_reminders")


def test_a_booking_is_followed_by_three_reminders(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    book(doctor, patient, now)
    at(now)
    assert reminders() == PLANNED

    sent = {
        before: at(VISIT - before)
        for before in (
            timedelta(days=7, minutes=1), timedelta(days=7), timedelta(days=1, minutes=1), timedelta(days=1),
            timedelta(hours=2, minutes=1), timedelta(hours=2), timedelta(0),
        )
    }  # fmt: skip

    subject = "Reminder: appointment on Friday 20 March 2026, 10:00 am (London time)"
    assert list(sent.values()) == [[], [subject], [], [subject], [], [subject], []]


def test_a_booking_made_after_an_offset_has_no_such_reminder(
    doctor: Doctor, patient: Patient, now: datetime, at: At, clock: Any
) -> None:
    clock.move_to(VISIT - timedelta(hours=24))

    book(doctor, patient, VISIT - timedelta(hours=24))
    at(VISIT - timedelta(hours=24))

    assert reminders() == [(2 * HOUR, "PLANNED", "")]


def test_a_visit_type_can_have_its_own_reminders_or_none(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    often, never = make_visit_type(reminder_minutes=[3 * DAY, HOUR]), make_visit_type(reminder_minutes=[])
    own = book(doctor, patient, now, visit_type=often)
    none = book(doctor, patient, now, starts_at=VISIT + timedelta(days=1), visit_type=never)

    at(now)

    assert reminders(booking=own) == [(3 * DAY, "PLANNED", ""), (HOUR, "PLANNED", "")]
    assert reminders(booking=none) == []


def test_a_request_has_reminders_only_once_it_is_confirmed(
    doctor: Doctor, patient: Patient, admin: User, now: datetime, at: At
) -> None:
    booking = book(doctor, patient, now, visit_type=make_visit_type(needs_approval=True))
    at(now)
    assert reminders() == []

    confirm_booking(booking=booking, by=admin, now=now)
    at(now)

    assert reminders() == PLANNED


def test_after_a_move_only_the_new_time_is_told_and_once(
    doctor: Doctor, patient: Patient, now: datetime, at: At, inbox: Inbox
) -> None:
    """BC03."""
    ClinicSettings.objects.update(reminder_minutes=[DAY], horizon_days=700)
    booking = book(doctor, patient, now, starts_at=datetime(2027, 1, 12, 10, tzinfo=UTC))
    at(now)
    moved_at = datetime(2027, 1, 10, 9, tzinfo=UTC)
    at(moved_at)
    moved = move(booking, datetime(2027, 1, 12, 9, 30, tzinfo=UTC), moved_at)
    at(moved_at)
    assert reminders(version=0) == [(DAY, "DROPPED", "moved_since")]

    sent = [
        at(datetime(2027, 1, 11, hour, minute, tzinfo=UTC)) for hour, minute in ((9, 29), (9, 30), (10, 0))
    ]

    assert sent == [[], ["Reminder: appointment on Tuesday 12 January 2027, 9:30 am (London time)"], []]
    text = inbox.mails()[-1].as_string()
    assert "10:00 am to" not in text
    assert moved.version == 1


def test_a_move_that_is_not_planned_yet_already_stops_the_old_reminder(
    doctor: Doctor, patient: Patient, now: datetime, at: At, clock: Any
) -> None:
    booking = book(doctor, patient, now)
    at(now)
    week_before = VISIT - timedelta(days=7)
    clock.move_to(week_before)
    move(booking, VISIT + timedelta(hours=3), week_before)
    # The event's job has not run: only the check before sending can stop the message.
    BookingEvent.objects.filter(kind="rescheduled").update(kind="held")

    assert at(week_before) == []
    assert reminders()[0] == (7 * DAY, "DROPPED", "moved_since")


def test_a_cancelled_booking_ends_its_reminders(
    doctor: Doctor, patient: Patient, admin: User, now: datetime, at: At
) -> None:
    booking = book(doctor, patient, now)
    at(now)

    cancel_booking(booking=booking, by=admin, now=now)
    at(now)

    assert {status for _offset, status, _reason in reminders()} == {"DROPPED"}
    assert at(VISIT - timedelta(days=1)) == []


def test_a_checked_in_or_completed_visit_has_no_more_reminders(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    booking = book(doctor, patient, now)
    at(now)
    Booking.objects.filter(pk=booking.pk).update(status="CHECKED_IN")

    assert at(VISIT - timedelta(days=7)) == []
    assert reminders()[0] == (7 * DAY, "DROPPED", "too_late")


def test_reminders_can_be_switched_off_and_on_again(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    book(doctor, patient, now)
    at(now)
    choice = MessagePreference.objects.create(
        user=user_of(patient), topic="reminders", channel="email", is_wanted=False
    )

    assert at(VISIT - timedelta(days=7)) == []
    choice.is_wanted = True
    choice.save()
    assert len(at(VISIT - timedelta(days=1))) == 1
    assert reminders()[0] == (7 * DAY, "DROPPED", "not_wanted")


def test_a_reminder_is_not_sent_at_night_in_the_patients_time_zone(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    ClinicSettings.objects.update(quiet_from=time(21), quiet_until=time(8), reminder_minutes=[DAY])
    Patient.objects.filter(pk=patient.pk).update(time_zone="America/New_York")
    patient.refresh_from_db()

    # 10:00 in London is 6:00 in New York, where the clocks have gone forward already.
    book(doctor, patient, now)
    at(now)

    assert Message.objects.get(kind="reminder").due_at == datetime(2026, 3, 19, 0, 55, tzinfo=UTC)
    assert len(at(datetime(2026, 3, 19, 0, 55, tzinfo=UTC))) == 1


def test_an_overdue_reminder_waits_for_the_end_of_quiet_hours(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    ClinicSettings.objects.update(quiet_from=time(21), quiet_until=time(8))
    book(doctor, patient, now)
    at(now)

    at_night = at(datetime(2026, 3, 19, 23, 30, tzinfo=UTC))
    in_the_morning = at(datetime(2026, 3, 20, 7, 59, 59, tzinfo=UTC))
    # At 8:00 the reminder of two hours before is due too, so that of the day before is not useful any more.
    at_eight = at(datetime(2026, 3, 20, 8, tzinfo=UTC))

    assert (at_night, in_the_morning, len(at_eight)) == ([], [], 1)


def test_after_six_hours_of_downtime_each_useful_reminder_goes_once(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    ClinicSettings.objects.update(
        quiet_from=time(0), quiet_until=time(0), reminder_minutes=[DAY, 5 * HOUR, HOUR]
    )
    other = make_patient()
    today, tomorrow = (
        book(doctor, patient, now),
        book(doctor, other, now, starts_at=VISIT + timedelta(hours=20)),
    )
    at(now)

    down_until = VISIT - timedelta(minutes=30)
    sent = at(down_until)

    # Of two that are overdue for one visit, only the later one is useful.
    assert reminders(booking=today) == [
        (DAY, "DROPPED", "too_late"), (5 * HOUR, "DROPPED", "too_late"), (HOUR, "SENT", ""),
    ]  # fmt: skip
    assert reminders(booking=tomorrow) == [
        (DAY, "SENT", ""),
        (5 * HOUR, "PLANNED", ""),
        (HOUR, "PLANNED", ""),
    ]
    assert len(sent) == 2
    assert at(down_until + timedelta(seconds=120)) == []


def test_a_reminder_planned_late_because_workers_were_down_is_still_sent(
    doctor: Doctor, patient: Patient, now: datetime, at: At, clock: Any
) -> None:
    ClinicSettings.objects.update(reminder_minutes=[DAY])
    booked_at = VISIT - timedelta(hours=26)
    clock.move_to(booked_at)
    book(doctor, patient, booked_at)

    sent = at(VISIT - timedelta(hours=20))

    assert sorted(subject.split(":")[0] for subject in sent) == ["Appointment booked", "Reminder"]
