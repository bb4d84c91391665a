"""Messages are sent once, retried after failures, and dropped when they are outdated."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from clinics.models import Patient
from embedded.ports import free_port
from notifications.models import Message
from notifications.services.planning import plan_messages
from notifications.tasks import plan_event_messages
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.models import Clinic
from tenants.queue.jobs import enqueue
from tenants.services.lifecycle import resume_clinic, suspend_clinic
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]


def test_an_event_sends_one_email_however_often_it_is_planned(
    booking: Booking, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    event = BookingEvent.objects.get()

    planned = [len(plan_messages(event=event, now=now)) for _ in range(2)]
    plan_event_messages(event.pk, now)
    left = [run_queue(), run_queue()]

    assert (planned, left) == ([1, 0], [[], []])
    assert (Message.objects.count(), len(inbox.mails())) == (1, 1)


def test_a_repeated_job_sends_nothing_twice(booking: Booking, run_queue: RunQueue, inbox: Inbox) -> None:
    run_queue()
    message = Message.objects.get()
    enqueue(kind="message", row_id=message.pk, due_at=booking.created_at)

    run_queue()

    assert len(inbox.mails()) == 1


def test_a_booking_cancelled_before_its_confirmation_sends_only_the_cancellation(
    booking: Booking, admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    cancel_booking(booking=booking, by=admin, now=now)

    assert run_queue() == []

    dropped = Message.objects.get(kind="confirmation")
    assert (dropped.sent_at, dropped.dropped_at, dropped.dropped_because) == (None, now, "cancelled_since")
    assert [mail["Subject"].split(":")[0] for mail in inbox.mails()] == ["Appointment cancelled"]


@pytest.mark.parametrize(("late", "sent"), [(-1, True), (0, True), (1, False)])
def test_nothing_is_confirmed_after_the_start(
    booking: Booking, run_queue: RunQueue, clock: Any, late: int, sent: bool
) -> None:
    plan_messages(event=BookingEvent.objects.get(), now=booking.created_at)
    clock.move_to(booking.starts_at + timedelta(minutes=late))

    assert run_queue() == []

    message = Message.objects.get()
    assert (message.sent_at is not None, message.dropped_because) == (sent, "" if sent else "too_late")


def test_no_email_is_sent_to_a_closed_account(
    booking: Booking, patient: Patient, run_queue: RunQueue, inbox: Inbox
) -> None:
    User.objects.filter(patient=patient).update(is_active=False)

    run_queue()

    assert (inbox.mails(), Message.objects.get().dropped_because) == ([], "account_closed")


def test_no_email_is_sent_for_a_patient_without_an_account(
    booking: Booking, patient: Patient, run_queue: RunQueue, inbox: Inbox
) -> None:
    Patient.objects.update(user=None)

    assert run_queue() == []
    assert (inbox.mails(), Message.objects.count()) == ([], 0)


def test_an_email_is_retried_when_the_mail_server_is_down(
    booking: Booking, run_queue: RunQueue, inbox: Inbox, clock: Any, settings: Any
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    while_down = run_queue()
    settings.EMAIL_PORT = port
    immediately = run_queue()
    clock.shift(timedelta(minutes=1))
    later = run_queue()

    assert (while_down, immediately, later) == (["message"], ["message"], [])
    assert len(inbox.mails()) == 1


@pytest.mark.parametrize(("late", "sent"), [(-1, 1), (1, 0)])
def test_emails_of_a_suspended_clinic_wait_until_it_is_resumed(
    booking: Booking, *, run_queue: RunQueue, inbox: Inbox, clock: Any, clinic: Clinic, late: int, sent: int
) -> None:
    suspend_clinic(clinic=clinic)

    while_suspended = (run_queue(), len(inbox.mails()))
    clock.move_to(booking.starts_at + timedelta(minutes=late))
    resume_clinic(clinic=clinic)
    left = run_queue()

    assert (while_suspended, left, len(inbox.mails())) == ((["booking_event"], 0), [], sent)
    assert Message.objects.get().dropped_because == ("" if sent else "too_late")


class RefusingHandler:
    """Respond to every recipient with `answer`."""

    answer = ""

    async def handle_RCPT(self, *_session: object) -> str:  # noqa: N802  named by aiosmtpd
        return self.answer


@pytest.fixture
def refusing_server(inbox: Inbox, settings: Any) -> Iterator[RefusingHandler]:
    """A mail server that refuses every recipient. Yield its handler."""
    handler, settings.EMAIL_PORT = RefusingHandler(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    yield handler
    server.stop()


def test_a_permanently_rejected_address_is_not_retried(
    booking: Booking, run_queue: RunQueue, refusing_server: RefusingHandler
) -> None:
    refusing_server.answer = "550 No such mailbox"

    assert run_queue() == []
    assert Message.objects.get().parked_because == "refused"


def test_a_temporarily_rejected_address_is_retried(
    booking: Booking, run_queue: RunQueue, refusing_server: RefusingHandler
) -> None:
    refusing_server.answer = "450 Try later"

    assert run_queue() == ["message"]
    assert (Message.objects.get().sent_at, Message.objects.get().dropped_at) == (None, None)
