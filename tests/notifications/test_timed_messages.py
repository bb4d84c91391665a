"""Messages by the time of a visit: several visits in one, preparation, questions, follow-up."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from clinics.services.dependants import remove_carer
from notifications.models import Message
from scheduling.bookings.attendance import complete_booking
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from tenants.accounts.models import User
from tests.factories.people import make_dependant, make_patient, user_of
from tests.factories.visit_types import make_question, make_visit_type
from tests.notifications.conftest import Inbox
from tests.notifications.reminded_visits import DAY, VISIT, At, book, move, reminders

pytestmark = pytest.mark.usefixtures("with_reminders")


def test_visits_of_one_day_are_in_one_reminder(
    doctor: Doctor, patient: Patient, now: datetime, at: At, inbox: Inbox
) -> None:
    ClinicSettings.objects.update(reminder_minutes=[DAY])
    user = user_of(patient)
    child = make_dependant(patient, first_name="Kit", last_name="Canary")
    early = book(doctor, patient, now, starts_at=VISIT)
    late = book(doctor, child, now, starts_at=VISIT + timedelta(hours=4), by=user)
    book(doctor, patient, now, starts_at=VISIT + timedelta(days=1))
    at(now)

    sent = at(VISIT - timedelta(days=1))

    assert sent == ["Reminder: 2 appointments on Friday 20 March 2026, from 10:00 am (London time)"]
    part = inbox.mails()[-1].get_body(("plain",))
    assert part is not None
    text = part.get_content()
    assert "10:00 am to 10:30 am (London time)" in text
    assert "2:00 pm to 2:30 pm (London time)" in text
    assert text.count("For: Kit Canary") == 1
    assert "Saturday" not in text
    first, second = (Message.objects.get(kind="reminder", booking=one) for one in (early, late))
    assert (first.status, second.status, second.sent_with) == ("SENT", "SENT", first)
    assert at(VISIT - timedelta(hours=20)) == []


def test_an_included_reminder_is_sent_by_itself_if_the_other_is_not_sent(
    doctor: Doctor, patient: Patient, admin: User, now: datetime, *, at: At, settings: Any
) -> None:
    ClinicSettings.objects.update(reminder_minutes=[DAY])
    early, late = book(doctor, patient, now), book(doctor, patient, now, starts_at=VISIT + timedelta(hours=4))
    at(now)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    day_before = VISIT - timedelta(days=1)
    assert at(day_before) == []
    settings.EMAIL_PORT = port
    cancel_booking(booking=early, by=admin, now=day_before)

    sent = at(day_before + timedelta(hours=5))

    assert sorted(subject.split(":")[0] for subject in sent) == ["Appointment cancelled", "Reminder"]
    (reminder,) = Message.objects.filter(kind="reminder", booking=late)
    assert (reminder.status, reminder.sent_with) == ("SENT", None)


def test_a_former_carer_is_not_reminded(doctor: Doctor, patient: Patient, now: datetime, at: At) -> None:
    child, user = make_dependant(patient), user_of(patient)
    book(doctor, child, now, by=user)
    at(now)

    remove_carer(dependant=child, by=user)

    assert at(VISIT - timedelta(days=7)) == []
    assert reminders()[0] == (7 * DAY, "DROPPED", "not_recipient")


def test_preparation_and_what_to_bring_are_in_confirmation_and_reminder(
    doctor: Doctor, patient: Patient, now: datetime, at: At, inbox: Inbox
) -> None:
    visit = make_visit_type(preparation="Do not eat for 8 hours.", bring="Your glasses")
    book(doctor, patient, now, visit_type=visit)
    at(now)
    at(VISIT - timedelta(days=7))

    for mail in inbox.mails():
        for kind in ("plain", "html"):
            part = mail.get_body((kind,))
            assert part is not None
            assert "Before your appointment" in part.get_content()
            assert "Do not eat for 8 hours." in part.get_content()
            assert "Your glasses" in part.get_content()
    assert len(inbox.mails()) == 2


def test_questions_are_asked_some_days_before_the_visit_unless_they_are_answered(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    visit = make_visit_type(questionnaire_days=5, reminder_minutes=[])
    question = make_question(visit, asked="before_visit")
    booking = book(doctor, patient, now, visit_type=visit)
    at(now)
    (planned,) = Message.objects.filter(kind="questionnaire")
    assert (planned.due_at, planned.not_after) == (VISIT - timedelta(days=5), VISIT)

    assert at(VISIT - timedelta(days=5)) == ["Questions before your appointment on Friday 20 March 2026"]

    Booking.objects.update(answers=[{"question": str(question.pk), "text": "", "answer": "No"}])
    booking.refresh_from_db()
    move(booking, VISIT + timedelta(days=7), VISIT - timedelta(days=5))
    at(VISIT - timedelta(days=5))
    assert Message.objects.filter(kind="questionnaire").count() == 1


def test_the_email_has_a_link_to_the_questions_and_goes_to_confirmed_addresses_only(
    doctor: Doctor, patient: Patient, now: datetime, at: At, inbox: Inbox
) -> None:
    visit = make_visit_type(questionnaire_days=5, reminder_minutes=[])
    make_question(visit, asked="before_visit")
    book(doctor, patient, now, visit_type=visit)
    book(doctor, make_patient(confirmed_at=None), now, visit_type=visit, starts_at=VISIT + timedelta(hours=1))

    at(now)
    at(VISIT - timedelta(days=5))

    part = inbox.mails()[-1].get_body(("plain",))
    assert part is not None
    assert "/visit/questions/" in part.get_content()
    planned = Message.objects.filter(kind="questionnaire")
    assert list(planned.values_list("recipient", flat=True)) == [patient.user_id]


def test_questions_are_asked_at_once_if_the_visit_is_sooner(
    doctor: Doctor, patient: Patient, at: At, clock: Any
) -> None:
    visit = make_visit_type(questionnaire_days=5, reminder_minutes=[])
    make_question(visit, asked="before_visit")
    booked_at = VISIT - timedelta(days=2)
    clock.move_to(booked_at)
    book(doctor, patient, booked_at, visit_type=visit)

    assert [subject.split(" ")[0] for subject in at(booked_at)] == ["Appointment", "Questions"]


def test_a_follow_up_is_sent_some_days_after_a_completed_visit(
    doctor: Doctor, patient: Patient, admin: User, now: datetime, *, at: At, inbox: Inbox
) -> None:
    visit = make_visit_type(follow_up_days=3, follow_up_text="How are you?", reminder_minutes=[])
    booking = book(doctor, patient, now, visit_type=visit)
    at(now)
    complete_booking(booking=booking, by=admin, now=at_time(at, booking.ends_at))

    at(booking.ends_at)
    assert at(booking.ends_at + timedelta(days=3)) == ["After your appointment on Friday 20 March 2026"]

    part = inbox.mails()[-1].get_body(("plain",))
    assert part is not None
    assert "How are you?" in part.get_content()


def at_time(at: At, instant: datetime) -> datetime:
    """Move the clock, and return the time."""
    at(instant)
    return instant
