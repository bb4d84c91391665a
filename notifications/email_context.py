"""The context of the email templates about bookings: the visits in words, and what depends on the message."""

import uuid
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinics.models import Doctor
from notifications.confirmation import was_confirmed
from notifications.email_layout import layout_context
from notifications.envelope import Sender
from notifications.links import message_links
from notifications.models import Message
from notifications.preference_links import preferences_path
from notifications.preferences import topic_of
from notifications.visit_context import (
    Visit,
    greeting,
    knows_recipient,
    period_in_words,
    time_in_words,
    visit_in_words,
)
from scheduling.models import Booking, BookingEvent, Place, Slot, WaitlistOffer
from scheduling.waitlist.replacements import replaceable_bookings
from tenants.accounts.email_verification.services import (
    current_verification,
    is_for_known_address,
    verification_token,
)
from tenants.accounts.models import EmailVerification, User
from tenants.base.clock import format_day, time_zone_label
from tenants.base.clock import now as clock_now


def booking_email_context(message: Message, bookings: list[Booking], sender: Sender) -> dict[str, Any]:
    """Return the template context of an email about bookings. Nothing is written.

    The names in `Visit` are those of the first visit. `visits` has all of them, earliest first.
    """
    recipient, now = message.recipient, clock_now()
    links = _links(message, bookings)
    visits = [
        visit_in_words(booking, recipient=recipient, sender=sender, links=links[booking.pk], now=now)
        for booking in bookings
    ]
    return {
        **layout_context(sender.clinic, sender.brand),
        **{field.name: getattr(visits[0], field.name) for field in fields(Visit)},
        "visits": visits,
        "greeting": greeting(recipient),
        "awaits_approval": bookings[0].status == Booking.Status.PENDING,
        "appointments_url": sender.url("/appointments"),
        "new_booking_url": sender.url("/doctors"),
        "verify_url": _verify_url(message, sender, now=now),
        "questions_url": visits[0].links.get("questionnaire_url", visits[0].booking_url),
        **(visits[0].links if len(visits) == 1 else {}),
        "preferences_url": sender.url(preferences_path(recipient)) if topic_of(message.kind) else "",
        "note": note_from_clinic(message.event) if message.event and knows_recipient(recipient) else "",
        **_context_for_kind(message, bookings[0], sender),
    }


def _links(message: Message, bookings: list[Booking]) -> dict[uuid.UUID, dict[str, str]]:
    """Return the links of each booking. Each belongs to the message that it was included from."""
    messages = {message.booking_id: message}
    if len(bookings) > 1:
        included = message.included.select_related("recipient")
        messages = {row.booking_id: row for row in included} | messages
    return {
        booking.pk: message_links(messages[booking.pk], booking) if booking.pk in messages else {}
        for booking in bookings
    }


def note_from_clinic(event: BookingEvent) -> str:
    """Return what staff wrote about a change. A patient's or carer's words go to staff only."""
    by_staff = event.by is not None and event.by.role != User.Role.PATIENT
    return event.note if by_staff else ""


def verification_path(verification: EmailVerification) -> str:
    """Return the path of the link that confirms an email address."""
    return f"/verify-email?token={verification_token(verification)}"


def _verify_url(message: Message, sender: Sender, *, now: datetime) -> str:
    """Return the link that confirms the recipient's email address.

    It is empty if the address belongs to an account, and in all emails but confirmations. Sending the message
    has created the verification.
    """
    recipient = message.recipient
    if message.kind != Message.Kind.CONFIRMATION or recipient.email_verified_at is not None:
        return ""
    verification = current_verification(user=recipient, now=now)
    if verification is None or is_for_known_address(verification):
        return ""
    return sender.url(verification_path(verification))


def _context_for_kind(message: Message, booking: Booking, sender: Sender) -> dict[str, Any]:
    """Return the part of the context that depends on the kind of email."""
    kind = message.kind
    if kind == Message.Kind.OFFER:
        return _offer_context(booking.offer, sender)
    if kind == Message.Kind.FOLLOW_UP:
        return {
            "follow_up_text": booking.visit_type.follow_up_text if booking.visit_type else "",
        }
    return _context_of_change(message, booking) if message.event else {}


def _context_of_change(message: Message, booking: Booking) -> dict[str, Any]:
    """Return the part of the context that depends on the change that an email is about."""
    event = message.required_event()
    if message.kind == Message.Kind.DETAILS_CHANGED:
        is_length = event.kind == BookingEvent.Kind.RESCHEDULED
        return {
            "changed": _length_in_words(booking) if is_length else _changes_in_words(event.details),
            "changes_length": is_length,
        }
    if event.kind == BookingEvent.Kind.RESCHEDULED:
        # Staff may have moved it several times before the move was announced.
        previous = event.details.get("announced", event.details)
        return {
            "new_visit_type": changes_visit_type(previous, booking),
            **_previous_time_context(previous),
        }
    if event.kind == BookingEvent.Kind.CANCELLED:
        return {"declined": is_declined(event, booking)}
    return {}


def is_declined(event: BookingEvent, booking: Booking) -> bool:
    """Return whether the clinic cancelled a booking that it never confirmed: a request was declined."""
    by = event.by
    return by is not None and by.role != User.Role.PATIENT and not was_confirmed(booking)


def changes_visit_type(details: dict[str, Any], booking: Booking) -> bool:
    """Return whether a reschedule with these details gave the booking another visit type."""
    previous = details.get("visit_type")
    return previous is not None and previous != str(booking.visit_type_id or "")


def _changes_in_words(details: dict[str, Any]) -> str:
    """Return what changed about a booking, its time apart."""
    sentences = {
        "address": _("Your appointment is at a new address."),
        "doctor": _("The name of your doctor has changed."),
    }
    return " ".join(text for name, text in sentences.items() if name in details.get("changed", ()))


def _length_in_words(booking: Booking) -> str:
    """Return how long the visit is now, and that its start stays."""
    minutes = (booking.ends_at - booking.starts_at) // timedelta(minutes=1)
    sentence = ngettext(
        "Your appointment now lasts %(minutes)d minute.",
        "Your appointment now lasts %(minutes)d minutes.",
        minutes,
    )
    return sentence % {"minutes": minutes} + " " + _("The start time stays the same.")


def _offer_context(offer: WaitlistOffer, sender: Sender) -> dict[str, Any]:
    """Return when a waiting list offer expires, where to answer it, and if it can replace a booking."""
    clinic = sender.clinic
    return {
        "until_day": format_day(offer.ends_at, clinic.zone),
        "until_time": time_in_words(offer.ends_at, clinic.zone),
        "until_zone": time_zone_label(clinic.time_zone),
        "offers_url": sender.url("/appointments"),
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
    if details.get("place"):
        place = Place.objects.filter(pk=details["place"]).first()
    doctor = Doctor.objects.filter(pk=details["doctor"]).first()
    starts_at, ends_at = (datetime.fromisoformat(details[end]) for end in ("starts_at", "ends_at"))
    period = period_in_words(starts_at, ends_at, place)
    return {
        **{f"old_{name}": text for name, text in period.items()},
        "old_doctor": doctor.display_name if doctor else "",
    }
