"""The visits that an email tells about, with how to prepare for them, as template context."""

from typing import Any

from clinics.models import ClinicSettings
from notifications.email_context import period_in_words, recipient_name, remote_instructions
from notifications.models import Message
from scheduling.models import Booking
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url


def visit_in_email(message: Message, booking: Booking, brand: ClinicSettings) -> dict[str, Any]:
    """Return one visit in words. Patients are named only to recipients with a confirmed address."""
    recipient, place, visit_type = message.recipient, booking.place, booking.visit_type
    is_for_other = booking.patient.user_id != recipient.pk
    return {
        **period_in_words(booking.starts_at, booking.ends_at, place),
        "doctor": booking.doctor.display_name,
        "cared_for": booking.patient.full_name if is_for_other and recipient_name(recipient) else "",
        "meeting": remote_instructions(booking),
        "place": place.name if place else "",
        "address": place.address if place else brand.address,
        "preparation": visit_type.preparation if visit_type else "",
        "bring": visit_type.bring if visit_type else "",
        "booking_url": clinic_url(current_clinic(), f"/appointments/{booking.pk}"),
    }
