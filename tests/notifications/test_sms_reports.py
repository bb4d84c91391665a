"""Providers report deliveries and answers. Only signed reports count, each once."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.http import QueryDict
from standardwebhooks import Webhook

from clinics.models import Doctor, Patient, StoppedNumber
from clinics.selectors import sms_number, sms_settings
from notifications.api.sms_reports import twilio_signature
from notifications.models import InboundText, Message, TextMessage
from notifications.services.sms_limit import month_of, monthly_use
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tenants.phone_numbers import number_digest
from tenants.routing.public_urls import clinic_url
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import user_of
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.sms_fixtures import (
    MOBILE,
    TOKEN,
    WEBHOOK_SECRET,
    make_texted_patient,
    use_generic,
    use_twilio,
)

INBOUND = "/api/text-messages/twilio/inbound/"
FORM = "application/x-www-form-urlencoded"
PROFILE = "/api/auth/profile/"


@pytest.fixture
def texted(clinic: Clinic) -> Patient:
    """A patient who gets text messages."""
    return make_texted_patient()


@pytest.fixture
def text(texted: Patient, doctor: Doctor, now: datetime) -> TextMessage:
    """A reminder that was sent to the patient."""
    booking = make_booking(make_slot(doctor, now + timedelta(days=1)), texted, now=now)
    message = Message.objects.create(
        booking=booking, recipient=user_of(texted), kind="reminder", channel="sms", status="SENT",
        due_at=now, not_after=booking.starts_at, sent_at=now, provider_id="SM1",
    )  # fmt: skip
    return TextMessage.objects.create(
        message=message, number_digest=number_digest(MOBILE), provider_id="SM1", month=month_of(clock_now()),
        sent_at=now,
    )  # fmt: skip


def from_twilio(clinic: Clinic, path: str, *, token: str = TOKEN, **form: str) -> Any:
    """Post a form as Twilio does."""
    body = urlencode(form)
    signature = twilio_signature(token, clinic_url(clinic, path), QueryDict(body))
    return ClinicClient(clinic).post(path, body, content_type=FORM, HTTP_X_TWILIO_SIGNATURE=signature)


def signed(clinic: Clinic, path: str, body: Any, *, secret: str = WEBHOOK_SECRET, age: int = 0) -> Any:
    """Post JSON as another provider does, `age` seconds ago."""
    data, name = json.dumps(body), f"msg_{uuid4().hex}"
    then = clock_now() - timedelta(seconds=age)
    return ClinicClient(clinic).post(
        f"/api/text-messages/{path}/", data, content_type="application/json",
        HTTP_WEBHOOK_ID=name, HTTP_WEBHOOK_TIMESTAMP=str(int(then.timestamp())),
        HTTP_WEBHOOK_SIGNATURE=Webhook(secret).sign(name, then, data),
    )  # fmt: skip


def status_path(text: TextMessage) -> str:
    """Return the address to which Twilio reports about a text."""
    return f"/api/text-messages/twilio/status/{text.pk}/"


def test_the_signature_is_that_of_twilios_documentation() -> None:
    form = QueryDict(
        urlencode(
            {
                "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234",
                "From": "+14158675309", "To": "+18005551212",
            }
        )
    )  # fmt: skip

    signature = twilio_signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form)

    assert signature == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_delivery_is_recorded_once_with_its_price(clinic: Clinic, text: TextMessage) -> None:
    use_twilio()
    report = {"MessageSid": "SM1", "MessageStatus": "delivered", "Price": "-0.0425", "PriceUnit": "usd"}

    first = from_twilio(clinic, status_path(text), **report)
    text.refresh_from_db()
    delivered_at = text.delivered_at
    from_twilio(clinic, status_path(text), **{**report, "Price": "-9"})
    from_twilio(clinic, status_path(text), MessageSid="SM1", MessageStatus="failed", ErrorCode="30005")

    text.refresh_from_db()
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/xml")
    assert first.content.endswith(b"<Response/>")
    assert delivered_at is not None
    assert (text.delivered_at, text.failed_at) == (delivered_at, None)
    assert (text.price, text.currency) == (Decimal("0.0425"), "USD")
    [use] = monthly_use(sms_settings())
    assert (use.messages, use.delivered, use.failed, use.costs) == (1, 1, 0, {"USD": Decimal("0.0425")})


def test_statuses_on_the_way_change_nothing(clinic: Clinic, text: TextMessage) -> None:
    use_twilio()

    for status in ("queued", "sent", "", "something-new"):
        assert from_twilio(clinic, status_path(text), MessageStatus=status).status_code == 200

    text.refresh_from_db()
    assert (text.delivered_at, text.failed_at, text.error) == (None, None, "")


@pytest.mark.parametrize(
    ("code", "is_marked"), [("30005", True), ("30006", True), ("30003", False), ("", False)]
)
def test_a_failure_is_shown_and_a_number_that_can_get_nothing_is_marked(
    clinic: Clinic, texted: Patient, text: TextMessage, code: str, is_marked: bool
) -> None:
    use_twilio()

    from_twilio(clinic, status_path(text), MessageStatus="undelivered", ErrorCode=code)

    text.refresh_from_db()
    texted.refresh_from_db()
    assert text.failed_at is not None
    assert Message.objects.get().last_error == (code or "undelivered")
    assert bool(texted.undeliverable_phone) == is_marked
    assert (sms_number(texted) is None) == is_marked
    assert ("could not be delivered" in texted.phone_problem) == is_marked


def test_a_new_number_is_not_blamed_for_the_failure_of_the_old_one(
    clinic: Clinic, texted: Patient, text: TextMessage
) -> None:
    use_twilio()
    Patient.objects.filter(pk=texted.pk).update(phone="+447400123456")

    from_twilio(clinic, status_path(text), MessageStatus="undelivered", ErrorCode="30005")

    texted.refresh_from_db()
    assert not texted.undeliverable_phone


def test_a_wrong_signature_is_refused_and_changes_nothing(
    clinic: Clinic, other_clinic: Clinic, texted: Patient, text: TextMessage
) -> None:
    use_twilio()
    stop = {"MessageSid": "SM9", "From": MOBILE, "Body": "STOP"}

    refused = [
        from_twilio(clinic, INBOUND, token="wrong", **stop),
        from_twilio(other_clinic, INBOUND, **stop),
        from_twilio(clinic, status_path(text), token="", MessageStatus="delivered"),
        ClinicClient(clinic).post(INBOUND, urlencode(stop), content_type=FORM),
        signed(clinic, "status", {"reference": str(text.pk), "status": "delivered"}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [
        (403, "signature_invalid")
    ] * 5
    text.refresh_from_db()
    texted.refresh_from_db()
    assert text.delivered_at is None
    assert texted.sms_consent_at is not None


def test_a_report_about_an_unknown_text_is_a_404(clinic: Clinic) -> None:
    use_twilio()

    answer = from_twilio(clinic, f"/api/text-messages/twilio/status/{uuid4()}/", MessageStatus="delivered")

    assert answer.status_code == 404


@pytest.mark.parametrize("word", ["STOP", " stop. ", "Stopp", "ARRÊT", "unsubscribe", "Stop All", "cancel"])
def test_stop_switches_text_messages_off_for_every_account_with_the_number(
    clinic: Clinic, texted: Patient, word: str
) -> None:
    use_twilio()
    others = [make_texted_patient(), make_texted_patient(phone="+447400123456")]

    answer = from_twilio(clinic, INBOUND, MessageSid="SM9", From=MOBILE, Body=word)

    assert answer.status_code == 200
    numbers = [sms_number(Patient.objects.get(pk=patient.pk)) for patient in (texted, *others)]
    assert numbers == [None, None, "+447400123456"]
    assert sms_number(make_texted_patient()) is None  # nor for one that registers later


@pytest.mark.parametrize("body", ["Please stop by", "Thanks", "", "stopover", "\x00", "🙂" * 100])
def test_other_answers_change_nothing_and_are_not_stored(clinic: Clinic, texted: Patient, body: str) -> None:
    use_twilio()

    assert from_twilio(clinic, INBOUND, MessageSid="SM9", From=MOBILE, Body=body).status_code == 200

    texted.refresh_from_db()
    assert texted.sms_consent_at is not None


def test_start_switches_them_on_again_and_a_replayed_start_does_not(clinic: Clinic, texted: Patient) -> None:
    use_twilio()
    start = {"MessageSid": "SM8", "From": MOBILE, "Body": "START"}

    from_twilio(clinic, INBOUND, MessageSid="SM7", From=MOBILE, Body="STOP")
    from_twilio(clinic, INBOUND, **start)
    texted.refresh_from_db()
    assert sms_number(texted) == MOBILE
    from_twilio(clinic, INBOUND, MessageSid="SM9", From=MOBILE, Body="STOP")
    from_twilio(clinic, INBOUND, **start)

    texted.refresh_from_db()
    assert sms_number(texted) is None
    assert InboundText.objects.count() == 3


@pytest.mark.parametrize(
    "form", [{"From": "abc"}, {"From": ""}, {"MessageSid": "a b"}, {"MessageSid": "\x00"}]
)
def test_a_signed_but_invalid_answer_is_a_400(clinic: Clinic, form: dict[str, str]) -> None:
    use_twilio()

    answer = from_twilio(clinic, INBOUND, **{"MessageSid": "SM9", "From": MOBILE, "Body": "STOP", **form})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(form))


def test_another_provider_reports_with_signed_json(
    clinic: Clinic, texted: Patient, text: TextMessage
) -> None:
    use_generic()
    report = {
        "reference": str(text.pk),
        "status": "undeliverable",
        "error": "E7",
        "price": "0.05",
        "currency": "EUR",
    }

    answers = [
        signed(clinic, "status", report),
        signed(clinic, "status", {"id": "SM1", "status": "delivered"}),
    ]

    text.refresh_from_db()
    texted.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (text.delivered_at, text.error, text.price, text.currency) == (None, "E7", Decimal("0.05"), "EUR")
    assert texted.undeliverable_phone == MOBILE


def test_another_provider_passes_answers_on_and_sends_our_reply(clinic: Clinic, texted: Patient) -> None:
    use_generic()

    stopped = signed(clinic, "inbound", {"id": "1", "sender": MOBILE, "text": "Stop"})
    cancelled = signed(clinic, "inbound", {"id": "2", "sender": MOBILE, "text": "cancel"})

    assert stopped.json()["data"]["reply"].startswith("You will get no more text messages")
    assert cancelled.json()["data"]["reply"] == ""
    assert StoppedNumber.objects.count() == 1


@pytest.mark.parametrize(
    ("secret", "age"), [("whsec_" + "b3RoZXIx" * 4, 0), (WEBHOOK_SECRET, 301), (WEBHOOK_SECRET, -301)]
)
def test_a_wrong_secret_or_an_old_report_is_refused(clinic: Clinic, secret: str, age: int) -> None:
    use_generic()

    answer = signed(clinic, "inbound", {"id": "1", "sender": MOBILE, "text": "stop"}, secret=secret, age=age)

    assert (answer.status_code, answer.json()["code"]) == (403, "signature_invalid")
    assert not StoppedNumber.objects.exists()


@pytest.mark.parametrize("signature", ["", "v1", "v1,", "v1,%%%", "a,b c", "v1,YQ=="])
def test_a_malformed_signature_is_refused(clinic: Clinic, signature: str) -> None:
    use_generic()

    answer = ClinicClient(clinic).post(
        "/api/text-messages/inbound/", "{}", content_type="application/json", HTTP_WEBHOOK_ID="1",
        HTTP_WEBHOOK_TIMESTAMP=str(int(clock_now().timestamp())), HTTP_WEBHOOK_SIGNATURE=signature,
    )  # fmt: skip

    assert answer.status_code == 403


def test_a_patient_agrees_in_the_profile_and_not_against_their_own_stop(
    clinic: Clinic, client_for: Any
) -> None:
    use_twilio()
    patient = make_texted_patient()
    client = client_for(clinic, user_of(patient))

    off = client.patch(PROFILE, {"sms_consent": False}).json()["data"]
    on = client.patch(PROFILE, {"sms_consent": True}).json()["data"]
    from_twilio(clinic, INBOUND, MessageSid="SM7", From=MOBILE, Body="STOP")
    refused = client.patch(PROFILE, {"sms_consent": True})

    assert [(data["sms_available"], data["sms_consent"]) for data in (off, on)] == [
        (True, False),
        (True, True),
    ]
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["sms_consent"])


def test_staff_have_no_consent_to_give(clinic: Clinic, client_for: Any, admin: Any) -> None:
    assert client_for(clinic, admin).patch(PROFILE, {"sms_consent": True}).status_code == 400
