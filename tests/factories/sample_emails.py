"""Every email to patients in every scenario, and every email about accounts, rendered and not sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from clinics.models import ClinicSettings, Patient
from notifications.account_email_text import (
    account_closed_email,
    address_taken_email,
    email_change_email,
    email_change_requested_email,
    email_changed_email,
    email_code_email,
    invitation_email,
    known_address_email,
    password_reset_email,
    staff_code_email,
    verification_email,
)
from notifications.booking_emails import localised_email
from notifications.models import Message
from notifications.selectors import booking_snapshot
from scheduling.bookings.book import book_slot
from scheduling.models import Booking, BookingEvent, Closing, VisitType, WaitlistOffer
from tenants.accounts.email_verification.services import ensure_verification
from tenants.accounts.models import (
    EmailChange,
    EmailCode,
    EmailVerification,
    Invitation,
    PasswordReset,
    User,
)
from tenants.current import current_clinic
from tests.factories.people import make_admin, make_dependant, make_doctor, make_patient, user_of
from tests.factories.schedule import make_slot
from tests.factories.visit_types import make_place, make_visit_type

Kind = Message.Kind
SCENARIOS = ("in_person", "video", "phone", "dependant", "unconfirmed", "place", "repeated_hour", "arabic")
KINDS = (
    "confirmation", "requested", "rescheduled", "details_changed", "cancellation", "declined", "offer",
    "offer_withdrawn", "clinic_note",
)  # fmt: skip
_DAY = timedelta(days=1)
_IN_PERSON = {
    "name": "Blood test",
    "price": "25.00",
    "currency": "GBP",
    "preparation": "Do not eat for 8 hours before the test.\nYou can drink water.",
    "bring": "Your medication list",
}
_TYPES: dict[str, dict[str, Any]] = {
    "video": {"name": "Video consultation", "mode": "video", "video_link": "https://meet.example/room"},
    "phone": {"name": "Telephone consultation", "mode": "phone"},
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A booking, the person who is emailed about it, and their language."""

    booking: Booking
    recipient: User
    language: str


def make_scenario(name: str, *, now: datetime) -> Scenario:
    """Book a visit, 12 days from `now`, or on the day on which London's clocks go back in 2026."""
    ClinicSettings.objects.update(
        phone="+44 20 7946 0123",
        email="desk@riverside.example",
        address="12 Riverside Walk\nLondon SE1 9XX",
        cancellation_notice_minutes=24 * 60,
        reschedule_notice_minutes=24 * 60,
        horizon_days=365,
    )
    patient = make_patient(
        first_name="Sam",
        last_name="Fisher",
        phone="+442079460999",
        confirmed_at=None if name == "unconfirmed" else now,
    )
    visited = (
        make_dependant(patient, first_name="Kit", last_name="Fisher") if name == "dependant" else patient
    )
    starts_at = datetime.fromisoformat("2026-10-25T01:30:00Z") if name == "repeated_hour" else now + 12 * _DAY
    place = None
    if name == "place":
        place = make_place("Atlantic/Azores", name="Harbour practice", address="2 Quay Street\nPonta Delgada")
    booking = book_slot(
        slot_id=make_slot(make_doctor(name="Emma Smith"), starts_at, place=place).pk,
        patient=visited,
        by=user_of(patient),
        visit_type=_visit_type(name),
        now=now,
    )
    if name == "unconfirmed":
        ensure_verification(user=user_of(patient), now=now)
    return Scenario(
        booking_snapshot(booking),
        user_of(patient),
        current_clinic().code_of("ar" if name == "arabic" else "en"),
    )


def _visit_type(scenario: str) -> VisitType:
    fields = _TYPES.get(scenario, _IN_PERSON)
    existing = VisitType.objects.filter(name=fields["name"]).first()
    return existing or make_visit_type(**fields)


def booking_emails(scenario: Scenario, *, now: datetime) -> Iterator[tuple[str, EmailMultiAlternatives]]:
    """Yield the email of each kind about a booking. Only events and messages are stored, and no status."""
    clinic_user = make_admin()
    for kind in KINDS:
        booking = booking_snapshot(Booking.objects.get(pk=scenario.booking.pk))
        message = Message(
            booking=booking,
            recipient=scenario.recipient,
            kind=Kind.CANCELLATION if kind == "declined" else kind,
            event=_event(kind, booking, by=clinic_user),
            due_at=now,
            not_after=booking.starts_at,
        )
        _put_into_state(kind, message, booking, now=now)
        with translation.override(scenario.language):
            yield kind, localised_email(message)


def _event(kind: str, booking: Booking, *, by: User) -> BookingEvent:
    event = BookingEvent(booking=booking, kind=BookingEvent.Kind.BOOKED, by=by)
    if kind == "rescheduled":
        event.kind = BookingEvent.Kind.RESCHEDULED
        event.details = {
            "starts_at": (booking.starts_at - _DAY).isoformat(),
            "ends_at": (booking.ends_at - _DAY).isoformat(),
            "slot": "",
            "doctor": str(booking.doctor_id),
        }
    if kind == "details_changed":
        event.details = {"changed": ["address"]}
    if kind in ("cancellation", "declined"):
        event.note = "Dr Smith is ill. We are sorry."
    if kind == "clinic_note":
        event.note = "Please use the side entrance. The main door is being repaired."
    return event


def _put_into_state(kind: str, message: Message, booking: Booking, *, now: datetime) -> None:
    """Give the booking in memory the status that an email of this kind is about."""
    if kind == "confirmation":
        Message(
            booking=booking,
            recipient=message.recipient,
            kind=Kind.CONFIRMATION,
            due_at=now,
            not_after=booking.starts_at,
            status=Message.Status.SENT,
            sent_at=now,
        ).save()
    if kind in ("requested", "declined"):
        booking.status = Booking.Status.PENDING
        booking.history = [{**row, "status": "PENDING"} for row in booking.history]  # type: ignore[attr-defined]
    if kind in ("cancellation", "declined"):
        booking.status = Booking.Status.CANCELLED
    if kind in ("offer", "offer_withdrawn"):
        booking.status = Booking.Status.HELD
        booking.offer = WaitlistOffer(booking=booking, ends_at=now + timedelta(hours=2))


def account_emails(patient: Patient, *, now: datetime) -> Iterator[tuple[str, EmailMultiAlternatives]]:
    """Yield each email about an account."""
    user, until = user_of(patient), now + _DAY
    verification = EmailVerification(user=user, email=user.email, expires_at=until)
    change = EmailChange(
        user=user, email="new@people.example", old_email=user.email, token_version=1, expires_at=until
    )
    invitation = Invitation(email="dr@people.example", role=Invitation.Role.DOCTOR, expires_at=until)
    yield "password_reset", password_reset_email(PasswordReset(user=user, email=user.email, expires_at=until))
    yield "email_verification", verification_email(verification)
    code = EmailCode(email="new@people.example", expires_at=until)
    yield "email_code", email_code_email(code)
    yield "staff_code", staff_code_email(code)
    yield "known_address", known_address_email(verification)
    yield "invitation", invitation_email(invitation)
    yield "farewell", account_closed_email(Closing(email=user.email))
    yield "email_change", email_change_email(change)
    yield "address_taken", address_taken_email(change)
    yield "email_change_requested", email_change_requested_email(change)
    yield "email_changed", email_changed_email(change)
