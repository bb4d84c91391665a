"""What becomes of a message when the mail server refuses it, is slow or goes away. Circuit breakers."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core.mail import get_connection
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import Doctor, Patient
from notifications import smtp
from notifications.errors import PermanentFailure
from notifications.mail_errors import failure_of_message
from notifications.models import Message
from notifications.services.planning import plan_messages
from scheduling.models import Booking, BookingEvent
from tenants.current import enter_public
from tenants.models import CircuitBreaker, QueueLine
from tenants.queue.circuit_breaker import (
    FIRST_PAUSE,
    MAX_PAUSE,
    THRESHOLD,
    CircuitOpen,
    check_circuit,
    record_failure,
    record_success,
)
from tenants.queue.claims import LEASE
from tests.factories.people import make_patient, user_of
from tests.factories.queue import claim_at, queued_jobs, run_claimed, run_due_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.smtp_server import SmtpServer, smtp_server

RunQueue = Callable[[], list[str]]


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpServer]:
    """A mail server whose answers the test chooses."""
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def send(booking: Booking, clock: Any, server: SmtpServer) -> Callable[[], Message]:
    """Return a function that runs due jobs and returns the message about the booking."""

    def run() -> Message:
        run_due_jobs()
        return Message.objects.get(booking=booking)

    return run


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", ""])
@pytest.mark.parametrize("answer", ["550 No such mailbox", "554 Refused"])
def test_a_permanent_refusal_parks_the_message_at_once_with_the_answer(
    send: Callable[[], Message], server: SmtpServer, command: str, answer: str
) -> None:
    server.answers[command] = answer

    message = send()

    assert (message.status, message.parked_because, message.last_error) == ("PARKED", "refused", answer)
    assert (message.attempts, queued_jobs(kind="message", row_id=message.pk)) == (1, [])


@pytest.mark.parametrize("command", ["RCPT", "DATA", ""])
@pytest.mark.parametrize(
    "answer", ["450 Try later", "552 Mailbox full", "550 5.2.2 Over quota", "451 Greylisted"]
)
def test_a_temporary_refusal_is_sent_again_after_growing_delays_and_then_parked(
    send: Callable[[], Message],
    server: SmtpServer,
    clock: Any,
    settings: Any,
    *,
    command: str,
    answer: str,
) -> None:
    settings.MESSAGE_MAX_ATTEMPTS = 3
    server.answers[command] = answer

    first = send()
    clock.shift(timedelta(seconds=61))
    second = send()
    clock.shift(timedelta(seconds=121))
    third = send()

    assert [(one.status, one.attempts) for one in (first, second)] == [("PLANNED", 1), ("PLANNED", 2)]
    assert (third.status, third.parked_because) == ("PARKED", "too_many_attempts")
    assert third.last_error == answer
    assert queued_jobs(kind="message", row_id=third.pk) == []


@pytest.mark.parametrize(
    ("attribute", "value"), [("drops_before", ""), ("drops_after", "RCPT"), ("drops_after", "220")]
)
def test_a_lost_connection_is_not_counted_as_an_attempt_of_the_message(
    send: Callable[[], Message], server: SmtpServer, attribute: str, value: str
) -> None:
    setattr(server, attribute, value)

    message = send()

    assert (message.status, message.attempts) == ("PLANNED", 0)
    assert [job.kind for job in queued_jobs(row_id=message.pk)] == ["message"]


def test_a_server_that_closes_the_connection_after_each_message_gets_all_of_them(
    booking: Booking, doctor: Doctor, clock: Any, server: SmtpServer, now: datetime
) -> None:
    add_bookings(doctor, 4, now=now)
    server.drops_after = ""

    run_due_jobs()

    assert (len(server.stored), set(server.stored.values())) == (5, {1})
    assert server.connections == 5


def test_messages_of_a_batch_are_sent_over_one_connection(
    booking: Booking, doctor: Doctor, clock: Any, server: SmtpServer, now: datetime
) -> None:
    add_bookings(doctor, 4, now=now)

    run_due_jobs()

    assert (len(server.stored), server.connections) == (5, 1)


def test_a_refused_message_does_not_end_the_connection_of_the_others(
    booking: Booking, doctor: Doctor, clock: Any, server: SmtpServer, now: datetime
) -> None:
    add_bookings(doctor, 3, now=now)
    server.answers[""] = "554 Refused"

    run_due_jobs()

    assert Message.objects.filter(parked_because="refused").count() == 4
    assert server.connections == 1


def test_slow_answers_end_at_a_deadline_for_the_whole_message(
    send: Callable[[], Message], server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer arrives well within the time for one read."""
    monkeypatch.setattr(smtp, "SEND_SECONDS", 0.5)
    server.seconds = 0.2

    message = send()

    assert (message.status, message.attempts, dict(server.stored)) == ("PLANNED", 0, {})


def test_a_message_that_takes_almost_its_time_is_sent_once(
    send: Callable[[], Message], server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "SEND_SECONDS", 3)
    server.seconds = 0.2

    message = send()

    assert (message.status, server.stored) == ("SENT", {message.message_id: 1})


def test_the_deadlines_are_shorter_than_what_is_left_of_a_lease() -> None:
    assert max(smtp.SEND_SECONDS, smtp.CONNECT_SECONDS) + 10 < LEASE.total_seconds()


def test_a_message_claimed_by_another_worker_meanwhile_is_not_sent(
    booking: Booking, clock: Any, server: SmtpServer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_planning()
    with enter_public():
        claim = claim_at(now, lane=QueueLine.Lane.DELIVERY)
        claim_at(now + LEASE, lane=QueueLine.Lane.DELIVERY)  # by another worker, after this one stood still
        monkeypatch.setattr(claim, "_renewed", claim._renewed - 60)

        run_claimed(claim)

    assert (dict(server.stored), Message.objects.get().status) == ({}, "PLANNED")


def test_an_address_that_cannot_be_written_is_parked(
    booking: Booking, patient: Patient, send: Callable[[], Message]
) -> None:
    user = user_of(patient)
    user.email = "a@b@example.com"
    user.save()

    assert send().parked_because == "bad_address"


def test_a_message_whose_text_cannot_be_made_does_not_delay_the_others(
    booking: Booking, doctor: Doctor, *, clock: Any, server: SmtpServer, settings: Any, now: datetime
) -> None:
    settings.MESSAGE_MAX_ATTEMPTS = 2
    add_bookings(doctor, 2, now=now)
    run_planning()
    poison = Message.objects.order_by("created_at")[0]
    Message.objects.filter(pk=poison.pk).update(kind="no such kind")

    run_due_jobs()
    sent = len(server.stored)
    clock.shift(timedelta(minutes=2))
    run_due_jobs()

    poison.refresh_from_db()
    assert (sent, poison.status, poison.parked_because) == (2, "PARKED", "not_rendered")


def test_each_message_of_a_batch_costs_six_queries(
    booking: Booking, doctor: Doctor, clock: Any, server: SmtpServer, now: datetime
) -> None:
    """Four check that it has not changed since it was read, in a transaction. Two record that it was sent."""
    add_bookings(doctor, 13, now=now)
    run_planning()
    counts = []
    for number in [2, 12]:
        with enter_public():
            claim = claim_at(now, limit=number, lane=QueueLine.Lane.DELIVERY)
        with CaptureQueriesContext(connection) as queries, enter_public():
            run_claimed(claim)
        counts.append(len(queries))

    assert len(server.stored) == 14
    assert counts[1] - counts[0] == 6 * 10, [query["sql"][:150] for query in queries]


def test_after_failures_in_a_row_messages_wait_without_an_attempt(
    booking: Booking, doctor: Doctor, clock: Any, server: SmtpServer, now: datetime
) -> None:
    add_bookings(doctor, THRESHOLD + 3, now=now)
    server.drops_before = "220"
    failed = server.connections

    run_due_jobs()
    failed = server.connections
    server.drops_before = "-"
    run_due_jobs()
    while_open = server.connections
    clock.shift(FIRST_PAUSE + timedelta(seconds=60))
    run_due_jobs()

    assert (failed, while_open) == (THRESHOLD, THRESHOLD)
    assert (len(server.stored), set(server.stored.values())) == (THRESHOLD + 4, {1})
    with enter_public():
        assert CircuitBreaker.objects.get().failures == 0


def test_the_pause_of_a_server_doubles_up_to_five_minutes(db: None) -> None:
    start = datetime.fromisoformat("2026-03-02T12:00Z")
    pauses = []
    with time_machine.travel(start, tick=False):
        for _number in range(THRESHOLD + 7):
            record_failure("smtp:mail.example:25", error="TimeoutError")
            breaker = CircuitBreaker.objects.get()
            pauses.append(breaker.open_until and breaker.open_until - start)

    assert pauses[: THRESHOLD + 1] == [None, None, FIRST_PAUSE, FIRST_PAUSE * 2]
    assert pauses[-1] == MAX_PAUSE


def test_after_the_pause_one_worker_tries_and_the_others_wait(db: None) -> None:
    name, start = "smtp:mail.example:25", datetime.fromisoformat("2026-03-02T12:00Z")
    with time_machine.travel(start, tick=False) as clock:
        for _number in range(THRESHOLD):
            record_failure(name, error="TimeoutError")
        with pytest.raises(CircuitOpen):
            check_circuit(name)
        clock.shift(FIRST_PAUSE)

        assert check_circuit(name) is True
        with pytest.raises(CircuitOpen):
            check_circuit(name)
        record_success(name)
        assert check_circuit(name) is False


@pytest.mark.parametrize(
    ("status", "is_permanent"), [(400, True), (422, True), (401, False), (429, False), (500, False)]
)
def test_the_status_of_an_email_service_says_whether_a_message_is_refused(
    status: int, *, is_permanent: bool
) -> None:
    error = AnymailAPIError("refused")  # type: ignore[no-untyped-call]
    error.status_code = status

    assert isinstance(failure_of_message(error), PermanentFailure) is is_permanent


def test_a_recipient_refused_by_an_email_service_is_permanent() -> None:
    failure = failure_of_message(AnymailRecipientsRefused("all refused"))  # type: ignore[no-untyped-call]

    assert isinstance(failure, PermanentFailure)
    assert failure.because == "refused"


def run_planning() -> None:
    """Plan the messages of all events, and send nothing."""
    for event in BookingEvent.objects.all():
        plan_messages(event=event, now=event.created_at)
    with enter_public():
        QueueLine.objects.filter(kind="booking_event").delete()


def add_bookings(doctor: Doctor, number: int, *, now: datetime) -> None:
    """Book appointments of other patients."""
    for hour in range(number):
        slot = make_slot(doctor, datetime.fromisoformat("2026-05-26T08:00Z") + timedelta(hours=hour))
        make_booking(slot, make_patient(), now=now)


def test_the_greeting_counts_as_connecting_not_as_part_of_the_first_message(server: SmtpServer) -> None:
    backend = get_connection()
    assert isinstance(backend, smtp.EmailBackend)

    backend.open()

    assert backend.connection is not None
    assert backend.connection.ehlo_resp is not None
    backend.close()


def test_a_server_that_refuses_the_greeting_leaves_no_open_connection(server: SmtpServer) -> None:
    server.answers |= {"EHLO": "550 No", "HELO": "550 No"}
    backend = get_connection()
    assert isinstance(backend, smtp.EmailBackend)

    with pytest.raises(OSError, match="550"):
        backend.open()

    assert not backend.is_open
