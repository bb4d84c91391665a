"""Check the text of a message with the linter, with what is known about its booking, clinic and recipient."""

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import get_language

from clinics.selectors import clinic_settings
from notifications.linting import Finding, MessageText, lint
from notifications.models import Channel, Message
from notifications.rendering import email_of
from notifications.visit_context import location_in_words, period_in_words, remote_instructions
from scheduling.models import Booking, VisitType
from tenants.base.clock import time_zone_label
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url

_Kind = Message.Kind
CANCELLABLE_KINDS = frozenset(
    {_Kind.CONFIRMATION, _Kind.REQUESTED, _Kind.RESCHEDULED, _Kind.DETAILS_CHANGED, _Kind.REMINDER}
)
"""Messages about an appointment that the patient can still cancel. They say how, and where it is."""
_WITHOUT_TIME = frozenset({_Kind.QUESTIONNAIRE, _Kind.FOLLOW_UP})


def check_message(message: Message) -> list[Finding]:
    """Return what should be changed in the text of a message."""
    return lint(text_of(message, email_of(message)))


def text_of(message: Message, email: EmailMultiAlternatives) -> MessageText:
    """Return the text of a message with what the linter has to know about it."""
    booking, clinic, brand = message.required_booking(), current_clinic(), clinic_settings()
    recipient, patient, place = message.recipient, booking.patient, booking.place
    period = period_in_words(booking.starts_at, booking.ends_at, place)
    names = [booking.doctor.display_name, booking.doctor.name, patient.full_name, recipient.get_full_name()]
    address = (place.address if place else brand.address).splitlines()
    return MessageText(
        channel=message.channel,
        subject=email.subject,
        text=str(email.body),
        html=html_of(email),
        language=(get_language() or "en").split("-")[0],
        clinic=clinic.name,
        zones=(period["zone"], time_zone_label(clinic.time_zone)),
        names=(*names, recipient.first_name, patient.first_name, place.name if place else "", *address),
        private_words=tuple(VisitType.objects.in_use().values_list("name", flat=True)),
        personal=(
            *(recipient.first_name, recipient.last_name, recipient.email, recipient.phone),
            *(patient.first_name, patient.last_name, patient.phone),
        ),
        required=required_parts(message, booking, period=period),
    )


def account_text_of(email: EmailMultiAlternatives) -> MessageText:
    """Return the text of a sample email about an account, with what the linter has to know about it."""
    clinic = current_clinic()
    return MessageText(
        channel=Channel.EMAIL,
        subject=email.subject,
        text=str(email.body),
        html=html_of(email),
        language=(get_language() or "en").split("-")[0],
        clinic=clinic.name,
        zones=(time_zone_label(clinic.time_zone),),
        personal=("Alex", "Sample", *email.to),
    )


def html_of(email: EmailMultiAlternatives) -> str:
    """Return the HTML part of an email."""
    return next((str(part.content) for part in email.alternatives if part.mimetype == "text/html"), "")


def required_parts(
    message: Message, booking: Booking, *, period: dict[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return the parts that a message must have, each with the texts of which one has to be there."""
    if message.kind in _WITHOUT_TIME:
        return {}
    parts: dict[str, tuple[str, ...]] = {part: (period[part],) for part in ("day", "time", "zone")}
    if message.kind in CANCELLABLE_KINDS:
        brand = clinic_settings()
        location = remote_instructions(booking) or (
            booking.place.name if booking.place else brand.address.partition("\n")[0]
        )
        parts["place"] = (location, location_in_words(booking, brand)) if location else ()
        url = clinic_url(current_clinic(), f"/appointments/{booking.pk}")
        phone = brand.phone if message.channel == Channel.SMS else ""
        parts["how_to_cancel"] = (url, "cancel", phone)
    return parts
