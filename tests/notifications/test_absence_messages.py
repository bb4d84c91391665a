"""Absences: whom messages reach, what the email says, and the notice about an unreadable calendar."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from clinics.models import ClinicSettings, Doctor, Patient
from notifications.models import Message
from notifications.sms_text import sms_text
from notifications.tasks import email_calendar_failing
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.write_to_patients import write_to_patients
from scheduling.models import Booking, BookingEvent, OutsideCalendar
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient, make_receptionist, user_of
from tests.factories.queue import run_due_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.sms_provider import SmsProvider
from tests.notifications.conftest import Inbox
from tests.notifications.sms_fixtures import make_texted_patient, provider, use_twilio

__all__ = ["provider"]

URL = "/api/portal/absences/"
ClientFor = Callable[..., ClinicClient]


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of an email."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


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
        (["email"], ""), ([], "+44 20 7946 0999"),
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
    text = text_of(mail)
    assert "calendar.example" in text
    assert "/portal/outside-calendars" in text
    assert "Chemotherapy" not in str(mail)


def test_a_message_to_a_selection_is_mailed_once_to_each_patient_with_their_appointment(
    clinic: Any, client_for: ClientFor, doctor: Doctor, inbox: Inbox
) -> None:
    now = clock_now()
    patients = [make_patient(), make_patient(), make_patient()]
    User.objects.filter(role="patient").update(email_verified_at=now)
    bookings = [
        make_booking(make_slot(doctor, now + timedelta(days=2, hours=index)), who, now=now)
        for index, who in enumerate(patients)
    ]
    cancel_booking(booking=bookings[2], by=user_of(patients[2]), reason="", now=now)
    run_due_jobs()
    before = len(inbox.mails())
    client = client_for(clinic, make_receptionist())
    ids = [str(booking.pk) for booking in bookings]
    body = {"bookings": ids, "text": "We are moving. Use the back door."}

    preview = data_of(
        client.post(f"{URL}email/", {"booking": ids[0], "reason": body["text"], "only_message": True})
    )
    sent = data_of(client.post(f"{URL}messages/", body, HTTP_IDEMPOTENCY_KEY="k"))
    again = data_of(client.post(f"{URL}messages/", body, HTTP_IDEMPOTENCY_KEY="k"))
    run_due_jobs()

    assert (sent["reached"], again) == (2, sent)
    mails = inbox.mails()[before:]
    assert sorted(mail["To"].addresses[0].addr_spec for mail in mails) == sorted(
        user_of(patient).email for patient in patients[:2]
    )
    assert all("We are moving. Use the back door." in text_of(mail) for mail in mails)
    assert preview["subject"] in [mail["Subject"] for mail in mails]
    # A second message about the same appointment is another message.
    client.post(f"{URL}messages/", {"bookings": ids[:1], "text": "And bring a coat."})
    run_due_jobs()
    assert len(inbox.mails()) == before + 3


def test_a_message_from_the_clinic_is_not_sent_to_an_address_that_is_not_confirmed(
    doctor: Doctor, patient: Patient, admin: User, inbox: Inbox
) -> None:
    now = clock_now()
    User.objects.filter(pk=user_of(patient).pk).update(email_verified_at=None)
    booking = make_booking(make_slot(doctor, now + timedelta(days=2)), patient, now=now)
    run_due_jobs()
    before = len(inbox.mails())

    write_to_patients(bookings=[booking.pk], text="We are moving.", by=admin, now=now)
    run_due_jobs()

    message = Message.objects.get(kind="clinic_note")
    assert (message.dropped_because, len(inbox.mails())) == ("unconfirmed", before)


def test_a_patient_whom_only_text_messages_reach_gets_the_clinics_message_as_one(
    clinic: Any, client_for: ClientFor, doctor: Doctor, provider: SmsProvider, inbox: Inbox
) -> None:
    now = clock_now()
    use_twilio()
    bounced, mailed = make_texted_patient(), make_texted_patient(phone="+447911123457")
    User.objects.filter(role="patient").update(email_verified_at=now)
    User.objects.filter(pk=user_of(bounced).pk).update(email_undeliverable_at=now)
    bookings = [
        make_booking(make_slot(doctor, now + timedelta(days=2, hours=index)), who, now=now)
        for index, who in enumerate([bounced, mailed])
    ]
    ids = [str(booking.pk) for booking in bookings]
    client = client_for(clinic, make_receptionist())
    run_due_jobs()
    mails_before = len(inbox.mails())
    text = "Use the back door."

    previews = [
        data_of(client.post(f"{URL}email/", {"booking": key, "reason": text, "only_message": True}))
        for key in ids
    ]
    sent = data_of(client.post(f"{URL}messages/", {"bookings": ids, "text": text}))
    run_due_jobs()

    assert [row["channels"] for row in sent["people"]] == [["sms"], ["email"]]
    assert [(bool(row["text"]), bool(row["sms"])) for row in previews] == [(False, True), (True, False)]
    planned = Message.objects.filter(kind="clinic_note", recipient=user_of(bounced), channel="sms").get()
    # It waits for the end of the quiet hours, like every text message.
    assert planned.due_at >= now
    assert sms_text(planned) == previews[0]["sms"]
    assert text in previews[0]["sms"]
    assert len(inbox.mails()) == mails_before + 1


def test_a_message_too_long_for_a_text_message_asks_the_patient_to_call(
    doctor: Doctor, patient: Patient, admin: User
) -> None:
    now = clock_now()
    use_twilio()
    ClinicSettings.objects.update(phone="020 7946 0000")
    booking = make_booking(make_slot(doctor, now + timedelta(days=2)), patient, now=now)
    write_to_patients(bookings=[booking.pk], text="We are moving. " * 20, by=admin, now=now)
    event = BookingEvent.objects.get(kind="written_to")
    message = Message(
        booking=booking, event=event, kind="clinic_note", channel="sms", recipient=user_of(patient)
    )

    text = sms_text(message)

    assert "We are moving" not in text
    assert "Call 020 7946 0000." in text
