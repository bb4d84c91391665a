"""A user sees the new email address that waits for its confirmation, gets the link again, or cancels it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from tenants.accounts.email_change.services import (
    cancel_email_change,
    change_of,
    change_token,
    confirm_email_change,
    request_email_change,
    resend_change_link,
)
from tenants.accounts.errors import LinkInvalid, NoEmailChange, TooManyAttempts
from tenants.accounts.models import AuditEntry, EmailChange, User
from tenants.accounts.passwords.services import change_password
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD
from tests.factories.queue import queued_job_kinds

PATH, NEW, ADDRESS = "/api/auth/email/change/", "new@people.example", "192.0.2.1"


@pytest.fixture
def change(user: User, now: datetime) -> EmailChange:
    """A new address that waits for its confirmation."""
    return request_email_change(user=user, email=NEW, password=PASSWORD, address=ADDRESS, now=now)


def test_the_pending_address_is_shown_until_the_link_expires(
    clinic: Clinic, user: User, client_for: Callable[..., ClinicClient], change: EmailChange, now: datetime
) -> None:
    shown: list[Any] = []
    for moment in (now, change.expires_at - timedelta(seconds=1), change.expires_at):
        with time_machine.travel(moment, tick=False):
            shown.append(data_of(client_for(clinic, user).get(PATH)))

    assert [pending and pending["email"] for pending in shown] == [NEW, NEW, None]
    assert shown[0]["expires_local"] == {"local_date": "2026-03-05", "local_time": "12:00"}
    assert (shown[0]["expires_at"], shown[0]["tz_label"]) == ("2026-03-05T12:00:00Z", "London time")


def test_a_link_that_is_sent_again_replaces_the_earlier_one(
    user: User, change: EmailChange, now: datetime
) -> None:
    later = now + timedelta(days=2)

    again = resend_change_link(user=user, address=ADDRESS, now=later)

    assert (again.email, again.expires_at) == (NEW, later + timedelta(days=3))
    # The notice to the old address as well, so that sending again at once does not prevent it.
    assert queued_job_kinds() == ["email_change", "email_change_requested"] * 2
    with pytest.raises(LinkInvalid):
        confirm_email_change(token=change_token(change), signed_in=user, address=ADDRESS, now=later)
    confirm_email_change(token=change_token(again), signed_in=user, address=ADDRESS, now=later)
    assert User.objects.get(pk=user.pk).email == NEW


def test_the_links_that_are_sent_again_count_towards_the_limit(
    user: User, change: EmailChange, now: datetime
) -> None:
    def resend_often() -> None:
        for _time in range(20):
            resend_change_link(user=user, address=ADDRESS, now=now)

    with pytest.raises(TooManyAttempts):
        resend_often()

    assert change_of(user=user, now=now) is not None


def test_a_cancelled_change_cannot_be_confirmed_and_is_in_the_audit_log_once(
    clinic: Clinic, user: User, client_for: Callable[..., ClinicClient], change: EmailChange, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        client = client_for(clinic, user)
        answers = [client.delete(PATH).status_code, client.delete(PATH).status_code]
        again = client.post(f"{PATH}resend/")

    assert (answers, again.status_code, again.json()["code"]) == ([200, 200], 409, "no_email_change")
    with pytest.raises(LinkInvalid):
        confirm_email_change(token=change_token(change), signed_in=user, address=ADDRESS, now=now)
    assert AuditEntry.objects.filter(what="address_change_cancelled").count() == 1


def test_after_a_new_password_no_change_is_pending(user: User, change: EmailChange, now: datetime) -> None:
    change_password(
        user=user,
        current_password=PASSWORD,
        new_password="another horse, another staple",
        address=ADDRESS,
        now=now,
    )
    user.refresh_from_db()

    assert change_of(user=user, now=now) is None
    with pytest.raises(NoEmailChange):
        resend_change_link(user=user, address=ADDRESS, now=now)


def test_nobody_cancels_the_change_of_another_account(
    user: User, admin: User, change: EmailChange, now: datetime
) -> None:
    cancel_email_change(user=admin)

    assert change_of(user=user, now=now) == change
