"""Emails about a booking, as the patient receives them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid5

import pytest
from django.conf import settings
from icalendar import Calendar

from clinics.models import ClinicSettings, Doctor, Patient
from notifications.models import Message
from notifications.rendering import email_of
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.current import current_clinic, enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_admin, make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]


def part(mail: EmailMessage, kind: str) -> str:
    """Return the content of the email's only part of that type."""
    (only,) = [found for found in mail.walk() if found.get_content_type() == kind]
    content = only.get_content()
    return content if isinstance(content, str) else content.decode()


def invitation(mail: EmailMessage) -> tuple[Any, Any]:
    """Return the attached calendar and its only event."""
    calendar: Any = Calendar.from_ical(part(mail, "text/calendar"))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


@pytest.fixture
def mail(booking: Booking, run_queue: RunQueue, inbox: Inbox) -> EmailMessage:
    """The confirmation of `booking`, from a clinic with a brand colour and an address."""
    ClinicSettings.objects.update(
        primary_color="#7a1f5c",
        phone="020 7946 0000",
        email="desk@riverside.example",
        address="1 High St\nLondon",
    )
    assert run_queue() == []
    (only,) = inbox.mails()
    return only


def test_a_confirmation_is_addressed_from_the_clinic_to_the_patient(
    mail: EmailMessage, patient: Patient
) -> None:
    assert patient.user is not None
    assert mail["Delivered-To"] == patient.user.email
    assert mail["To"] == f"{patient.full_name} <{patient.user.email}>"
    assert mail["From"] == f"Riverside <{settings.DEFAULT_FROM_EMAIL}>"
    assert mail["Reply-To"] == "desk@riverside.example"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_the_subject_has_the_time_in_the_clinics_zone_and_no_patient_data(mail: EmailMessage) -> None:
    assert mail["Subject"] == "Appointment booked: Monday 25 May 2026, 6:30 pm (London time)"


def test_both_parts_have_time_doctor_and_link_but_not_the_reason(
    mail: EmailMessage, booking: Booking, doctor: Doctor
) -> None:
    url = f"http://riverside.{settings.BASE_DOMAIN}/appointments/{booking.pk}"
    text, html = part(mail, "text/plain"), part(mail, "text/html")

    for expected in (
        "Monday 25 May 2026",
        "6:30 pm to 7:00 pm",
        "London time",
        doctor.display_name,
        url,
        "020 7946 0000",
    ):
        assert expected in text
        assert expected in html
    assert "cough" not in mail.as_string().lower()
    assert "background-color:#7a1f5c;color:#ffffff" in html


def test_the_calendar_file_has_the_right_times(
    mail: EmailMessage, booking: Booking, patient: Patient
) -> None:
    calendar, event = invitation(mail)

    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (booking.starts_at, booking.ends_at)
    assert event["DTSTART"].to_ical() == b"20260525T173000Z"
    assert "London time" in event["DESCRIPTION"]
    assert (event["UID"], event["SEQUENCE"]) == (
        f"{uuid5(current_clinic().pk, str(booking.pk))}@{settings.BASE_DOMAIN}",
        0,
    )
    assert (event["STATUS"], event["SUMMARY"]) == ("CONFIRMED", "Appointment at Riverside")
    assert event["LOCATION"] == "Riverside, 1 High St, London"
    assert patient.user is not None
    assert event["ATTENDEE"] == f"mailto:{patient.user.email}"
    assert event["ORGANIZER"] == "mailto:desk@riverside.example"


def test_the_calendar_file_is_an_alternative_of_the_text_and_a_file(mail: EmailMessage) -> None:
    """Outlook, Apple Mail, Thunderbird and Gmail show the alternative as an invitation."""
    mixed = [part.get_content_type() for part in mail.iter_parts()]
    body, file = mail.iter_parts()

    alternatives = list(body.iter_parts())

    assert mail.get_content_type() == "multipart/mixed"
    assert mixed == ["multipart/alternative", "application/ics"]
    assert [part.get_content_type() for part in alternatives] == ["text/plain", "text/html", "text/calendar"]
    assert alternatives[2].get_param("method") == "REQUEST"
    assert file.get_filename() == "appointment.ics"
    assert file.get_content() == alternatives[2].get_content().encode()


@pytest.mark.parametrize("backend", ["anymail.backends.postmark.EmailBackend"])
def test_a_service_without_other_alternatives_gets_the_calendar_file_as_an_attachment(
    booking: Booking, run_queue: RunQueue, settings: Any, backend: str
) -> None:
    run_queue()
    settings.EMAIL_BACKEND = backend

    email = email_of(Message.objects.get())

    assert [kind for _content, kind in email.alternatives] == ["text/html"]
    (attached,) = email.attachments
    assert attached["Content-Type"] == 'text/calendar; method="REQUEST"; charset="utf-8"'


def test_the_message_id_is_derived_from_the_message(mail: EmailMessage) -> None:
    message = Message.objects.get()

    assert mail["Message-ID"] == f"<{uuid5(current_clinic().pk, str(message.pk))}@{settings.BASE_DOMAIN}>"
    assert message.sent_at is not None


def test_a_cancellation_cancels_the_calendar_event_and_gives_the_clinics_reason(
    booking: Booking, admin: User, run_queue: RunQueue, inbox: Inbox, clock: Any
) -> None:
    run_queue()
    clock.shift(timedelta(hours=1))
    cancel_booking(
        booking=booking, by=admin, reason="The doctor is ill", now=booking.created_at + timedelta(hours=1)
    )

    assert run_queue() == []

    confirmation, cancellation = inbox.mails()
    calendar, event = invitation(cancellation)
    _, before = invitation(confirmation)
    assert cancellation["Subject"] == "Appointment cancelled: Monday 25 May 2026, 6:30 pm (London time)"
    assert "The doctor is ill" in part(cancellation, "text/plain")
    assert (calendar["METHOD"], event["STATUS"], event["UID"]) == ("CANCEL", "CANCELLED", before["UID"])
    assert (before["SEQUENCE"], event["SEQUENCE"]) == (0, 1)
    assert event["DTSTART"].dt == booking.starts_at


def test_a_patients_own_reason_for_cancelling_is_not_sent_back(
    booking: Booking, patient: Patient, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    assert patient.user is not None
    cancel_booking(booking=booking, by=patient.user, reason="Private worry", now=now)

    run_queue()

    (cancellation,) = inbox.mails()
    assert "worry" not in cancellation.as_string()


def test_each_clinic_sends_its_own_emails_in_its_own_locale(
    booking: Booking, other_clinic: Clinic, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    with enter_clinic(other_clinic):
        hudson_booking = make_booking(make_slot(make_doctor(), booking.starts_at), make_patient(), now=now)

    run_queue()

    mails = {mail["From"].split(" ")[0]: mail for mail in inbox.mails()}
    assert mails.keys() == {"Riverside", "Hudson"}
    assert mails["Hudson"]["Subject"] == "Appointment booked: Monday, May 25, 2026, 1:30 pm (New York time)"
    assert f"hudson.{settings.BASE_DOMAIN}/appointments/{hudson_booking.pk}" in part(
        mails["Hudson"], "text/plain"
    )
    assert "Riverside" not in mails["Hudson"].as_string()
    assert "Hudson" not in mails["Riverside"].as_string()


@pytest.mark.parametrize(
    "name",
    [
        "Eve\r\nBcc: all@evil.example",
        "Eve\u2028\x0b\x1b[31m",
        '"Eve" <eve@evil.example>, b@evil.example',
        "<script>alert(1)</script>",
        "Zoë 李 \U0001f600",
        'a\\"; CN="b:c;d,e^n',
    ],
)
def test_names_are_escaped_in_headers_and_html(
    doctor: Doctor, run_queue: RunQueue, inbox: Inbox, now: datetime, name: str
) -> None:
    patient = make_patient(first_name=name, last_name="X")
    booking = make_booking(make_slot(doctor, now + timedelta(hours=1)), patient, now=now)

    assert run_queue() == []

    (mail,) = inbox.mails()
    _, event = invitation(mail)
    assert patient.user is not None
    assert (mail.get_all("Delivered-To"), mail["Bcc"]) == ([patient.user.email], None)
    assert [address.addr_spec for address in mail["To"].addresses] == [patient.user.email]
    assert "<script>" not in part(mail, "text/html")
    assert (event["ATTENDEE"], event["DTSTART"].dt) == (f"mailto:{patient.user.email}", booking.starts_at)
    assert {"ATTENDEE", "UID", "ORGANIZER"} <= set(event)


def test_only_patient_carers_and_staff_can_download_the_calendar_file(
    clinic: Clinic, booking: Booking, patient: Patient, client_for: Callable[..., ClinicClient]
) -> None:
    url = f"/api/appointments/bookings/{booking.pk}/calendar.ics"

    def download(user: User | None) -> Any:
        return client_for(clinic, user).get(url)

    own = download(patient.user)
    others = [
        download(user).status_code for user in (booking.doctor.user, make_admin(), make_patient().user, None)
    ]

    calendar: Any = Calendar.from_ical(own.content)
    (event,) = calendar.walk("VEVENT")
    assert (own.status_code, others) == (200, [200, 200, 404, 401])
    assert own["Content-Type"] == "text/calendar; charset=utf-8"
    assert own["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert (calendar["METHOD"], event["DTSTART"].dt) == ("PUBLISH", booking.starts_at)
    assert b"cough" not in own.content
    with_accept_header = client_for(clinic, patient.user).get(url, headers={"Accept": "text/calendar"})
    assert (with_accept_header.status_code, with_accept_header.content) == (200, own.content)

    cancel_booking(booking=booking, by=make_admin(), now=booking.created_at)
    assert b"METHOD:CANCEL" in download(patient.user).content
