"""Check the text of a message with the linter, with what is known about its booking, clinic and recipient."""

from dataclasses import replace

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import get_language

from clinics.selectors import clinic_settings, sms_settings
from notifications.gsm import to_gsm
from notifications.languages import in_language_of
from notifications.linting import Finding, MessageText, lint
from notifications.models import Channel, Message
from notifications.rendering import Content, content_of, email_content
from notifications.sms_text import short_time
from notifications.visit_context import location_in_words, period_in_words, remote_instructions
from scheduling.models import Booking, VisitType
from tenants.accounts.models import User
from tenants.base.clock import time_zone_label
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url

_Kind = Message.Kind
CANCELLABLE_KINDS = frozenset(
    {_Kind.CONFIRMATION, _Kind.REQUESTED, _Kind.RESCHEDULED, _Kind.DETAILS_CHANGED, _Kind.REMINDER}
)
"""Messages about an appointment that the patient can still cancel. They say how, and where it is."""
_WITHOUT_TIME = frozenset({_Kind.QUESTIONNAIRE, _Kind.FOLLOW_UP})
_SHORTEST_CLINIC = 10
"""Characters of the clinic's name that are in every text message."""


def check_message(message: Message) -> list[Finding]:
    """Return what should be changed in the text of a message."""
    return check_content(message, content_of(message))


def check_content(message: Message, content: Content) -> list[Finding]:
    """Return what should be changed in a text of a message."""
    with in_language_of(message.recipient):
        return _check_content(message, content)


def _check_content(message: Message, content: Content) -> list[Finding]:
    booking, recipient = message.booking, message.recipient
    text = _text(message.channel, content, recipient)
    if booking is None:  # an email about a whole day, to staff, with several visits in their own zones
        doctor = getattr(recipient, "doctor", None)
        names = (*text.names, doctor.display_name) if doctor else text.names
        return lint(replace(text, zones=(), names=names))
    brand, patient, place = clinic_settings(), booking.patient, booking.place
    period = period_in_words(booking.starts_at, booking.ends_at, place)
    people = [booking.doctor.display_name, booking.doctor.name, patient.full_name, patient.first_name]
    address = (place.address if place else brand.address).splitlines()
    return lint(
        replace(
            text,
            zones=(*text.zones, period["zone"]),
            names=(*text.names, *people, place.name if place else "", *address),
            private_words=tuple(VisitType.objects.in_use().values_list("name", flat=True)),
            personal=(*text.personal, patient.first_name, patient.last_name, patient.phone),
            required=_required_parts(message, booking, period=period),
        )
    )


def check_account_email(email: EmailMultiAlternatives, recipient: User) -> list[Finding]:
    """Return what should be changed in an email about an account."""
    with in_language_of(recipient):
        return lint(_text(Channel.EMAIL, email_content(email), recipient))


def _text(channel: str, content: Content, recipient: User) -> MessageText:
    """Return a text with what the linter has to know about the clinic and the recipient."""
    clinic = current_clinic()
    name = to_gsm(sms_settings().short_name or clinic.name)[:_SHORTEST_CLINIC]
    return MessageText(
        channel=channel,
        subject=content.subject,
        text=content.text,
        html=content.html,
        language=(get_language() or "en").split("-")[0],
        clinic=name if channel == Channel.SMS else clinic.name,
        zones=(time_zone_label(clinic.time_zone),),
        names=(clinic.name, recipient.get_full_name(), recipient.first_name),
        personal=(recipient.first_name, recipient.last_name, recipient.email, recipient.phone),
    )


def _required_parts(
    message: Message, booking: Booking, *, period: dict[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return the parts that a message must have, each with the texts of which one has to be there."""
    if message.kind in _WITHOUT_TIME:
        return {}
    if message.channel == Channel.SMS:
        when = short_time(booking.starts_at, booking.place or current_clinic())
        day, _comma, time = when.rpartition(", ")
        return {"day": (day,), "time": (time,), "zone": (period["zone"],)}
    parts: dict[str, tuple[str, ...]] = {part: (period[part],) for part in ("day", "time", "zone")}
    if message.kind in CANCELLABLE_KINDS:
        brand = clinic_settings()
        location = remote_instructions(booking) or (
            booking.place.name if booking.place else brand.address.partition("\n")[0]
        )
        parts["place"] = (location, location_in_words(booking, brand)) if location else ()
        url = clinic_url(current_clinic(), f"/appointments/{booking.pk}")
        parts["how_to_cancel"] = (url, "cancel")
    return parts
