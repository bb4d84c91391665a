"""Emails to an address that refuses them are held, and sent once the address is corrected or confirmed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Patient
from notifications.models import Message
from scheduling.models import Booking
from tenants.accounts.email_change.services import change_token, confirm_email_change, request_email_change
from tenants.accounts.email_verification.services import (
    confirm_email_address,
    send_verification,
    verification_to_send,
)
from tenants.accounts.models import User
from tenants.accounts.undeliverable import hold_emails
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]


def hold(user: User, problem: str, now: datetime) -> None:
    """Record that emails to the user are returned or reported as spam."""
    hold_emails(users=[user], problem=problem, happened_at=now)


@pytest.mark.parametrize(("problem", "parked"), [("bounced", "undeliverable"), ("complaint", "complaint")])
def test_a_message_to_an_address_that_refuses_emails_is_parked(
    booking: Booking,
    user: User,
    run_queue: RunQueue,
    inbox: Inbox,
    *,
    now: datetime,
    problem: str,
    parked: str,
) -> None:
    hold(user, problem, now)

    assert set(run_queue()) <= {"message_failed"}  # tells staff later

    message = Message.objects.get()
    assert (message.status, message.parked_because, inbox.mails()) == ("PARKED", parked, [])


def test_held_messages_are_sent_after_the_address_was_changed(
    booking: Booking, user: User, run_queue: RunQueue, inbox: Inbox, *, clock: Any, now: datetime
) -> None:
    hold(user, "bounced", now)
    run_queue()
    clock.shift(timedelta(minutes=5))
    later = now + timedelta(minutes=5)
    change = request_email_change(
        user=user, email="new@people.example", password=PASSWORD, address="", now=later
    )

    confirm_email_change(token=change_token(change), password=PASSWORD, address="", now=later)
    run_queue()

    assert Message.objects.get().status == "SENT"
    sent = [mail["To"] for mail in inbox.mails() if mail["Subject"].startswith("Appointment")]
    assert [str(address).partition("<")[2] for address in sent] == ["new@people.example>"]


def test_held_messages_that_are_outdated_are_dropped_when_they_are_released(
    booking: Booking, user: User, run_queue: RunQueue, inbox: Inbox, *, clock: Any, now: datetime
) -> None:
    hold(user, "bounced", now)
    run_queue()
    clock.move_to(booking.starts_at + timedelta(minutes=1))
    change = request_email_change(
        user=user, email="new@people.example", password=PASSWORD, address="", now=clock_time(booking)
    )

    confirm_email_change(token=change_token(change), password=PASSWORD, address="", now=clock_time(booking))
    run_queue()

    assert Message.objects.get().dropped_because == "too_late"


def clock_time(booking: Booking) -> datetime:
    """A minute after the start."""
    return booking.starts_at + timedelta(minutes=1)


def test_confirming_an_address_for_the_first_time_releases_messages(
    booking: Booking, user: User, run_queue: RunQueue, now: datetime
) -> None:
    User.objects.filter(pk=user.pk).update(email_verified_at=None)
    user.refresh_from_db()
    hold(user, "bounced", now)

    confirm_email_address(user=user, now=now)

    user.refresh_from_db()
    assert (user.email_undeliverable_at, user.email_problem) == (None, "")


def test_an_admin_who_corrects_the_address_releases_messages(
    booking: Booking, user: User, admin: User, run_queue: RunQueue, *, now: datetime, clinic: Clinic
) -> None:
    hold(user, "bounced", now)
    run_queue()
    client = ClinicClient(clinic)
    client.force_login(admin)
    page = f"/admin/accounts/user/{user.pk}/change/"
    form = {"email": "right@people.example", "first_name": "Pat", "last_name": "P", "role": "patient"}

    status = client.post(page, {**form, "is_active": "on"}, format="multipart").status_code

    user.refresh_from_db()
    assert (status, user.email, user.email_problem) == (302, "right@people.example", "")


def test_an_admin_can_send_emails_again(
    booking: Booking, user: User, admin: User, run_queue: RunQueue, *, now: datetime, clinic: Clinic
) -> None:
    hold(user, "complaint", now)
    run_queue()
    client = ClinicClient(clinic)
    client.force_login(admin)
    action = {"action": "send_emails_again", "_selected_action": str(user.pk)}

    client.post("/admin/accounts/user/", action, format="multipart")
    run_queue()

    assert Message.objects.get().status == "SENT"


def test_the_profile_tells_that_emails_are_held_and_the_patient_can_resume_them(
    booking: Booking,
    user: User,
    run_queue: RunQueue,
    client_for: Callable[..., ClinicClient],
    *,
    clinic: Clinic,
    now: datetime,
) -> None:
    client = client_for(clinic, user)
    before = data_of(client.get("/api/auth/profile/"))["email_problem"]
    refused = client.post("/api/auth/email/resume/")
    hold(user, "bounced", now)
    run_queue()

    held = data_of(client.get("/api/auth/profile/"))["email_problem"]
    resumed = client.post("/api/auth/email/resume/")
    run_queue()

    assert (before, held, resumed.status_code) == ("", "bounced", 200)
    assert (refused.status_code, refused.json()["code"]) == (409, "address_works")
    assert Message.objects.get().status == "SENT"


def test_an_address_that_nobody_has_confirmed_cannot_be_resumed(
    user: User, client_for: Callable[..., ClinicClient], clinic: Clinic, now: datetime
) -> None:
    User.objects.filter(pk=user.pk).update(email_verified_at=None)
    client = client_for(clinic, user)
    hold(user, "complaint", now)

    response = client.post("/api/auth/email/resume/")

    assert (response.status_code, response.json()["code"]) == (409, "address_not_confirmed")


def test_no_confirmation_link_goes_to_somebody_who_complained(user: User, now: datetime) -> None:
    User.objects.filter(pk=user.pk).update(email_verified_at=None)
    user.refresh_from_db()
    verification = send_verification(user=user, now=now)
    hold(user, "complaint", now)

    assert verification_to_send(verification_id=verification.pk, now=now) is None


def test_the_message_carries_the_ids_for_reports(
    booking: Booking, patient: Patient, run_queue: RunQueue, inbox: Inbox, *, settings: Any, clinic: Clinic
) -> None:
    settings.EMAIL_REPORTS_FROM = "postmark"

    run_queue()

    mail, message = inbox.mails()[0], Message.objects.get()
    assert mail["X-PM-Metadata-clinic"] == str(clinic.pk)
    assert mail["X-PM-Metadata-message"] == str(message.pk)
