"""Emails about a dependant's booking go to the carer who booked."""

from collections.abc import Callable
from datetime import datetime

import pytest
from icalendar import Calendar

from clinics.models import Care, Doctor, Patient
from clinics.services.dependants import remove_carer
from notifications.models import Message
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from tenants.accounts.models import User
from tests.factories.people import make_dependant, make_patient
from tests.factories.schedule import make_slot
from tests.notifications.conftest import SUMMER_EVENING, Inbox

RunQueue = Callable[[], list[str]]
Recipients = Callable[[], list[str]]


@pytest.fixture
def child(patient: Patient) -> Patient:
    """A child with two carers. One of them is the patient."""
    child = make_dependant(patient, first_name="Kit", last_name="Canary")
    Care.objects.create(carer=make_patient(), dependant=child)
    return child


@pytest.fixture
def recipients(run_queue: RunQueue, inbox: Inbox) -> Callable[[], list[str]]:
    """Return a function that runs the queue and returns the recipients of all emails."""

    def collect() -> list[str]:
        assert run_queue() == []
        return sorted(str(mail["Delivered-To"]) for mail in inbox.mails())

    return collect


def book(doctor: Doctor, child: Patient, by: User | None, now: datetime) -> Booking:
    """Book an appointment for the child."""
    assert by is not None
    return book_slot(slot_id=make_slot(doctor, SUMMER_EVENING).pk, patient=child, by=by, now=now)


def addresses_of(*users: User | None) -> list[str]:
    """Return the sorted addresses of these users."""
    return sorted(user.email for user in users if user)


def test_the_carer_who_booked_gets_the_email_and_its_subject_has_no_name(
    doctor: Doctor, child: Patient, recipients: Recipients, inbox: Inbox, now: datetime
) -> None:
    patient = child.cared_for_by.earliest("created_at", "id").carer
    book(doctor, child, patient.user, now)

    assert recipients() == addresses_of(patient.user)

    (mail,) = inbox.mails()
    text = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert patient.user is not None
    assert mail["To"] == f"{patient.full_name} <{patient.user.email}>"
    assert mail["Subject"] == "Appointment booked: Monday 25 May 2026, 6:30 pm (London time)"
    assert f"Hello {patient.first_name}," in text.get_content()
    assert "For: Kit Canary" in text.get_content()
    assert "<bdi>Kit Canary</bdi>" in html.get_content()
    (attached,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(attached.get_content()).walk("VEVENT")
    assert event["ATTENDEE"] == f"mailto:{patient.user.email}"
    assert event["SUMMARY"] == "Kit: appointment at Riverside"
    assert b"Canary" not in event.to_ical()


def test_an_email_about_ones_own_booking_names_nobody_else(
    doctor: Doctor, patient: Patient, recipients: Recipients, inbox: Inbox, now: datetime
) -> None:
    book(doctor, patient, patient.user, now)
    recipients()

    assert "For:" not in inbox.mails()[0].as_string()


def test_a_booking_by_the_clinic_for_a_child_is_sent_to_all_carers(
    doctor: Doctor, admin: User, child: Patient, recipients: Recipients, now: datetime
) -> None:
    book(doctor, child, admin, now)
    assert recipients() == addresses_of(*(care.carer.user for care in Care.objects.all()))


def test_if_the_carer_who_booked_was_removed_the_other_carer_gets_the_email(
    doctor: Doctor, admin: User, child: Patient, recipients: Recipients, now: datetime
) -> None:
    patient = child.cared_for_by.earliest("created_at", "id").carer
    assert patient.user is not None
    booking = book(doctor, child, patient.user, now)
    remove_carer(dependant=child, by=patient.user)

    cancel_booking(booking=booking, by=admin, now=now)

    assert recipients() == addresses_of(Care.objects.get().carer.user)
    assert Message.objects.filter(event__kind="cancelled").count() == 1


def test_a_patient_with_an_account_gets_the_email_instead_of_the_carer(
    doctor: Doctor, admin: User, patient: Patient, recipients: Recipients, now: datetime
) -> None:
    father = make_patient()
    Care.objects.create(carer=patient, dependant=father)

    book(doctor, father, admin, now)
    assert recipients() == addresses_of(father.user)
