"""What emails must not say, and what they are made of: notes, snapshots, links, cancelled entries."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from clinics.models import Care, Doctor, Patient
from notifications.models import Message
from notifications.rendering import email_of
from notifications.selectors import booking_snapshot, calendar_sequence
from notifications.services.planning import plan_messages
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import EmailVerification, User
from tests.factories.people import make_dependant, make_patient, make_receptionist, user_of
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.conftest import SUMMER_EVENING, Inbox
from tests.notifications.test_booking_emails import invitation, part

RunQueue = Callable[[], list[str]]
HOUR = timedelta(hours=1)


@pytest.fixture
def other_carer() -> Patient:
    """The other carer of the child."""
    return make_patient()


@pytest.fixture
def for_child(
    doctor: Doctor, patient: Patient, other_carer: Patient, admin: User, *, run_queue: RunQueue, now: datetime
) -> Booking:
    """A booking that the clinic made for a child with two carers, who have both been told."""
    child = make_dependant(patient)
    Care.objects.create(carer=other_carer, dependant=child)
    booking = book_slot(slot_id=make_slot(doctor, SUMMER_EVENING).pk, patient=child, by=admin, now=now)
    run_queue()
    return booking


def cancel(booking: Booking, by: User, note: str, now: datetime) -> None:
    cancel_booking(booking=booking, by=by, reason=note, now=now)


def move(booking: Booking, by: User, note: str, now: datetime) -> None:
    slot = make_slot(booking.doctor, booking.starts_at + HOUR)
    reschedule_booking(booking=booking, slot_id=slot.pk, by=by, reason=note, now=now)


@pytest.mark.parametrize("change", [cancel, move])
def test_a_carers_words_reach_neither_the_other_carer_nor_the_carer(
    for_child: Booking, patient: Patient, other_carer: Patient, *, now: datetime, run_queue: RunQueue,
    inbox: Inbox, change: Callable[..., None],
) -> None:  # fmt: skip
    change(for_child, user_of(patient), "Custody dispute", now)
    run_queue()

    mails = inbox.mails()[2:]
    assert {mail["Delivered-To"] for mail in mails} == {user_of(patient).email, user_of(other_carer).email}
    for mail in mails:
        assert "Custody" not in mail.as_string()
        assert "Message from the clinic" not in part(mail, "text/plain") + part(mail, "text/html")


@pytest.mark.parametrize("change", [cancel, move])
@pytest.mark.parametrize("role", ["admin", "receptionist"])
def test_what_staff_write_about_a_change_reaches_each_carer(
    for_child: Booking, admin: User, *, now: datetime, run_queue: RunQueue, inbox: Inbox, role: str,
    change: Callable[..., None],
) -> None:  # fmt: skip
    change(for_child, admin if role == "admin" else make_receptionist(), "The doctor is ill", now)
    run_queue()

    for mail in inbox.mails()[2:]:
        for kind in ("text/plain", "text/html"):
            assert " ".join(part(mail, kind).split()).count("The doctor is ill") == 1
        assert "Message from the clinic: The doctor is ill" in part(mail, "text/plain")


def test_time_and_sequence_of_a_calendar_file_come_from_one_snapshot(
    booking: Booking, patient: Patient, now: datetime
) -> None:
    """The booking is rescheduled after the message was loaded, and before its email is made."""
    (planned,) = plan_messages(event=BookingEvent.objects.get(), now=now)
    message = Message.objects.select_related("booking__doctor", "recipient", "event").get(pk=planned.pk)
    loaded = message.required_booking()
    moved = reschedule_booking(
        booking=Booking.objects.get(pk=booking.pk),
        slot_id=make_slot(booking.doctor, booking.starts_at + HOUR).pk,
        by=user_of(patient),
        now=now,
    )

    (calendar,) = [content for content, kind in email_of(message).alternatives if "calendar" in kind]

    parsed: Any = Calendar.from_ical(str(calendar))
    (event,) = parsed.walk("VEVENT")
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (moved.starts_at, 1)
    # The control: the row that was loaded before, and its history read now, do not belong together.
    assert (loaded.starts_at, calendar_sequence(loaded)) == (booking.starts_at, 1)


def test_one_statement_reads_time_and_history(booking: Booking) -> None:
    queries = queries_of(lambda: booking_snapshot(Booking.objects.only("pk").get(pk=booking.pk)))

    assert len(queries) == 2  # the test's own one first
    assert calendar_sequence(booking_snapshot(booking)) == 0


def test_rendering_an_email_writes_nothing(doctor: Doctor, now: datetime, clock: Any) -> None:
    patient = make_patient(confirmed_at=None)
    make_booking(make_slot(doctor, SUMMER_EVENING), patient, now=now)
    (message,) = plan_messages(event=BookingEvent.objects.get(), now=now)
    EmailVerification.objects.all().delete()

    queries = queries_of(lambda: email_of(message))

    assert [query for query in queries if not query.startswith("SELECT")] == []
    assert "verify-email" not in str(email_of(message).body)


def test_a_confirmation_that_is_sent_again_links_to_the_same_verification(
    doctor: Doctor, run_queue: RunQueue, inbox: Inbox, now: datetime, settings: Any
) -> None:
    patient = make_patient(confirmed_at=None)
    make_booking(make_slot(doctor, SUMMER_EVENING), patient, now=now)
    EmailVerification.objects.all().delete()
    settings.EMAIL_PORT, port = 1, settings.EMAIL_PORT
    for _attempt in range(3):
        run_queue()
    settings.EMAIL_PORT = port

    assert EmailVerification.objects.count() <= 1


def test_a_cancellation_has_no_calendar_file_if_no_invitation_was_sent(
    booking: Booking, admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    """The booking is cancelled before its confirmation is sent, which is then dropped."""
    cancel_booking(booking=booking, by=admin, now=now)

    run_queue()

    (mail,) = inbox.mails()
    assert mail["Subject"].startswith("Appointment cancelled")
    assert "text/calendar" not in {found.get_content_type() for found in mail.walk()}
    assert "attached file" not in part(mail, "text/plain")


def test_a_cancellation_has_a_calendar_file_if_an_invitation_may_have_arrived(
    booking: Booking, admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    """The mail server may have accepted the confirmation although the connection was lost."""
    plan_messages(event=BookingEvent.objects.get(), now=now)
    Message.objects.update(last_error="the connection was lost")
    cancel_booking(booking=booking, by=admin, now=now)

    run_queue()

    assert invitation(inbox.mails()[0])[0]["METHOD"] == "CANCEL"
