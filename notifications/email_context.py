"""The context of the email templates about bookings: local dates and times in words, names, links."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinics.models import ClinicSettings, Doctor
from notifications.confirmation import was_confirmed
from notifications.models import Message
from scheduling.clock.clock_changes import clock_pass
from scheduling.models import Booking, BookingEvent, Place, Slot, VisitType, WaitlistOffer
from scheduling.waitlist.replacements import replaceable_bookings
from tenants.accounts.email_verification.services import (
    create_verification,
    is_for_known_address,
    verification_token,
)
from tenants.accounts.models import EmailVerification, User
from tenants.base.clock import format_day, format_time, time_zone_label
from tenants.base.clock import now as clock_now
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url

CALENDAR_METHODS = {
    Message.Kind.CONFIRMATION: "REQUEST",
    Message.Kind.RESCHEDULED: "REQUEST",
    Message.Kind.CANCELLATION: "CANCEL",
}
"""The method of the attached calendar file (RFC 5546). Other emails have none: nothing is booked yet."""


def booking_email_context(message: Message, brand: ClinicSettings) -> dict[str, Any]:
    """Return the template context of an email about a booking."""
    booking, clinic, recipient = message.required_booking(), current_clinic(), message.recipient
    is_known = bool(recipient_name(recipient))
    return {
        "clinic": clinic,
        "brand": brand,
        "greeting": greeting(recipient),
        "cared_for": booking.patient.full_name
        if is_known and booking.patient.user_id != recipient.pk
        else "",
        "doctor": booking.doctor.display_name,
        **period_in_words(booking.starts_at, booking.ends_at, booking.place),
        "meeting": remote_instructions(booking),
        "place": booking.place.name if booking.place else "",
        "address": booking.place.address if booking.place else brand.address,
        "awaits_approval": booking.status == Booking.Status.PENDING,
        "booking_url": clinic_url(clinic, f"/appointments/{booking.pk}"),
        "new_booking_url": clinic_url(clinic, "/doctors"),
        "verify_url": _verify_url(message),
        "bookings_url": clinic_url(clinic, "/appointments"),
        "note": _note_from_clinic(message.event) if is_known and message.event else "",
        **_context_for_kind(message),
    }


def _note_from_clinic(event: BookingEvent) -> str:
    """Return what staff wrote about a change. A patient's or carer's words go to staff only."""
    by_staff = event.by is not None and event.by.role != User.Role.PATIENT
    return event.note if by_staff else ""


def recipient_name(user: User) -> str:
    """Return the full name for an email to `user`; "" if nobody has confirmed the address.

    Anybody can register with anybody's address. An email to such an address contains no text that somebody
    typed, because a name can be a message, such as "URGENT: see evil.example".
    """
    return user.get_full_name() if user.email_verified_at is not None else ""


def greeting(user: User | None) -> str:
    """Return the greeting of an email: with the first name, if the user has confirmed the address."""
    if user is None or not recipient_name(user):
        return _("Hello,")
    return _("Hello %(name)s,") % {"name": user.first_name}


def period_in_words(starts_at: datetime, ends_at: datetime, place: Place | None) -> dict[str, str]:
    """Return day, times and zone in words, in the time zone of the place, or of the clinic without one."""
    location = place or current_clinic()
    return {
        "day": format_day(starts_at, location.zone),
        "time": time_in_words(starts_at, location.zone),
        "end": time_in_words(ends_at, location.zone),
        "zone": time_zone_label(location.time_zone),
    }


def time_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """Return the local time in words. If it occurs twice, because clocks go back, add which one it is."""
    formats = {
        1: _("%(time)s (first time, before the clocks go back)"),
        2: _("%(time)s (second time, after the clocks have gone back)"),
    }
    return formats.get(clock_pass(instant, zone), "%(time)s") % {"time": format_time(instant, zone)}


def remote_instructions(booking: Booking) -> str:
    """Return how a video or phone appointment takes place; empty for one in person.

    The video link itself is not sent by email.
    """
    instructions = {
        VisitType.Mode.VIDEO: _("This is a video appointment. Find the link on your appointment page."),
        VisitType.Mode.PHONE: _(
            "This is a phone appointment. We will call you on the number in your profile."
        ),
    }
    return instructions.get(visit_mode(booking), "")


def visit_mode(booking: Booking) -> VisitType.Mode:
    """Return whether the booking is in person, by video or by phone."""
    return VisitType.Mode(booking.visit_type.mode) if booking.visit_type else VisitType.Mode.IN_PERSON


def location_in_words(booking: Booking, brand: ClinicSettings) -> str:
    """Return the location of a booking in one line, for a calendar."""
    place = booking.place
    remote = {VisitType.Mode.VIDEO: _("Video appointment"), VisitType.Mode.PHONE: _("Phone appointment")}
    if location := remote.get(visit_mode(booking)):
        return location
    lines = [place.name, *place.address.splitlines()] if place else brand.address.splitlines()
    return ", ".join([current_clinic().name, *lines])


def verification_path(verification: EmailVerification) -> str:
    """Return the path of the link that confirms an email address."""
    return f"/verify-email?token={verification_token(verification)}"


def _verify_url(message: Message) -> str:
    """Return the link that confirms the recipient's email address.

    It is empty if the address belongs to an account, and in all emails but confirmations.
    """
    recipient = message.recipient
    if message.kind != Message.Kind.CONFIRMATION or recipient.email_verified_at is not None:
        return ""
    verification = create_verification(user=recipient, now=clock_now())
    if is_for_known_address(verification):
        return ""
    return clinic_url(current_clinic(), verification_path(verification))


def _context_for_kind(message: Message) -> dict[str, Any]:
    """Return the part of the context that depends on the kind of email."""
    if message.kind == Message.Kind.OFFER:
        return _offer_context(message.required_booking().offer)
    if message.kind == Message.Kind.RESCHEDULED:
        return {
            "calendar_attached": has_calendar_file(message),
            "new_visit_type": changes_visit_type(message),
            **_previous_time_context(message.required_event().details),
        }
    if message.kind == Message.Kind.CANCELLATION:
        return {"declined": is_declined(message)}
    if message.kind == Message.Kind.QUESTIONNAIRE:
        booking_path = f"/appointments/{message.booking_id}"
        return {"questions_url": clinic_url(current_clinic(), booking_path)}
    if message.kind == Message.Kind.FOLLOW_UP:
        visit_type = message.required_booking().visit_type
        return {"follow_up_text": visit_type.follow_up_text if visit_type else ""}
    return {}


def is_declined(message: Message) -> bool:
    """Return whether the clinic cancelled a booking that it never confirmed: a request was declined."""
    by = message.required_event().by
    return by is not None and by.role != User.Role.PATIENT and not was_confirmed(message.required_booking())


def has_calendar_file(message: Message) -> bool:
    """Return whether the email has a calendar file: one about a request has none, since nothing is booked."""
    return message.kind in CALENDAR_METHODS and was_confirmed(message.required_booking())


def changes_visit_type(message: Message) -> bool:
    """Return whether the booking got another visit type. Emails do not name it: it may be about health."""
    previous = message.required_event().details.get("visit_type")
    return previous is not None and previous != str(message.required_booking().visit_type_id or "")


def _offer_context(offer: WaitlistOffer) -> dict[str, Any]:
    """Return when a waiting list offer expires, where to answer it, and if it can replace a booking."""
    clinic = current_clinic()
    return {
        "until_day": format_day(offer.ends_at, clinic.zone),
        "until_time": time_in_words(offer.ends_at, clinic.zone),
        "until_zone": time_zone_label(clinic.time_zone),
        "offers_url": clinic_url(clinic, "/appointments"),
        "can_replace": replaceable_bookings(
            patient=offer.booking.patient,
            doctor_id=offer.booking.doctor_id,
            starts_at=offer.booking.starts_at,
        ).exists(),
    }


def _previous_time_context(details: dict[str, str]) -> dict[str, str]:
    """Return the previous time and doctor of a booking, in the time zone of its previous place."""
    slots = Slot.objects.filter(pk=details["slot"]).select_related("place") if details["slot"] else ()
    place = next((slot.place for slot in slots), None)
    doctor = Doctor.objects.filter(pk=details["doctor"]).first()
    starts_at, ends_at = (datetime.fromisoformat(details[end]) for end in ("starts_at", "ends_at"))
    period = period_in_words(starts_at, ends_at, place)
    return {
        **{f"old_{name}": text for name, text in period.items()},
        "old_doctor": doctor.display_name if doctor else "",
    }
