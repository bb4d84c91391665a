"""What the desk says to a caller names only what is true: the place, and the messages that will be sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from notifications.models import MessagePreference
from notifications.services.spoken_booking import spoken_booking
from scheduling.bookings.book import book_slot
from scheduling.models import Booking
from tenants.accounts.models import User
from tests.factories.people import user_of
from tests.factories.schedule import make_slot
from tests.factories.visit_types import make_place, make_visit_type


@pytest.fixture
def book(doctor: Doctor, admin: User, now: datetime) -> Any:
    """Return a function that books Tuesday 10 March 2026, 9:30 am, for a caller."""
    ClinicSettings.objects.update(address="12 Riverside Walk\nLondon", reminder_minutes=[7 * 1440, 1440, 120])
    doctor.name = "Smith"
    doctor.save()

    def make(patient: Patient, *, days: int = 8, place: Any = None, **visit: Any) -> Booking:
        slot = make_slot(doctor, datetime(2026, 3, 2, 9, 30, tzinfo=UTC) + timedelta(days=days), place=place)
        visit_type = make_visit_type(**visit) if visit else None
        return book_slot(slot_id=slot.pk, patient=patient, by=admin, visit_type=visit_type, now=now)

    return make


def test_the_caller_hears_time_zone_doctor_and_place(book: Any, patient: Patient, now: datetime) -> None:
    spoken = spoken_booking(book(patient), now=now)

    assert spoken.appointment == (
        "That is Tuesday 10 March 2026 at 9:30 am, London time, with Dr Smith at 12 Riverside Walk."
    )
    # Two hours before is in the quiet hours, so that reminder comes the evening before.
    assert spoken.messages == (
        "You will get a confirmation by email, and a reminder 7 days before and the day before."
    )
    assert spoken.addresses == (user_of(patient).email,)


def test_a_visit_tomorrow_has_only_the_reminders_that_still_come(
    book: Any, patient: Patient, now: datetime
) -> None:
    ClinicSettings.objects.update(reminder_minutes=[7 * 1440, 1440, 60])
    tomorrow = spoken_booking(book(patient, days=1), now=now)

    assert tomorrow.messages == "You will get a confirmation by email, and a reminder on the day."


def test_video_telephone_and_a_place_are_named(book: Any, patient: Patient, now: datetime) -> None:
    patient.phone = "+447400123456"
    patient.save()
    place = make_place("Europe/Paris", name="Paris practice", address="3 Rue A\nParis")

    spoken = [
        spoken_booking(booking, now=now).appointment
        for booking in (
            book(patient, mode="video", video_link="https://video.example/1"),
            book(patient, days=9, mode="phone"),
            book(patient, days=10, place=place),
        )
    ]

    assert spoken == [
        "That is Tuesday 10 March 2026 at 9:30 am, London time, with Dr Smith, by video.",
        "That is Wednesday 11 March 2026 at 9:30 am, London time. Dr Smith will call you on +44 7400 123456.",
        "That is Thursday 12 March 2026 at 10:30 am, Paris time, with Dr Smith at Paris practice, 3 Rue A.",
    ]


@pytest.mark.parametrize(
    ("case", "messages"),
    [
        ("no account", "We have no email address for you, so please write this down."),
        ("emails are held", "Our emails do not reach you, so please write this down."),
        ("no reminders wanted", "You will get a confirmation by email."),
        ("no reminders sent", "You will get a confirmation by email."),
    ],
)
def test_no_message_is_promised_that_is_not_sent(
    book: Any, patient: Patient, now: datetime, case: str, messages: str
) -> None:
    user = user_of(patient)
    if case == "no account":
        patient = Patient.objects.create(first_name="Nia", last_name="Newman")
    elif case == "emails are held":
        User.objects.filter(pk=user.pk).update(email_problem="bounced", email_undeliverable_at=now)
    elif case == "no reminders wanted":
        MessagePreference.objects.create(user=user, topic="reminders", channel="email", is_wanted=False)
    else:
        ClinicSettings.objects.update(reminder_minutes=[])
    booking = book(Patient.objects.get(pk=patient.pk))
    if case == "no reminders sent":
        ClinicSettings.objects.update(reminder_minutes=[])

    assert spoken_booking(booking, now=now).messages == messages
