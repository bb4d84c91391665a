"""The email with the link to reset a password."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from notifications.tasks import email_reset_link
from tenants.accounts.models import PasswordReset, User
from tenants.accounts.passwords.services import request_reset, reset_password
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]


def test_the_link_uses_the_clinics_primary_domain_and_works(
    clinic: Clinic, user: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    client = ClinicClient(clinic, HTTP_X_FORWARDED_HOST="evil.example")
    client.post("/api/auth/password/reset/", {"email": f" {user.email.upper()}"})

    left = run_queue()

    (mail,) = inbox.mails()
    body: Any = mail.get_body(("plain",))
    html: Any = mail.get_body(("html",))
    (link,) = [line for line in body.get_content().splitlines() if line.startswith("http")]
    path = f"http://riverside.{settings.BASE_DOMAIN}/reset-password?token="
    assert (left, mail["Subject"], mail["Delivered-To"]) == ([], "Reset your password", user.email)
    assert mail["From"] == f"Riverside <{settings.DEFAULT_FROM_EMAIL}>"
    assert link.startswith(path)
    assert link in html.get_content()
    assert "until 1:00 pm on Monday 2 March 2026 (London time)" in body.get_content()
    reset_password(token=link.removeprefix(path), password="another horse, another staple", now=now)


def test_no_email_is_sent_to_an_unknown_address(
    clinic: Clinic, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    request_reset(email="nobody@people.example", address="192.0.2.1", now=now)

    assert (run_queue(), inbox.mails()) == ([], [])


def test_a_repeated_job_sends_no_second_link(
    user: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    reset = request_reset(email=user.email, address="192.0.2.1", now=now)
    run_queue()
    sent_at = PasswordReset.objects.get(pk=reset.pk).sent_at

    email_reset_link(reset.pk, now)

    assert (sent_at, len(inbox.mails())) == (now, 1)


def test_an_expired_link_is_not_sent(
    user: User, run_queue: RunQueue, inbox: Inbox, clock: Any, now: datetime
) -> None:
    request_reset(email=user.email, address="192.0.2.1", now=now)
    clock.shift(timedelta(hours=1))

    assert (run_queue(), inbox.mails()) == ([], [])


def test_the_link_is_retried_when_the_mail_server_is_down(
    user: User, run_queue: RunQueue, inbox: Inbox, clock: Any, settings: Any
) -> None:
    request_reset(email=user.email, address="192.0.2.1", now=clock_now())
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    while_down = run_queue()
    settings.EMAIL_PORT = port
    clock.shift(timedelta(minutes=1))

    assert (while_down, run_queue(), len(inbox.mails())) == (["password_reset"], [], 1)
