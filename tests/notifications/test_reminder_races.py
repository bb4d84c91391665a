"""A booking is changed, or another worker sends, at the moment at which a reminder is sent."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from threading import Event

import pytest
from django.db import transaction

from clinics.models import ClinicSettings
from clinics.reminder_offsets import default_reminder_minutes
from notifications.models import Message
from notifications.services import combining
from notifications.services.combining import claim_for_sending
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.current import enter_public
from tenants.models import Clinic, QueueLine
from tests.factories.people import make_admin, make_doctor, make_patient
from tests.factories.queue import delete_queued_jobs, run_due_jobs
from tests.factories.threads import run_concurrently
from tests.notifications.conftest import Inbox
from tests.notifications.reminded_visits import book, move

SECONDS_TO_BLOCK = 0.4


def cancel(booking: Booking, admin: User, now: datetime) -> object:
    return cancel_booking(booking=booking, by=admin, now=now)


def postpone(booking: Booking, admin: User, now: datetime) -> object:
    return move(booking, booking.starts_at + timedelta(days=3), now, by=admin)


@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "control"])
@pytest.mark.parametrize("change", [cancel, postpone])
def test_a_reminder_is_not_sent_while_the_booking_is_being_changed(
    committed_clinic: Clinic,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
    *,
    change: Callable[..., object],
    is_locked: bool,
) -> None:
    """Without the lock on the booking, as in the control, a change that commits just then is not seen."""
    now = datetime.now(UTC).replace(microsecond=0)
    # This test runs at any time of the day.
    ClinicSettings.objects.update(
        reminder_minutes=default_reminder_minutes(), quiet_from=time(0), quiet_until=time(0)
    )
    admin, patient = make_admin(), make_patient()
    booking = book(make_doctor(), patient, now, starts_at=now + timedelta(days=20))
    run_due_jobs()
    reminder = Message.objects.get(offset_minutes=7 * 24 * 60)
    Message.objects.filter(pk=reminder.pk).update(due_at=now)
    with enter_public():
        QueueLine.objects.filter(row_id=reminder.pk).update(due_at=now)
    mails = len(inbox.mails())
    if not is_locked:
        monkeypatch.setattr(combining, "_lock", lambda message: (Message.objects.get(pk=message.pk), []))
    changed, finished = Event(), Event()

    def change_slowly() -> None:
        with transaction.atomic():
            change(booking, admin, now)
            changed.set()
            finished.wait(timeout=SECONDS_TO_BLOCK)

    def send() -> None:
        changed.wait(timeout=10)
        run_due_jobs()
        finished.set()

    run_concurrently(committed_clinic, change_slowly, send)

    sent = [str(mail["Subject"]) for mail in inbox.mails()[mails:]]
    assert len([subject for subject in sent if "Reminder" in subject]) == (0 if is_locked else 1)
    delete_queued_jobs(clinic_id=committed_clinic.pk)


def test_two_workers_combine_two_reminders_of_a_day_into_one(committed_clinic: Clinic, inbox: Inbox) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    noon = (now + timedelta(days=20)).replace(hour=12, minute=0, second=0)
    ClinicSettings.objects.update(reminder_minutes=[7 * 24 * 60])
    doctor, patient = make_doctor(), make_patient()
    for hours in (0, 2):
        book(doctor, patient, now, starts_at=noon + timedelta(hours=hours))
    run_due_jobs()
    pair = list(Message.objects.select_related("recipient", "booking__patient").filter(kind="reminder"))

    def claim(message: Message) -> Callable[[], bool]:
        return lambda: claim_for_sending(message, now=noon - timedelta(days=7, hours=-3))

    claimed = run_concurrently(committed_clinic, *(claim(message) for message in pair))

    assert sorted(claimed) == [False, True]  # type: ignore[type-var]
    leader = pair[claimed.index(True)]
    assert list(Message.objects.filter(sent_with=leader)) == [pair[claimed.index(False)]]
    delete_queued_jobs(clinic_id=committed_clinic.pk)
