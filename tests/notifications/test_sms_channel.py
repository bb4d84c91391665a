"""Text messages are sent over the provider's API, at most as many as the limit allows, and never twice."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest

from clinics.models import Doctor, Patient, StoppedNumber
from clinics.services.text_messages import stop_text_messages
from notifications.models import Channel, Message, SmsMonth, TextMessage
from notifications.preferences import channels_for
from scheduling.bookings.cancel import cancel_booking
from tenants.current import current_clinic
from tenants.domains import outbound
from tenants.models import Clinic
from tenants.queue.jobs import enqueue
from tests.factories.people import make_patient, user_of
from tests.factories.queue import delete_queued_jobs, run_due_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.sms_provider import Scripted, SmsProvider
from tests.notifications.conftest import Inbox
from tests.notifications.sms_fixtures import (
    ACCOUNT,
    MOBILE,
    TOKEN,
    make_texted_patient,
    provider,
    use_generic,
    use_twilio,
)

__all__ = ["provider"]
pytestmark = pytest.mark.usefixtures("clock")
RunQueue = Callable[[], list[str]]


@pytest.fixture
def texted(clinic: Clinic) -> Patient:
    """A patient who gets text messages."""
    return make_texted_patient()


def cancelled(patient: Patient, doctor: Doctor, *, now: datetime, days: float = 3) -> None:
    """Book an appointment for the patient and cancel it."""
    booking = make_booking(make_slot(doctor, now + timedelta(days=days)), patient, now=now)
    cancel_booking(booking=booking, by=user_of(patient), now=now)


def a_text(patient: Patient, doctor: Doctor, *, now: datetime) -> Message:
    """Return a planned text message about a cancelled appointment."""
    cancelled(patient, doctor, now=now)
    delete_queued_jobs(clinic_id=current_clinic().pk)
    booking = patient.bookings.get()
    return Message.objects.create(
        booking=booking, version=booking.version, event=booking.events.latest("created_at", "id"),
        recipient=user_of(patient), kind="cancellation", channel="sms", due_at=now,
        not_after=booking.starts_at,
    )  # fmt: skip


def send(message: Message) -> Message:
    """Have the workers send a message. Return it with the result."""
    enqueue(kind="message", row_id=message.pk, due_at=message.due_at)
    run_due_jobs()
    message.refresh_from_db()
    return message


def test_a_cancellation_is_sent_by_email_and_by_text_message(
    *,
    texted: Patient,
    doctor: Doctor,
    provider: SmsProvider,
    run_queue: RunQueue,
    inbox: Inbox,
    now: datetime,
) -> None:
    use_twilio()
    cancelled(texted, doctor, now=now)

    assert run_queue() == []

    [request] = provider.requests
    message = Message.objects.get(channel="sms")
    text = TextMessage.objects.get()
    assert request.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert request.headers["Authorization"] == "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert (request.form["To"], request.form["From"]) == (MOBILE, "+447700900000")
    assert request.form["Body"].startswith("Riverside: your appointment on Thu 5 Mar, 12:00 p")
    assert request.form["StatusCallback"].endswith(f"/api/text-messages/twilio/status/{text.pk}/")
    assert (message.status, message.provider_id) == ("SENT", "SM1")
    assert (text.message, text.provider_id, text.segments) == (message, "SM1", 1)
    assert SmsMonth.objects.get().segments == 1
    assert len(inbox.mails()) == 1


def test_another_provider_gets_the_request_that_the_clinic_described(
    texted: Patient, doctor: Doctor, provider: SmsProvider, now: datetime
) -> None:
    use_generic(
        headers={"X-Key": "{secret}"},
        body=json.dumps({"messages": [{"to": "{to}", "body": {"text": "{text}"}, "ref": "{reference}"}]}),
        id_field="result.id",
        method="PUT",
    )  # fmt: skip
    provider.answers = [Scripted(status=202, body={"result": {"id": 77}})]
    message = a_text(texted, doctor, now=now)

    assert send(message).status == "SENT"

    [request] = provider.requests
    [sent] = request.json["messages"]
    assert (request.method, request.path) == ("PUT", "/send")
    assert request.headers["X-Key"] == "api-key"
    assert (sent["to"], sent["ref"]) == (MOBILE, str(TextMessage.objects.get().pk))
    assert sent["body"]["text"].startswith("Riverside: your appointment")
    assert TextMessage.objects.get().provider_id == "77"


def test_no_value_can_change_the_structure_of_the_request(
    doctor: Doctor, provider: SmsProvider, clinic: Clinic, now: datetime
) -> None:
    use_generic(short_name='"}, {to}')
    message = a_text(make_texted_patient(), doctor, now=now)

    send(message)

    assert set(provider.requests[0].json) == {"to", "from", "text", "reference"}
    assert provider.requests[0].json["text"].startswith('"}, {to}: your appointment')


@pytest.mark.parametrize(
    ("status", "code", "because"),
    [
        (400, 21211, "bad_address"),
        (400, 21614, "bad_address"),
        (400, 21610, "refused"),
        (400, 21408, "refused"),
        (400, None, "refused"),
    ],
)
def test_a_permanent_refusal_parks_the_message_and_costs_nothing(
    *,
    texted: Patient,
    doctor: Doctor,
    provider: SmsProvider,
    now: datetime,
    status: int,
    code: int,
    because: str,
) -> None:
    use_twilio()
    provider.answers = [Scripted(status, {"code": code} if code else None)]
    message = a_text(texted, doctor, now=now)

    send(message)

    assert (message.status, message.parked_because) == ("PARKED", because)
    assert message.last_error == (f"400: {code}" if code else "400")
    assert not TextMessage.objects.exists()
    assert SmsMonth.objects.get().segments == 0
    assert StoppedNumber.objects.exists() == (code == 21610)


@pytest.mark.parametrize(
    ("answer", "error", "seconds"),
    [
        (Scripted(429, {"code": 20429}, {"Retry-After": "600"}), "429: 20429", 600),
        (Scripted(429, {"code": 20429}, {"Retry-After": "1"}), "429: 20429", 60),
        (Scripted(500), "500", 60),
        (Scripted(503, headers={"Retry-After": "soon"}), "503", 60),
        (Scripted(401, {"code": 20003}), "401: 20003", 60),
    ],
)
def test_a_temporary_refusal_is_retried_and_costs_nothing(
    *,
    texted: Patient,
    doctor: Doctor,
    provider: SmsProvider,
    now: datetime,
    clock: Any,
    answer: Scripted,
    error: str,
    seconds: int,
) -> None:
    use_twilio()
    provider.answers = [answer]
    message = send(a_text(texted, doctor, now=now))

    assert (message.status, message.last_error) == ("PLANNED", error)
    assert message.due_at == now + timedelta(seconds=seconds)
    assert SmsMonth.objects.get().segments == 0
    clock.move_to(message.due_at)
    assert send(message).status == "SENT"
    assert (TextMessage.objects.count(), SmsMonth.objects.get().segments) == (1, 1)


def test_a_stalled_answer_ends_at_the_deadline_and_stays_counted(
    texted: Patient, doctor: Doctor, provider: SmsProvider, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_twilio()
    monkeypatch.setattr(outbound, "POST_SECONDS", 0.5)
    provider.answers = [Scripted(stalls=True)]
    message, began = a_text(texted, doctor, now=now), perf_counter()

    send(message)

    assert message.status == "PLANNED"
    assert message.last_error
    assert perf_counter() - began < 5
    assert SmsMonth.objects.get().segments == 1  # it may have been sent


def test_a_provider_at_a_private_address_is_not_contacted(
    texted: Patient, doctor: Doctor, provider: SmsProvider, now: datetime, settings: Any
) -> None:
    use_generic()
    settings.OUTBOUND_ALLOWED_NETWORKS = []

    assert send(a_text(texted, doctor, now=now)).last_error == "not a public address"
    assert provider.requests == []


def test_a_secret_of_another_installation_is_asked_for_again(
    texted: Patient, doctor: Doctor, provider: SmsProvider, now: datetime, settings: Any
) -> None:
    use_twilio()
    message = a_text(texted, doctor, now=now)
    settings.SECRET_KEY = "another installation"

    assert send(message).last_error == "the secret has to be entered again"


def test_a_message_is_dropped_if_the_patient_stopped_text_messages_meanwhile(
    texted: Patient, doctor: Doctor, provider: SmsProvider, now: datetime
) -> None:
    use_twilio()
    message = a_text(texted, doctor, now=now)
    stop_text_messages(number=MOBILE)

    assert send(message).dropped_because == "not_wanted"
    assert provider.requests == []


@pytest.mark.parametrize(
    "change",
    [
        {"sms_consent_at": None},
        {"phone": ""},
        {"phone": "+442079460018"},
        {"phone": "07911 123456"},
        {"undeliverable_phone": MOBILE},
    ],
)
def test_text_messages_need_consent_and_a_mobile_number_that_works(
    texted: Patient, clinic: Clinic, change: dict[str, Any]
) -> None:
    use_twilio()
    user = user_of(texted)
    assert channels_for(user, kind="cancellation") == [Channel.EMAIL, Channel.SMS]

    Patient.objects.filter(pk=texted.pk).update(**change)

    texted.refresh_from_db()
    assert channels_for(user_of(texted), kind="cancellation") == [Channel.EMAIL]


@pytest.mark.parametrize(
    ("off", "kind"),
    [
        ("is_on", "reminder"), ("for_reminders", "reminder"), ("for_cancellations", "cancellation"),
        ("for_reschedules", "rescheduled"), ("for_offers", "offer"),
    ],
)  # fmt: skip
def test_the_clinic_switches_kinds_of_text_messages_off(texted: Patient, off: str, kind: str) -> None:
    use_twilio()
    assert Channel.SMS in channels_for(user_of(texted), kind=kind)

    use_twilio(**{off: False})

    assert Channel.SMS not in channels_for(user_of(texted), kind=kind)


def test_nobody_can_have_a_strangers_telephone_ring(clinic: Clinic, admin: Any) -> None:
    use_twilio()
    unproven = make_texted_patient(confirmed_at=None)

    assert channels_for(user_of(unproven), kind="reminder") == [Channel.EMAIL]
    assert channels_for(admin, kind="reminder") == [Channel.EMAIL]
    assert channels_for(user_of(make_patient(phone=MOBILE)), kind="confirmation") == [Channel.EMAIL]


def test_beyond_the_monthly_limit_messages_are_parked_until_staff_release_them(
    texted: Patient, doctor: Doctor, provider: SmsProvider, now: datetime
) -> None:
    use_twilio(monthly_limit=1)
    SmsMonth.objects.create(month=now.date().replace(day=1), segments=1)
    message = a_text(texted, doctor, now=now)

    send(message)

    assert (message.status, message.parked_because) == ("PARKED", "limit_reached")
    assert provider.requests == []


@pytest.mark.parametrize(("days", "waits"), [(3, True), (0.35, False)])
def test_a_text_message_waits_for_the_morning_unless_the_visit_is_earlier(
    *, texted: Patient, doctor: Doctor, provider: SmsProvider, days: float, waits: bool, clock: Any
) -> None:
    use_twilio()
    at_ten = datetime(2026, 3, 2, 22, tzinfo=UTC)
    clock.move_to(at_ten)
    cancelled(texted, doctor, now=at_ten, days=days)
    run_due_jobs()

    texts = Message.objects.filter(channel="sms", kind="cancellation")
    assert [message.due_at > at_ten for message in texts] == [waits]
    assert len(provider.requests) == (0 if waits else 1)
    emails = Message.objects.filter(channel="email", kind="cancellation")
    assert [message.status for message in emails] == ["SENT"]
