"""Webhooks are delivered at least once, signed, in order per booking, and retried after failures."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from time import monotonic, sleep
from typing import Any

import pytest
from standardwebhooks import Webhook

from clinics.models import Doctor, Patient
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.services import webhook_delivery
from notifications.services.webhook_delivery import RETRY_DELAYS, attempt, deliver_webhook
from notifications.tasks import deliver_due_webhook, plan_event_messages
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.domains import outbound
from tests.factories.fake_network import NameServer
from tests.factories.http_server import HOST
from tests.factories.schedule import make_booking, make_slot
from tests.factories.webhook_receiver import Receiver
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]
Endpoint = tuple[WebhookEndpoint, str]


def types(receiver: Receiver) -> list[str]:
    """Return the types of the received events in the order of arrival."""
    return [json.loads(request.body)["type"] for request in receiver.requests]


def test_a_booking_is_reported_with_ids_and_times_signed_for_the_receiver(
    endpoint_and_secret: Endpoint, receiver: Receiver, booking: Booking, run_queue: RunQueue
) -> None:
    assert run_queue() == []

    request = receiver.requests[0]
    assert Webhook(endpoint_and_secret[1]).verify(request.body, request.headers) == {
        "type": "booking.created",
        "timestamp": booking.created_at.isoformat().replace("+00:00", "Z"),
        "data": {
            "id": str(booking.pk),
            "status": "CONFIRMED",
            "starts_at": "2026-05-25T17:30:00Z",
            "ends_at": "2026-05-25T18:00:00Z",
            "doctor": str(booking.doctor_id),
            "visit_type": None,
            "time_zone": "Europe/London",
            "patient": str(booking.patient_id),
            "series": None,
        },
    }
    assert request.headers["webhook-id"] == str(BookingEvent.objects.get().pk)
    assert WebhookDelivery.objects.get().status == "delivered"


def test_a_repeated_job_reports_nothing_twice(
    endpoint: WebhookEndpoint, receiver: Receiver, booking: Booking, run_queue: RunQueue, now: datetime
) -> None:
    run_queue()

    plan_event_messages(BookingEvent.objects.get().pk, now)
    deliver_due_webhook(WebhookDelivery.objects.get().pk, now)
    run_queue()

    assert types(receiver) == ["booking.created"]


def test_events_of_a_booking_keep_their_order_and_others_do_not_wait(
    endpoint: WebhookEndpoint,
    *,
    receiver: Receiver,
    booking: Booking,
    doctor: Doctor,
    admin: User,
    run_queue: RunQueue,
    clock: Any,
    now: datetime,
) -> None:
    receiver.answer = lambda request: 503 if str(booking.pk).encode() in request.body else 204
    run_queue()
    cancel_booking(booking=booking, by=admin, now=now + timedelta(seconds=1))
    other = make_booking(
        make_slot(doctor, booking.starts_at + timedelta(hours=1)),
        booking.patient,
        now=now + timedelta(seconds=2),
    )
    clock.shift(timedelta(seconds=3))
    run_queue()

    assert types(receiver) == ["booking.created", "booking.created"]
    assert str(other.pk).encode() in receiver.requests[1].body

    receiver.answer = lambda _request: 204
    clock.shift(timedelta(seconds=10))
    assert run_queue() == []
    assert types(receiver)[2:] == ["booking.created", "booking.cancelled"]
    first, _other, repeated, _cancelled = receiver.requests
    assert (first.body, first.headers["webhook-id"]) == (repeated.body, repeated.headers["webhook-id"])


def test_events_are_reported_in_order_if_their_jobs_run_in_the_wrong_order(
    endpoint: WebhookEndpoint, receiver: Receiver, booking: Booking, admin: User, now: datetime
) -> None:
    cancel_booking(booking=booking, by=admin, now=now + timedelta(seconds=1))
    booked, cancelled = BookingEvent.objects.order_by("created_at")

    plan_event_messages(cancelled.pk, now)
    plan_event_messages(booked.pk, now)
    newest_first = WebhookDelivery.objects.order_by("-sequence")
    for delivery in [*newest_first, *newest_first]:
        deliver_due_webhook(delivery.pk, now)

    assert types(receiver) == ["booking.created", "booking.cancelled"]


def test_attempts_end_after_three_days_and_the_next_event_follows(
    endpoint: WebhookEndpoint,
    *,
    receiver: Receiver,
    booking: Booking,
    admin: User,
    run_queue: RunQueue,
    clock: Any,
) -> None:
    receiver.answer = lambda request: 500 if b"booking.created" in request.body else 204
    run_queue()
    cancel_booking(booking=booking, by=admin, now=booking.created_at)
    began = WebhookDelivery.objects.get().happened_at
    for delay in RETRY_DELAYS:
        clock.shift(delay * 1.1 + timedelta(minutes=1))
        run_queue()
    clock.shift(timedelta(minutes=1))
    assert run_queue() == []

    created, cancelled = WebhookDelivery.objects.order_by("sequence")
    assert (created.status, created.attempts, created.last_status) == ("failed", 11, 500)
    assert created.last_attempt_at is not None
    assert timedelta(days=2.9) < created.last_attempt_at - began < timedelta(days=3.5)
    assert (cancelled.status, types(receiver)[-1]) == ("delivered", "booking.cancelled")


def test_a_receiver_that_is_gone_is_switched_off_and_admins_are_told(
    endpoint: WebhookEndpoint, receiver: Receiver, booking: Booking, run_queue: RunQueue, inbox: Inbox
) -> None:
    receiver.answer = lambda _request: 410

    assert run_queue() == []

    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.off_because) == (False, "gone")
    assert WebhookDelivery.objects.get().status == "failed"
    mails = [mail for mail in inbox.mails() if "webhook" in mail["Subject"]]
    told = {mail["To"].addresses[0].addr_spec for mail in mails}
    assert told == set(User.objects.filter(role="admin").values_list("email", flat=True))


def test_a_receiver_that_fails_for_five_days_is_switched_off(
    endpoint: WebhookEndpoint,
    *,
    receiver: Receiver,
    booking: Booking,
    doctor: Doctor,
    run_queue: RunQueue,
    clock: Any,
    now: datetime,
    inbox: Inbox,
) -> None:
    receiver.answer = lambda _request: 500
    run_queue()
    clock.shift(timedelta(days=4, hours=23))
    run_queue()
    still_active = WebhookEndpoint.objects.get().is_active
    clock.shift(timedelta(days=1))
    run_queue()

    assert (still_active, WebhookEndpoint.objects.get().off_because) == (True, "failing")
    assert any("webhook" in mail["Subject"] for mail in inbox.mails())


def test_after_five_failures_in_a_row_attempts_pause_for_a_minute(
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    booking: Booking,
    run_queue: RunQueue,
    clock: Any,
) -> None:
    receiver.answer = lambda _request: 500
    WebhookEndpoint.objects.update(failures=4, failing_since=booking.created_at)
    run_queue()
    clock.shift(timedelta(seconds=30))
    run_queue()
    during_pause = len(receiver.requests)
    receiver.answer = lambda _request: 204
    clock.shift(timedelta(seconds=31))
    left = run_queue()

    assert (during_pause, len(receiver.requests), left) == (1, 2, [])
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since, endpoint.paused_until) == (0, None, None)


def test_the_receiver_can_ask_for_a_later_attempt(
    endpoint: WebhookEndpoint, receiver: Receiver, booking: Booking, run_queue: RunQueue, now: datetime
) -> None:
    receiver.answer, receiver.answer_headers = lambda _request: 429, {"Retry-After": "600"}

    run_queue()

    assert WebhookDelivery.objects.get().next_attempt_at == now + timedelta(minutes=10)


def test_a_redirect_is_not_followed(
    endpoint: WebhookEndpoint, receiver: Receiver, booking: Booking, run_queue: RunQueue
) -> None:
    receiver.answer = lambda _request: 307
    receiver.answer_headers = {"Location": f"https://{HOST}/elsewhere"}

    run_queue()

    assert [request.path for request in receiver.requests] == ["/clinic"]
    assert WebhookDelivery.objects.get().last_status == 307


def test_an_address_that_became_private_gets_nothing(
    endpoint: WebhookEndpoint, receiver: Receiver, booking: Booking, run_queue: RunQueue, names: NameServer
) -> None:
    names.records[HOST, "A"] = ["10.0.0.1"]

    run_queue()

    delivery = WebhookDelivery.objects.get()
    assert (receiver.requests, delivery.last_status) == ([], None)
    assert delivery.last_answer == "not a public address"


def test_an_answer_is_cut_at_64_kb(
    endpoint: WebhookEndpoint, receiver: Receiver, booking: Booking, run_queue: RunQueue
) -> None:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * 200_000)

    receiver.respond = respond

    run_queue()

    delivery = WebhookDelivery.objects.get()
    assert (delivery.status, len(delivery.last_answer)) == ("delivered", 64 * 1024)


@pytest.mark.parametrize("stalls_at", ["headers", "body"])
def test_a_slow_answer_is_abandoned_at_the_deadline(
    endpoint: WebhookEndpoint,
    *,
    receiver: Receiver,
    booking: Booking,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    stalls_at: str,
) -> None:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        if stalls_at == "body":
            handler.send_response(500)
            handler.end_headers()
        for _second in range(50):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            sleep(0.1)

    receiver.respond = respond
    monkeypatch.setattr(outbound, "POST_SECONDS", 0.8)
    plan_event_messages(BookingEvent.objects.get().pk, now)

    began = monotonic()
    result = attempt(WebhookDelivery.objects.select_related("endpoint").get())

    assert monotonic() - began < 2
    assert result.status == (500 if stalls_at == "body" else None)


def test_a_delivery_is_repeated_if_its_worker_died_before_recording_it(
    endpoint: WebhookEndpoint,
    *,
    receiver: Receiver,
    booking: Booking,
    run_queue: RunQueue,
    now: datetime,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_args: object, **_options: object) -> None:
        raise SystemExit

    plan_event_messages(BookingEvent.objects.get().pk, now)
    planned = WebhookDelivery.objects.select_related("endpoint").get()
    with monkeypatch.context() as killed:
        killed.setattr(webhook_delivery, "complete", die)
        with pytest.raises(SystemExit):
            deliver_webhook(planned, now=now)
    run_queue()
    while_claimed = len(receiver.requests)
    clock.shift(timedelta(seconds=60))
    left = run_queue()

    assert (while_claimed, len(receiver.requests), left) == (1, 2, [])
    assert receiver.requests[0].headers["webhook-id"] == receiver.requests[1].headers["webhook-id"]
    assert WebhookDelivery.objects.get().status == "delivered"


def test_an_endpoint_gets_only_the_events_that_it_wants_since_it_is_on(
    endpoint: WebhookEndpoint,
    *,
    receiver: Receiver,
    booking: Booking,
    admin: User,
    run_queue: RunQueue,
    now: datetime,
) -> None:
    WebhookEndpoint.objects.update(
        event_types=["booking.created", "booking.cancelled"], active_since=now + timedelta(seconds=1)
    )
    cancel_booking(booking=booking, by=admin, now=now + timedelta(seconds=1))

    run_queue()

    assert types(receiver) == ["booking.cancelled"]


def test_a_clinic_without_webhooks_stores_no_deliveries(
    booking: Booking, patient: Patient, run_queue: RunQueue
) -> None:
    assert run_queue() == []
    assert not WebhookDelivery.objects.exists()
