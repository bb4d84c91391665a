"""Emails to addresses that nobody has confirmed, and to owners of addresses that others register with."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from notifications.models import Message
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from tenants.accounts.invitations.services import create_invitation
from tenants.accounts.models import User
from tenants.accounts.passwords.services import request_reset
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_dependant, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]
TYPED = "URGENT see http://evil.example"
EMAIL = "victim@people.example"


def register(clinic: Clinic, **fields: Any) -> ClinicClient:
    """Register, and return a client that is signed in."""
    person = {"email": EMAIL, "password": PASSWORD, "first_name": TYPED, "last_name": TYPED, **fields}
    session = data_of(ClinicClient(clinic).post("/api/auth/register/", person))
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    return client


def newest_patient() -> Patient:
    """Return the patient who registered last."""
    return Patient.objects.select_related("user").latest("created_at")


def text_of(mail: Any) -> str:
    """Return headers and all parts of an email as text."""
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    decoded = [part.decode() if isinstance(part, bytes) else part for part in parts]
    return "\n".join([*map(str, mail.values()), *decoded])


def test_emails_to_an_unconfirmed_address_contain_nothing_that_somebody_typed(
    clinic: Clinic,
    doctor: Doctor,
    admin: User,
    run_queue: RunQueue,
    inbox: Inbox,
    *,
    now: datetime,
    settings: Any,
) -> None:
    settings.TRY_LIMITS = settings.TRY_LIMITS | {"unconfirmed mail by mailbox": (50, timedelta(days=1))}
    register(clinic)
    patient = newest_patient()
    assert patient.user is not None
    booking = make_booking(make_slot(doctor, now + timedelta(days=2)), patient, now=now, reason=TYPED)
    dependant = make_dependant(patient, first_name=TYPED)
    slot = make_slot(doctor, now + timedelta(days=3))
    book_slot(slot_id=slot.pk, patient=dependant, by=patient.user, now=now)
    run_queue()
    cancel_booking(booking=booking, by=admin, reason=TYPED, now=now)
    request_reset(email=EMAIL, address="", now=now)
    invited = {"email": "new@people.example", "first_name": TYPED, "last_name": TYPED, "role": "admin"}
    create_invitation(**invited, by=admin, now=now)
    run_queue()

    mails = inbox.mails()
    subjects = sorted(mail["Subject"].partition(":")[0] for mail in mails)
    assert subjects == [
        "Appointment booked", "Appointment booked", "Appointment cancelled", "Confirm your email address",
        "Join the staff of Riverside", "Reset your password",
    ]  # fmt: skip
    assert [mail["Subject"] for mail in mails if re.search("evil.example|URGENT", text_of(mail))] == []
    assert all("Hello," in text_of(mail) for mail in mails)


def test_only_three_emails_a_day_go_to_an_unconfirmed_address_besides_confirmation_links(
    clinic: Clinic,
    doctor: Doctor,
    admin: User,
    run_queue: RunQueue,
    inbox: Inbox,
    *,
    now: datetime,
    clock: Any,
) -> None:
    client = register(clinic)
    for hour in range(1, 3):
        slot = make_slot(doctor, now + timedelta(days=5, hours=hour))
        booking = make_booking(slot, newest_patient(), now=now)
        run_queue()
        cancel_booking(booking=booking, by=admin, now=now)
        run_queue()
    clock.shift(timedelta(minutes=1))
    client.post("/api/auth/email/verify/request/")
    run_queue()

    subjects = [mail["Subject"].partition(":")[0] for mail in inbox.mails()]
    assert subjects.count("Confirm your email address") == 2
    assert len(subjects) == 5
    assert Message.objects.filter(dropped_because=Message.NotSent.UNCONFIRMED).count() == 1


def test_many_registrations_with_one_address_send_few_emails_to_it(
    clinic: Clinic, run_queue: RunQueue, inbox: Inbox
) -> None:
    for _registration in range(12):
        register(clinic)
    run_queue()

    assert [mail["Subject"] for mail in inbox.mails()] == ["Confirm your email address"] * 5


def test_the_owner_of_a_known_address_is_told_once_a_day_with_a_link_to_sign_in(
    clinic: Clinic, run_queue: RunQueue, inbox: Inbox, clock: Any
) -> None:
    make_patient(email=EMAIL)
    for _registration in range(3):
        register(clinic)
    run_queue()
    (mail,) = inbox.mails()
    clock.shift(timedelta(days=1, seconds=1))
    register(clinic)
    run_queue()

    text = text_of(mail)
    assert mail["Subject"] == "Someone tried to register with your email address"
    assert ("/sign-in" in text, "verify-email" in text, "evil.example" in text) == (True, False, False)
    assert len(inbox.mails()) == 2


def test_a_booking_of_a_second_account_sends_the_owner_no_link_that_confirms(
    clinic: Clinic, doctor: Doctor, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    make_patient(email=EMAIL)
    register(clinic)
    make_booking(make_slot(doctor, now + timedelta(days=2)), newest_patient(), now=now)
    run_queue()

    assert [mail["Subject"] for mail in inbox.mails() if "verify-email" in text_of(mail)] == []


def test_an_account_cannot_read_from_its_data_whether_the_address_is_known(
    clinic: Clinic, doctor: Doctor, run_queue: RunQueue, now: datetime
) -> None:
    make_patient(email=EMAIL)
    exports = []
    for number, email in enumerate((EMAIL, "new@people.example")):
        clients = [register(clinic, email=email) for _registration in range(3)]
        slot = make_slot(doctor, now + timedelta(days=2, hours=number))
        make_booking(slot, newest_patient(), now=now)
        run_queue()
        data = data_of(clients[-1].get("/api/users/me/export/"))
        states = [(row["sent_at"], row.get("not_sent_because")) for row in data["messages"]]
        links = [row["sent_at"] for row in data["email_verifications"]]
        exports.append((states, links, data["password_resets"]))

    assert exports[0] == exports[1]


@pytest.mark.parametrize("is_known", [False, True])
def test_closing_an_unconfirmed_account_sends_nothing_to_its_address(
    clinic: Clinic, run_queue: RunQueue, inbox: Inbox, is_known: bool
) -> None:
    if is_known:
        make_patient(email=EMAIL)
    client = register(clinic)
    run_queue()
    before = len(inbox.mails())

    answer = client.post("/api/users/me/close/", {"password": PASSWORD})
    run_queue()

    assert (answer.status_code, len(inbox.mails()) - before) == (200, 0)
