"""Emails reach addresses with internationalised domains; addresses that cannot be mailed are refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from notifications.models import Message
from scheduling.models import Booking
from tenants.accounts.models import EmailVerification, User
from tenants.base.email_addresses import NotMailable, check_mailable, is_same_address, smtp_address
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import PASSWORD
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]


@pytest.mark.parametrize(
    ("email", "encoded"),
    [
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("A.B+c@BÜCHER.example", "A.B+c@xn--bcher-kva.example"),
        ("a@例え.example", "a@xn--r8jz45g.example"),
        ("a@people.example", "a@people.example"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
    ],
)
def test_the_domain_is_encoded_for_mail_servers(email: str, encoded: str) -> None:
    assert smtp_address(email) == encoded
    assert is_same_address(email, encoded)


@pytest.mark.parametrize(
    "email",
    [
        "jörg@people.example",
        "\u212aim@people.example",
        "a@-ü-.example",
        "a@" + "ü" * 64 + ".example",
        "a",
        "",
    ],
)
def test_an_address_that_cannot_be_encoded_is_not_mailable(email: str) -> None:
    with pytest.raises(NotMailable):
        smtp_address(email)


def test_the_message_says_which_part_of_the_address_is_the_problem() -> None:
    with pytest.raises(ValidationError, match="before the @"):
        check_mailable("jörg@people.example")
    with pytest.raises(ValidationError, match="after the @"):
        check_mailable("a@-ü-.example")


def test_an_email_reaches_an_internationalised_domain(
    booking: Booking, user: User, run_queue: RunQueue, inbox: Inbox
) -> None:
    User.objects.filter(pk=user.pk).update(email="a@bücher.example")

    left = run_queue()

    assert (left, [str(mail["To"]) for mail in inbox.mails()]) == (
        [],
        [f"{user.get_full_name()} <a@xn--bcher-kva.example>"],
    )


def test_a_message_to_an_address_that_cannot_be_mailed_is_parked(
    booking: Booking, user: User, run_queue: RunQueue, inbox: Inbox
) -> None:
    User.objects.filter(pk=user.pk).update(email="jörg@people.example")

    left = run_queue()

    message = Message.objects.get()
    assert (message.status, message.parked_because) == ("PARKED", "bad_address")
    assert set(left) <= {"message_failed"}  # tells staff later
    assert inbox.mails() == []


def test_an_account_email_to_an_address_that_cannot_be_mailed_is_not_retried(
    clinic: Clinic, user: User, run_queue: RunQueue, inbox: Inbox
) -> None:
    User.objects.filter(pk=user.pk).update(email="jörg@people.example")

    ClinicClient(clinic).post("/api/auth/password/reset/", {"email": "jörg@people.example"})

    assert (run_queue(), inbox.mails()) == ([], [])


def test_registering_with_an_internationalised_domain_sends_the_link(
    clinic: Clinic, run_queue: RunQueue, inbox: Inbox
) -> None:
    person = {"email": "a@bücher.example", "password": PASSWORD, "first_name": "A", "last_name": "B"}

    status = ClinicClient(clinic).post("/api/auth/register/", person).status_code
    left = run_queue()

    assert (status, left, len(inbox.mails())) == (201, [], 1)


@pytest.mark.parametrize("email", ["jörg@people.example", "\u212aim@people.example", "a@-ü-.example"])
def test_an_address_that_cannot_be_mailed_is_refused_at_every_input(
    clinic: Clinic,
    user: User,
    admin: User,
    client_for: Callable[..., ClinicClient],
    *,
    email: str,
) -> None:
    person = {"email": email, "password": PASSWORD, "first_name": "A", "last_name": "B"}
    part = "after the @" if email.startswith("a@") else "before the @"

    registered = ClinicClient(clinic).post("/api/auth/register/", person)
    changed = client_for(clinic, user).post("/api/auth/email/change/", {"email": email, "password": PASSWORD})

    for response in (registered, changed):
        assert response.status_code == 400
        assert [part in text for text in response.json()["errors"]["email"]] == [True]
    assert EmailVerification.objects.count() == 0


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("/admin/accounts/invitation/add/", "email"),
        ("/admin/clinics/clinicsettings/1/change/", "email"),
    ],
)
def test_forms_of_the_admin_refuse_it_too(clinic: Clinic, admin: User, page: str, field: str) -> None:
    client = ClinicClient(clinic)
    client.force_login(admin)

    response: Any = client.post(page, {field: "jörg@people.example"}, format="multipart")

    errors = response.context["adminform"].form.errors
    assert "before the @" in str(errors[field])
    assert User.objects.filter(email="jörg@people.example").count() == 0
