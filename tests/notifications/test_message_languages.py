"""Messages are in the language of their recipient, whoever caused them."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import translation

from clinics.models import Patient
from notifications.services.spoken_booking import spoken_booking
from scheduling.account_closure import close_account
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.languages import offering
from tests.factories.people import PASSWORD
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]


def html_of(mail: EmailMessage) -> str:
    """Return the HTML part of an email."""
    part: Any = mail.get_body(("html",))
    return str(part.get_content())


@pytest.mark.parametrize(
    "case",
    [
        ("es", 'lang="es-gb" dir="ltr"', "lunes, 25 de mayo de 2026"),
        ("de", 'lang="de-gb" dir="ltr"', "Montag, 25. Mai 2026"),
        ("ar", 'lang="ar-gb" dir="rtl"', "الاثنين، 25 مايو 2026"),
        ("", 'lang="de-gb" dir="ltr"', "Montag, 25. Mai 2026"),
        ("en", 'lang="de-gb" dir="ltr"', "Montag, 25. Mai 2026"),
    ],
    ids=lambda case: case[0],
)
def test_a_message_is_in_the_language_of_its_recipient_or_the_clinics_default(
    clinic: Clinic, booking: Booking, run_queue: RunQueue, inbox: Inbox, case: tuple[str, str, str]
) -> None:
    language, marked, day = case
    User.objects.filter(patient=booking.patient).update(language=language)

    with offering(clinic, "es", "de", "ar", default="de"), translation.override("en-us"):
        run_queue()

    (mail,) = inbox.mails()
    assert marked in html_of(mail)
    assert day in html_of(mail)
    assert day in str(mail["Subject"])


def test_a_newcomers_first_email_is_in_the_language_of_the_page(
    clinic: Clinic, run_queue: RunQueue, inbox: Inbox
) -> None:
    person = {"email": "mia@people.example", "password": PASSWORD, "first_name": "Mia", "last_name": "Marsh"}
    with offering(clinic, "en", "ar"):
        ClinicClient(clinic).post("/api/auth/register/", person, headers={"Accept-Language": "ar"})
        run_queue()

    (mail,) = inbox.mails()
    assert '<html lang="ar-gb" dir="rtl"' in html_of(mail)
    assert User.objects.get(email="mia@people.example").language == "ar"


def test_the_last_email_to_a_closed_account_is_in_its_language(
    clinic: Clinic, patient: Patient, run_queue: RunQueue, inbox: Inbox
) -> None:
    with offering(clinic, "en", "es"):
        user = User.objects.get(patient=patient)
        User.objects.filter(pk=user.pk).update(language="es")
        close_account(user=user, password=PASSWORD, address="192.0.2.1", now=clock_now())
        run_queue()

    (mail,) = inbox.mails()
    assert '<html lang="es-gb"' in html_of(mail)


def test_staff_and_what_they_say_stay_english(clinic: Clinic, booking: Booking, admin: User) -> None:
    User.objects.filter(patient=booking.patient).update(language="es")

    with offering(clinic, "es", "ar", default="ar"):
        spoken = spoken_booking(booking, now=clock_now())

    assert "Monday 25 May 2026" in spoken.appointment
