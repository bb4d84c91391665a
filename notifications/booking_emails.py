"""Emails about bookings: subject, text, HTML and calendar file, in the clinic's brand and time zone.

They are rendered inside the clinic, so they are in the clinic's locale.
"""

from email.mime.nonmultipart import MIMENonMultipart
from email.utils import formataddr
from typing import Any
from unicodedata import category

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from notifications.calendar import Appointment, calendar_file
from notifications.confirmation import was_confirmed
from notifications.email_context import (
    CALENDAR_METHODS,
    booking_email_context,
    has_calendar_file,
    location_in_words,
    period_in_words,
    recipient_name,
)
from notifications.models import Message
from notifications.selectors import bookings_of, calendar_sequence
from notifications.visits_in_email import visit_in_email
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.current import current_clinic
from tenants.models import Clinic
from tenants.routing.public_urls import clinic_url, message_id

_SUBJECTS = {
    Message.Kind.CONFIRMATION: gettext_noop("Appointment booked: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.REQUESTED: gettext_noop("Appointment requested: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.RESCHEDULED: gettext_noop("Appointment rescheduled: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.CANCELLATION: gettext_noop("Appointment cancelled: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.REMINDER: gettext_noop("Reminder: appointment on %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.QUESTIONNAIRE: gettext_noop("Questions before your appointment on %(day)s"),
    Message.Kind.FOLLOW_UP: gettext_noop("After your appointment on %(day)s"),
    Message.Kind.OFFER: gettext_noop("Appointment available: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.OFFER_WITHDRAWN: gettext_noop("Offer withdrawn: %(day)s, %(time)s (%(zone)s)"),
}
_SUBJECTS_OF_SEVERAL = {
    Message.Kind.CONFIRMATION: gettext_noop("%(count)d appointments booked, first on %(day)s"),
    Message.Kind.REQUESTED: gettext_noop("%(count)d appointments requested, first on %(day)s"),
    Message.Kind.CANCELLATION: gettext_noop("%(count)d appointments cancelled, first on %(day)s"),
    Message.Kind.REMINDER: gettext_noop("Reminder: %(count)d appointments on %(day)s"),
}
_DECLINED = gettext_noop("Appointment request declined: %(day)s, %(time)s (%(zone)s)")
_CONTROL_CATEGORIES = {"Cc", "Zl", "Zp"}
ICALENDAR_STATUSES = {Booking.Status.PENDING: "TENTATIVE", Booking.Status.CANCELLED: "CANCELLED"}
"""The status of a calendar event (RFC 5545, section 3.8.1.11). Every other booking is CONFIRMED."""


def booking_email(message: Message) -> EmailMultiAlternatives:
    """Return the email of a message."""
    clinic, brand, bookings = current_clinic(), clinic_settings(), bookings_of(message)
    kind = Message.Kind(message.kind)
    context = booking_email_context(message, brand)
    context |= {
        "visits": [visit_in_email(message, booking, brand) for booking in bookings],
        "several": len(bookings) > 1,
    }
    email = EmailMultiAlternatives(
        subject=_subject(kind, context),
        body=render_to_string(f"notifications/{kind.value}.txt", context),
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        **envelope_fields(
            clinic, brand, name=recipient_name(message.recipient), email=message.recipient.email
        ),
    )
    email.attach_alternative(render_to_string(f"notifications/{kind.value}.html", context), "text/html")
    if has_calendar_file(message):
        method = CALENDAR_METHODS[kind]
        for booking in filter(was_confirmed, bookings):
            file = booking_calendar_file(booking, method=method, attendee=message.recipient)
            email.attach(_calendar_part(file, method=method))
    return email


def _subject(kind: Message.Kind, context: dict[str, Any]) -> str:
    """Return the subject: with the time of the appointment, or the number of several."""
    if context["several"]:
        first = {"count": len(context["visits"]), "day": context["visits"][0]["day"]}
        return _(_SUBJECTS_OF_SEVERAL[kind]) % first
    subject = _DECLINED if context.get("declined") else _SUBJECTS[kind]
    return _(subject) % {name: context[name] for name in ("day", "time", "zone")}


def envelope_fields(clinic: Clinic, brand: ClinicSettings, *, name: str, email: str) -> dict[str, Any]:
    """Return sender, recipient and reply address of an email from the clinic, as arguments of Django's."""
    return {
        "from_email": formataddr((header_safe(clinic.name), settings.DEFAULT_FROM_EMAIL)),
        "to": [formataddr((header_safe(name), email))],
        "reply_to": [brand.email] if brand.email else [],
    }


def header_safe(name: str) -> str:
    """Return a name that is safe in a header: line ends and control characters become spaces."""
    characters = (" " if category(char) in _CONTROL_CATEGORIES else char for char in name)
    return " ".join("".join(characters).split())


def booking_calendar_file(booking: Booking, *, method: str, attendee: User | None) -> bytes:
    """Return the booking as a calendar file for its patient or a carer (`attendee`)."""
    clinic, brand = current_clinic(), clinic_settings()
    last = booking.events.latest("created_at", "id")
    return calendar_file(
        Appointment(
            uid=message_id(booking.pk)[1:-1],
            sequence=max(calendar_sequence(booking) - 1, 0),
            status=ICALENDAR_STATUSES.get(Booking.Status(booking.status), "CONFIRMED"),
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            summary=_("Appointment at %(clinic)s") % {"clinic": clinic.name},
            description=_("%(day)s, %(time)s (%(zone)s), with %(doctor)s")
            % {
                "doctor": booking.doctor.display_name,
                **period_in_words(booking.starts_at, booking.ends_at, booking.place),
            },
            location=location_in_words(booking, brand),
            url=clinic_url(clinic, f"/appointments/{booking.pk}"),
            organizer_name=header_safe(clinic.name),
            organizer_email=brand.email or settings.DEFAULT_FROM_EMAIL,
            attendee_name=header_safe(recipient_name(attendee) if attendee else booking.patient.full_name),
            attendee_email=attendee.email if attendee else settings.DEFAULT_FROM_EMAIL,
            changed_at=last.created_at,
        ),
        method=method,
    )


def _calendar_part(content: bytes, *, method: str) -> MIMENonMultipart:
    """Return the calendar file as an attachment that mail programs offer to import (RFC 6047)."""
    part = MIMENonMultipart("text", "calendar", method=method, charset="utf-8")
    part.set_payload(content.decode(), "utf-8")
    part.add_header("Content-Disposition", "attachment", filename="appointment.ics")
    return part
