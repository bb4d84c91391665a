"""Fixtures: a mail service that reports to the platform's host."""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from clinics.models import Patient
from notifications.models import Message
from scheduling.models import Booking
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import user_of

SECRET = "reports:secret word"
Post = Callable[..., int]


def basic(secret: str) -> str:
    """Return a header with HTTP basic authentication."""
    return f"Basic {b64encode(secret.encode()).decode()}"


@pytest.fixture
def use_service(settings: Any) -> Callable[..., None]:
    """Return a function that configures the mail service in use."""

    def use(service: str, **secrets: str) -> None:
        settings.EMAIL_REPORTS_FROM = service
        settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, **secrets}

    return use


@pytest.fixture
def post(clinic: Clinic) -> Post:
    """Return a function that posts a report to the platform's host and returns the status."""

    def send(
        service: str, content: Any, *, secret: str | None = SECRET, headers: dict[str, str] | None = None
    ) -> int:
        client = ClinicClient(clinic)
        client.defaults["SERVER_NAME"] = django_settings.BASE_DOMAIN
        body = content if isinstance(content, bytes) else json.dumps(content)
        sent = {**({"Authorization": basic(secret)} if secret else {}), **(headers or {})}
        # Not through DRF's test client, which would parse the answer.
        response = Client.generic(
            client,
            "POST",
            f"/hooks/email/{service}/",
            body,
            content_type="application/json",
            headers=sent,
        )
        return int(response.status_code)

    return send


@pytest.fixture
def message(booking: Booking, patient: Patient, now: Any) -> Message:
    """A message to the patient that was sent."""
    return Message.objects.create(
        booking=booking,
        event=booking.events.first(),
        recipient=user_of(patient),
        kind="confirmation",
        status="SENT",
        due_at=now,
        not_after=booking.starts_at,
        sent_at=now,
    )


@pytest.fixture
def metadata(clinic: Clinic, message: Message) -> dict[str, str]:
    """What the message was sent with."""
    return {"clinic": str(clinic.pk), "message": str(message.pk)}
