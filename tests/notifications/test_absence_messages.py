"""Absences: whom messages reach, what the email says, and the notice about an unreadable calendar."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from clinics.models import Doctor, Patient
from notifications.tasks import email_calendar_failing
from scheduling.models import Booking, BookingEvent, OutsideCalendar
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.conftest import Inbox

URL = "/api/portal/absences/"
ClientFor = Callable[..., ClinicClient]


def test_people_whom_no_message_reaches_are_listed_with_their_number(
    clinic: Any, client_for: ClientFor, doctor: Doctor, patient: Patient
) -> None:
    now = clock_now()
    start = now + timedelta(days=2)
    User.objects.filter(pk=user_of(patient).pk).update(email_verified_at=now)
    bounced = make_patient(phone="+442079460999")
    User.objects.filter(pk=user_of(bounced).pk).update(email_verified_at=now, email_undeliverable_at=now)
    bookings = [
        make_booking(make_slot(doctor, start + index * timedelta(hours=1)), who, now=now)
        for index, who in enumerate([patient, bounced])
    ]
    client = client_for(clinic, make_receptionist())

    found = data_of(client.post(f"{URL}reach/", {"bookings": [str(booking.pk) for booking in bookings]}))

    assert (found["reached"], found["not_reached"]) == (1, 1)
    assert [(row["channels"], row["phone_display"]) for row in found["people"]] == [
        (["email"], ""), ([], "020 7946 0999"),
    ]  # fmt: skip


def test_the_preview_is_the_email_with_the_reason_and_changes_nothing(
    clinic: Any, client_for: ClientFor, doctor: Doctor, patient: Patient
) -> None:
    now = clock_now()
    booking = make_booking(make_slot(doctor, now + timedelta(days=2)), patient, now=now)
    client = client_for(clinic, make_receptionist())

    body = {"booking": str(booking.pk), "reason": "The doctor is away today."}
    email = data_of(client.post(f"{URL}email/", body))

    assert email["subject"].startswith("Appointment cancelled: ")
    assert "The doctor is away today." in email["text"]
    assert Booking.objects.get(pk=booking.pk).status == "CONFIRMED"
    assert not BookingEvent.objects.filter(kind="cancelled").exists()


def test_a_doctor_is_told_of_a_calendar_that_cannot_be_read(
    inbox: Inbox, doctor: Doctor, now: datetime
) -> None:
    calendar = OutsideCalendar.objects.create(
        doctor=doctor, kind="ics", name="Chemotherapy", host="calendar.example", stored_address="x"
    )
    email_calendar_failing(calendar.pk, now)
    assert inbox.mails() == []

    OutsideCalendar.objects.update(failing_since=now)
    email_calendar_failing(calendar.pk, now)

    (mail,) = inbox.mails()
    assert mail["Subject"] == "One of your calendars cannot be read"
    text = mail.get_body(("plain",)).get_content()
    assert "calendar.example" in text
    assert "/portal/outside-calendars" in text
    assert "Chemotherapy" not in str(mail)
