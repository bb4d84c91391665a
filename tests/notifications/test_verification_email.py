"""The link that confirms an email address: in its own email, and in a booking confirmation."""

import re
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import settings

from clinics.models import Patient
from notifications.tasks import email_verification_link
from scheduling.models import Booking
from tenants.accounts.email_verification.services import send_verification, verify_email
from tenants.accounts.models import EmailVerification, User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import PASSWORD, make_patient
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """Return a patient who has not confirmed the address."""
    return make_patient(confirmed_at=None)


def token_in(mail: EmailMessage) -> str | None:
    """Return the token of the confirmation link, after checking that both parts have the same link."""
    plain, html = (body.get_content() for body in bodies(mail))
    path = rf"http://riverside\.{re.escape(settings.BASE_DOMAIN)}/verify-email\?token=(\S+)"
    found = re.search(path, plain)
    assert found is None or found[0] in html
    return found and found[1]


def bodies(mail: EmailMessage) -> tuple[Any, Any]:
    """Return the text part and the HTML part."""
    return mail.get_body(("plain",)), mail.get_body(("html",))


def test_registering_sends_a_link_that_works(
    clinic: Clinic, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    person = {"email": "mia@people.example", "password": PASSWORD, "first_name": "Mia", "last_name": "Marsh"}
    ClinicClient(clinic, HTTP_X_FORWARDED_HOST="evil.example").post("/api/auth/register/", person)

    left = run_queue()

    (mail,) = inbox.mails()
    token = token_in(mail)
    assert (left, mail["Subject"], mail["Delivered-To"]) == (
        [],
        "Confirm your email address",
        "mia@people.example",
    )
    assert "until 12:00 pm on Thursday 5 March 2026 (London time)" in bodies(mail)[0].get_content()
    assert token is not None
    verify_email(token=token, password=PASSWORD, address="", now=now)
    assert User.objects.get(email="mia@people.example").email_verified_at == now


def test_a_booking_confirmation_has_the_link_until_the_address_is_confirmed(
    booking: Booking, user: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    run_queue()

    (mail,) = inbox.mails()
    token = token_in(mail)
    assert token is not None
    verify_email(token=token, signed_in=user, address="", now=now)
    assert User.objects.get(pk=user.pk).email_verified_at == now


def test_a_booking_confirmation_has_no_link_for_a_confirmed_address(
    booking: Booking, user: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    User.objects.filter(pk=user.pk).update(email_verified_at=now)

    run_queue()

    (mail,) = inbox.mails()
    assert token_in(mail) is None


def test_a_repeated_job_sends_no_second_link(
    user: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    verification = send_verification(user=user, now=now)
    run_queue()

    email_verification_link(verification.pk, now)

    assert (EmailVerification.objects.get().sent_at, len(inbox.mails())) == (now, 1)


@pytest.mark.parametrize("change", [{"email": "new@people.example"}, {"is_active": False}])
def test_no_link_is_sent_for_a_changed_address_or_a_closed_account(
    user: User, run_queue: RunQueue, inbox: Inbox, now: datetime, change: dict[str, Any]
) -> None:
    send_verification(user=user, now=now)
    User.objects.filter(pk=user.pk).update(**change)

    assert (run_queue(), inbox.mails()) == ([], [])
