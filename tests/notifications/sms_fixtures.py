"""Fixtures for tests of text messages: a clinic with a provider, and a patient who has agreed to them."""

from collections.abc import Iterator
from typing import Any

import pytest

from clinics.models import Patient, SmsSettings
from tenants.base.clock import now as clock_now
from tenants.services.encryption import encrypt_secret
from tests.factories.fake_network import name_server
from tests.factories.people import make_patient
from tests.factories.sms_provider import HOST, SmsProvider, sms_provider

MOBILE = "+447911123456"
ACCOUNT = "AC" + "0" * 32
TOKEN = "twilio-token"
WEBHOOK_SECRET = "whsec_" + "c2VjcmV0" * 4


@pytest.fixture
def provider(settings: Any) -> Iterator[SmsProvider]:
    """Start a provider that the guarded client may reach."""
    with name_server() as names, sms_provider() as server:
        settings.DNS_RESOLVERS = [names.address]
        names.records[HOST, "A"] = ["127.0.0.1"]
        settings.OUTBOUND_PORTS = {"http": server.server_port, "https": 1}
        settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
        settings.TWILIO_API_URL = f"http://{HOST}"
        yield server


def use_twilio(**fields: Any) -> SmsSettings:
    """Switch text messages on, through Twilio."""
    values = {
        "is_on": True, "provider": "twilio", "sender": "+447700900000", "account": ACCOUNT,
        "stored_secret": encrypt_secret(TOKEN), **fields,
    }  # fmt: skip
    return SmsSettings.objects.update_or_create(pk=1, defaults=values)[0]


def use_generic(**fields: Any) -> SmsSettings:
    """Switch text messages on, through another provider."""
    values = {
        "is_on": True, "provider": "generic", "sender": "Riverside", "url": f"http://{HOST}/send",
        "stored_secret": encrypt_secret("api-key"), "stored_webhook_secret": encrypt_secret(WEBHOOK_SECRET),
        **fields,
    }  # fmt: skip
    return SmsSettings.objects.update_or_create(pk=1, defaults=values)[0]


def make_texted_patient(**fields: Any) -> Patient:
    """A patient with a mobile number who has agreed to text messages."""
    patient = make_patient(**{"phone": MOBILE, **fields})
    Patient.objects.filter(pk=patient.pk).update(sms_consent_at=clock_now())
    patient.refresh_from_db()
    return patient
