"""The email that invites a member of staff."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings

from clinics.services.staff import accept_staff_invitation, invite_staff
from notifications.tasks import email_invitation
from tenants.accounts.invitations.services import resend_invitation, withdraw_invitation
from tenants.accounts.models import Invitation, User
from tenants.models import Clinic
from tests.factories.people import PASSWORD
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]


def make_invitation(admin: User, now: datetime) -> Invitation:
    """An invitation for a receptionist."""
    return invite_staff(
        email="noa@staff.example",
        first_name="Noa",
        last_name="New",
        role=User.Role.RECEPTIONIST,
        by=admin,
        now=now,
    )


def test_the_link_uses_the_clinics_primary_domain_and_works(
    clinic: Clinic, admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    make_invitation(admin, now)

    left = run_queue()

    (mail,) = inbox.mails()
    body: Any = mail.get_body(("plain",))
    html: Any = mail.get_body(("html",))
    (link,) = [line for line in body.get_content().splitlines() if line.startswith("http")]
    path = f"http://riverside.{settings.BASE_DOMAIN}/invitation?token="
    assert (left, mail["Subject"], mail["To"]) == (
        [],
        "Join the staff of Riverside",
        "noa@staff.example",
    )
    assert link.startswith(path)
    assert link in html.get_content()
    assert "You have been invited to join the staff of Riverside" in body.get_content()
    assert "Your role: receptionist." in body.get_content()
    assert "until 12:00 pm on Monday 9 March 2026 (London time)" in body.get_content()
    assert (
        accept_staff_invitation(token=link.removeprefix(path), password=PASSWORD, now=now).role
        == "receptionist"
    )


def test_an_invitation_by_an_operator_leads_to_the_clinics_host(
    clinic: Clinic, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    invite_staff(email="noa@staff.example", first_name="Noa", last_name="New", role="admin", by=None, now=now)

    run_queue()

    (mail,) = inbox.mails()
    body: Any = mail.get_body(("plain",))
    assert f"http://riverside.{settings.BASE_DOMAIN}/invitation?token=" in body.get_content()


def test_a_withdrawn_invitation_is_not_sent(
    admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    withdraw_invitation(invitation=make_invitation(admin, now), by=admin, now=now)

    assert (run_queue(), inbox.mails()) == ([], [])


def test_a_repeated_job_sends_no_second_email(
    admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    invitation = make_invitation(admin, now)
    run_queue()

    email_invitation(invitation.pk, now)

    assert len(inbox.mails()) == 1


def test_an_invitation_sent_again_has_another_message_id(
    admin: User, run_queue: RunQueue, inbox: Inbox, clock: Any, now: datetime
) -> None:
    invitation = make_invitation(admin, now)
    run_queue()
    clock.shift(60)
    resend_invitation(invitation=invitation, by=admin, now=now.replace(minute=1))
    run_queue()

    first, second = inbox.mails()
    assert first["Message-ID"] != second["Message-ID"]
