"""The emails about a new email address: to the new one, and to the old one."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tenants.accounts.email_change.services import confirm_email_change, request_email_change
from tenants.accounts.models import User
from tests.factories.people import PASSWORD, make_patient, user_of
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]
NEW = "new@people.example"


@pytest.fixture
def user(clinic: object, now: datetime) -> User:
    """An account with a confirmed address and an unmistakable name."""
    account = user_of(make_patient(first_name="Evilname", last_name="Clickhere"))
    User.objects.filter(pk=account.pk).update(email_verified_at=now)
    account.refresh_from_db()
    return account


def request(user: User, now: datetime) -> None:
    """Request a change to the new address."""
    request_email_change(user=user, email=NEW, password=PASSWORD, address="192.0.2.1", now=now)


def texts(mail: Any) -> list[str]:
    """Return the subject, the text part and the HTML part."""
    return [mail["Subject"], *(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))]


def test_the_new_address_gets_a_link_that_works_and_nothing_that_somebody_typed(
    user: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    request(user, now)
    assert run_queue() == []

    (mail,) = [mail for mail in inbox.mails() if mail["To"] == NEW]
    subject, plain, html = texts(mail)
    link = re.search(r"http://riverside\.\S+/confirm-email\?token=(\S+)", plain)
    assert link is not None
    assert (subject, link[0] in html) == ("Confirm your new email address", True)
    assert [name for name in ("Evilname", "Clickhere", user.email) if name in subject + plain + html] == []
    confirm_email_change(token=link[1], signed_in=user, address="", now=now)
    assert User.objects.get(pk=user.pk).email == NEW


def test_the_old_address_hears_of_request_and_change_and_how_to_react(
    user: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    request(user, now)
    run_queue()
    (mail,) = [mail for mail in inbox.mails() if mail["To"] == NEW]
    token = re.search(r"token=(\S+)", texts(mail)[1])
    assert token is not None

    confirm_email_change(token=token[1], signed_in=user, address="", now=now)
    run_queue()

    asked, changed = [texts(mail) for mail in inbox.mails() if user.email in mail["To"]]
    assert (asked[0], changed[0]) == (
        "A new email address for your account",
        "Your email address was changed",
    )
    assert "/forgot-password" in asked[1]
    assert "/forgot-password" in asked[2]
    assert "contact the clinic" in changed[1]
    assert NEW not in asked[1] + changed[1]


def test_the_owner_of_a_known_address_gets_a_notice_without_a_link(
    user: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    owner = user_of(make_patient(email=NEW))
    User.objects.filter(pk=owner.pk).update(email_verified_at=now)

    request(user, now)
    run_queue()

    (mail,) = [mail for mail in inbox.mails() if mail["To"] == NEW]
    subject, plain, html = texts(mail)
    assert subject == "Someone tried to use your email address"
    assert "token=" not in plain + html
    assert "Evilname" not in plain + html
