"""The clinic's admin page of text messages: secrets are never shown, and a test message is sent."""

from datetime import datetime
from typing import Any

import pytest

from clinics.models import Patient, SmsSettings
from notifications.models import SmsMonth, TextMessage
from notifications.services.sms_limit import month_of
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tenants.services.encryption import decrypt_secret
from tests.factories.admin_pages import get_form, get_page, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_patient, make_receptionist
from tests.factories.sms_provider import Scripted, SmsProvider
from tests.notifications.sms_fixtures import ACCOUNT, MOBILE, make_texted_patient, provider, use_twilio

__all__ = ["provider"]
PAGE = "clinics/smssettings/1/change/"
TEST = "clinics/smssettings/test/"


@pytest.fixture
def client(clinic: Clinic, admin: User) -> ClinicClient:
    """A client of the clinic's admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    client.get("/admin/clinics/smssettings/")
    return client


def test_the_secret_is_stored_encrypted_and_never_shown(client: ClinicClient) -> None:
    form = get_form(client, PAGE) | {"is_on": "on", "account": ACCOUNT, "sender": "+447700900000"}

    refused = submit_form(client, PAGE, form)
    shown = submit_form(client, PAGE, form | {"secret": "very-secret-token"})

    settings = SmsSettings.objects.get()
    assert "This field is required." in refused
    assert settings.is_on
    assert "very-secret" not in settings.stored_secret
    assert decrypt_secret(settings.stored_secret) == "very-secret-token"
    assert "very-secret" not in shown + get_page(client, PAGE) + get_page(client, f"{PAGE}../history/")
    submit_form(client, PAGE, get_form(client, PAGE))
    assert SmsSettings.objects.get().stored_secret == settings.stored_secret


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://provider.example/send"),
        ("url", "ftp://provider.example"),
        ("body", "not json"),
        ("body", '{"to": "{to}"}'),
        ("headers", '["a"]'),
        ("headers", '{"X-Key": "a\\nb"}'),
        ("account", "AC123"),
        ("monthly_limit", "0"),
        ("segment_price", "-1"),
        ("currency", "pounds"),
        ("secret", "ünsafe"),
    ],
)
def test_invalid_settings_are_refused_with_the_field(client: ClinicClient, field: str, value: str) -> None:
    form, before = get_form(client, PAGE) | {field: value}, SmsSettings.objects.get().updated_at

    page = submit_form(client, PAGE, form)

    assert "errorlist" in page
    assert SmsSettings.objects.get().updated_at == before


def test_a_new_secret_for_reports_is_shown_once(client: ClinicClient) -> None:
    form = get_form(client, PAGE) | {"provider": "generic", "new_webhook_secret": "on"}

    shown = submit_form(client, PAGE, form)

    secret = decrypt_secret(SmsSettings.objects.get().stored_webhook_secret)
    assert secret.startswith("whsec_")
    assert secret in shown.replace("&#x2B;", "+")
    assert secret not in get_page(client, PAGE)


def test_a_test_message_is_sent_and_counted(client: ClinicClient, provider: SmsProvider) -> None:
    use_twilio()

    page = submit_form(client, TEST, get_form(client, TEST) | {"number": "07911 123456"})

    assert "The test message was accepted by the provider." in page
    assert provider.requests[0].form["To"] == MOBILE
    assert provider.requests[0].form["Body"] == "Riverside: this is a test message."
    assert TextMessage.objects.get().message is None
    assert SmsMonth.objects.get().segments == 1


def test_a_failed_test_message_says_why(client: ClinicClient, provider: SmsProvider) -> None:
    use_twilio()
    provider.answers = [Scripted(400, {"code": 21211}), Scripted(401, {"code": 20003})]
    form = get_form(client, TEST) | {"number": MOBILE}

    pages = [submit_form(client, TEST, form), submit_form(client, TEST, form)]
    invalid = submit_form(client, TEST, form | {"number": "abc"})

    assert "400: 21211" in pages[0]
    assert "401: 20003" in pages[1]
    assert "Enter a real phone number" in invalid
    assert len(provider.requests) == 2


def test_the_page_shows_use_and_costs_by_month(client: ClinicClient) -> None:
    now = clock_now()
    use_twilio(segment_price="0.05")
    for _ in range(3):
        TextMessage.objects.create(number_digest="d", month=month_of(now), sent_at=now)

    assert "<td>3</td><td>3</td><td>0</td><td>0</td><td>0.15 GBP</td>" in get_page(client, PAGE)


def test_receptionists_have_no_access(clinic: Clinic) -> None:
    client = ClinicClient(clinic)
    client.force_login(make_receptionist())

    statuses = [client.get(f"/admin/{page}").status_code for page in ("clinics/smssettings/", TEST)]

    assert statuses == [403, 403]


def test_the_front_desk_records_consent_and_tries_a_number_again(clinic: Clinic, now: datetime) -> None:
    patient = make_patient(phone=MOBILE)
    Patient.objects.filter(pk=patient.pk).update(undeliverable_phone=MOBILE)
    client = ClinicClient(clinic)
    client.force_login(make_receptionist())
    page = f"clinics/patient/{patient.pk}/change/"

    submit_form(client, page, get_form(client, page) | {"sms_consent": "on", "phone_works": "on"})

    patient.refresh_from_db()
    assert patient.sms_consent_at is not None
    assert not patient.undeliverable_phone


def test_saving_a_patient_keeps_the_consent(clinic: Clinic) -> None:
    patient = make_texted_patient()
    client: Any = ClinicClient(clinic)
    client.force_login(make_receptionist())
    page = f"clinics/patient/{patient.pk}/change/"

    submit_form(client, page, get_form(client, page) | {"last_name": "Changed"})

    patient.refresh_from_db()
    assert (patient.last_name, patient.sms_consent_at is None) == ("Changed", False)
