"""Staff move visits: nobody is told for some seconds, then one message has the final time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from clinics.reminder_offsets import default_reminder_minutes
from notifications.models.staff_notices import NoticeMode, StaffNotices
from notifications.rendering import sms_of
from notifications.services.planning import plan_messages
from notifications.tasks import plan_event_messages
from notifications.webhook_events import booking_facts
from scheduling.bookings.attendance import confirm_booking
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from scheduling.moving.move import MoveRequest, move_visit
from scheduling.moving.undo import undo_move
from tenants.accounts.models import User
from tests.factories.people import make_doctor
from tests.notifications.conftest import Inbox
from tests.notifications.reminded_visits import VISIT, book

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
At = Callable[[datetime], list[str]]
PLAN = "Appointment rescheduled: Friday 20 March 2026"


@pytest.fixture
def visit(doctor: Doctor, patient: Patient, now: datetime, at: At) -> Booking:
    """A visit on Friday 20 March at 10:00, which the patient has been told."""
    booking = book(doctor, patient, now - MINUTE)
    at(now)
    return booking


def move(booking: Booking, by: User, now: datetime, **change: Any) -> Booking:
    booking = Booking.objects.get(pk=booking.pk)
    change.setdefault("starts_at", booking.starts_at)
    request = MoveRequest(**change, outside_hours=True)
    return move_visit(booking=booking, request=request, version=booking.version, by=by, now=now)


def undo(moved: Booking, by: User, now: datetime) -> Booking:
    return undo_move(booking=moved, version=moved.version, by=by, now=now)


def test_the_patient_is_told_of_a_move_when_it_can_no_longer_be_undone(
    visit: Booking, admin: User, now: datetime, at: At, inbox: Inbox
) -> None:
    move(visit, admin, now, starts_at=VISIT + 3 * HOUR)

    assert at(now + 14 * SECOND) == []
    assert at(now + 15 * SECOND) == [f"{PLAN}, 1:00 pm (London time)"]
    assert "10:00 am to 10:30 am" in str(inbox.mails()[-1].get_body(("plain",)))
    assert at(now + HOUR) == []


def test_nobody_is_told_of_a_move_that_was_undone(
    visit: Booking, doctor: Doctor, admin: User, now: datetime, at: At
) -> None:
    assert doctor.user is not None
    StaffNotices.objects.create(user=doctor.user, rescheduled=NoticeMode.EACH)
    moved = move(visit, admin, now, starts_at=VISIT + 3 * HOUR)
    during = [fact.type for fact in booking_facts(moved)]
    undo(moved, admin, now + 10 * SECOND)

    assert at(now + 11 * SECOND) + at(now + HOUR) == []
    assert during == ["booking.created"]
    assert [fact.type for fact in booking_facts(Booking.objects.get())] == ["booking.created"]


def test_several_moves_in_a_row_lead_to_one_message_with_the_final_time(
    visit: Booking, admin: User, now: datetime, at: At, inbox: Inbox
) -> None:
    move(visit, admin, now, starts_at=VISIT + HOUR)
    move(visit, admin, now + 10 * SECOND, starts_at=VISIT + 2 * HOUR)
    undo(move(visit, admin, now + 20 * SECOND, starts_at=VISIT + 5 * HOUR), admin, now + 22 * SECOND)

    assert at(now + 30 * SECOND) == [f"{PLAN}, 12:00 pm (London time)"]
    assert "10:00 am to 10:30 am" in str(inbox.mails()[-1].get_body(("plain",)))
    reported = [(fact.type, fact.data["starts_at"][11:16]) for fact in booking_facts(Booking.objects.get())]
    assert reported == [
        ("booking.created", "10:00"),
        ("booking.rescheduled", "11:00"),
        ("booking.rescheduled", "12:00"),
    ]


def test_moves_that_end_at_the_time_that_the_patient_knows_are_told_to_nobody(
    visit: Booking, admin: User, now: datetime, at: At
) -> None:
    move(visit, admin, now, starts_at=VISIT + HOUR)
    move(visit, admin, now + 5 * SECOND, starts_at=VISIT)

    assert at(now + HOUR) == []


def test_a_new_length_is_told_as_new_details(
    visit: Booking, admin: User, now: datetime, at: At, inbox: Inbox
) -> None:
    move(visit, admin, now, ends_at=VISIT + 45 * MINUTE)

    subject = "Appointment details changed: Friday 20 March 2026, 10:00 am (London time)"
    assert at(now + 15 * SECOND) == [subject]
    text = str(inbox.mails()[-1].get_body(("plain",)))
    assert "Your appointment now lasts 45 minutes. The start time stays the same." in text
    assert "The day and time stay the same." not in text


def test_a_message_with_a_new_length_is_in_the_email(
    visit: Booking, admin: User, now: datetime, at: At, inbox: Inbox
) -> None:
    request = MoveRequest(visit.starts_at, VISIT + 20 * MINUTE)
    move_visit(
        booking=visit,
        request=request,
        version=visit.version,
        by=admin,
        note="A short check is enough.",
        now=now,
    )
    at(now + 15 * SECOND)

    mail = inbox.mails()[-1]
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        assert "A short check is enough." in body.get_content()


def test_a_confirmation_that_was_not_sent_yet_waits_for_the_undo(
    doctor: Doctor, patient: Patient, admin: User, now: datetime, at: At
) -> None:
    moved = move(book(doctor, patient, now), admin, now, starts_at=VISIT + HOUR)

    assert at(now + SECOND) == []
    undo(moved, admin, now + 2 * SECOND)
    assert at(now + 20 * SECOND) == ["Appointment booked: Friday 20 March 2026, 10:00 am (London time)"]


def test_an_announcement_that_waits_while_the_visit_moves_again_is_sent_after_that_is_undone(
    visit: Booking, admin: User, now: datetime, at: At
) -> None:
    move(visit, admin, now, starts_at=VISIT + HOUR)
    event = visit.events.get(kind="rescheduled")
    plan_event_messages(event.pk, now + 15 * SECOND)
    moved = move(visit, admin, now + 15 * SECOND, starts_at=VISIT + 3 * HOUR)
    assert at(now + 16 * SECOND) == []
    undo(moved, admin, now + 17 * SECOND)

    assert at(now + 40 * SECOND) == [f"{PLAN}, 11:00 am (London time)"]


def test_a_reminder_that_is_due_during_the_undo_is_sent_after_it(
    visit: Booking, admin: User, now: datetime, at: At
) -> None:
    ClinicSettings.objects.update(reminder_minutes=default_reminder_minutes())
    doctor = make_doctor()
    booking = book(doctor, visit.patient, now, starts_at=VISIT + 24 * HOUR)
    at(now)
    due = VISIT - 5 * SECOND
    at(due)
    moved = move(booking, admin, due, starts_at=VISIT + 26 * HOUR)
    assert at(due + 6 * SECOND) == []
    undo(moved, admin, due + 8 * SECOND)

    assert at(due + 30 * SECOND) == [
        "Reminder: appointment on Saturday 21 March 2026, 10:00 am (London time)"
    ]


def test_a_cancellation_or_an_approval_does_not_wait(
    visit: Booking, admin: User, now: datetime, at: At
) -> None:
    moved = move(visit, admin, now, starts_at=VISIT + HOUR)
    cancel_booking(booking=moved, by=admin, reason="", now=now + SECOND)
    cancelled = at(now + 2 * SECOND)
    Booking.objects.filter(pk=visit.pk).update(status="PENDING", cancelled_at=None, undo_until=None)
    moved = move(visit, admin, now + 30 * SECOND, starts_at=VISIT + 2 * HOUR)
    confirm_booking(booking=moved, by=admin, now=now + 31 * SECOND)

    assert cancelled == ["Appointment cancelled: Friday 20 March 2026, 10:00 am (London time)"]
    assert at(now + 32 * SECOND) == ["Appointment booked: Friday 20 March 2026, 12:00 pm (London time)"]


def test_a_cancellation_names_the_time_and_doctor_that_the_patient_knows(
    visit: Booking, admin: User, now: datetime, at: At, inbox: Inbox
) -> None:
    former = visit.doctor
    move(visit, admin, now, starts_at=VISIT + HOUR)
    moved = move(visit, admin, now + SECOND, starts_at=VISIT + 2 * HOUR, doctor=make_doctor())
    cancel_booking(booking=moved, by=admin, now=now + 14 * SECOND)

    subject = "Appointment cancelled: Friday 20 March 2026, 10:00 am (London time)"
    assert at(now + 14 * SECOND) == [subject]
    text = str(inbox.mails()[-1].get_body(("plain",)))
    assert "10:00 am to 10:30 am (London time)" in text
    assert f"With: {former.display_name}" in text
    assert "DTSTART:20260320T100000Z" in inbox.mails()[-1].as_string()
    assert at(now + HOUR) == []


def test_a_cancellation_after_the_announcement_names_the_new_time(
    visit: Booking, admin: User, now: datetime, at: At
) -> None:
    moved = move(visit, admin, now, starts_at=VISIT + HOUR)
    at(now + 15 * SECOND)
    # `moved` was read before the announcement.
    cancel_booking(booking=moved, by=admin, now=now + 16 * SECOND)

    subject = "Appointment cancelled: Friday 20 March 2026, 11:00 am (London time)"
    assert at(now + 16 * SECOND) == [subject]


def test_a_text_message_about_a_cancellation_names_the_time_that_the_patient_knows(
    visit: Booking, admin: User, now: datetime
) -> None:
    moved = move(visit, admin, now, starts_at=VISIT + HOUR)
    cancel_booking(booking=moved, by=admin, now=now + SECOND)

    (message, *_) = plan_messages(event=visit.events.get(kind="cancelled"), now=now + SECOND)
    message.channel = "sms"

    assert "Fri 20 Mar, 10:00 am" in sms_of(message)
