"""Emails about bookings: subject, text, HTML and calendar files, in the clinic's brand and time zone."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from notifications.calendar_files import attach_calendar_files, calendar_files
from notifications.email_context import booking_email_context
from notifications.email_layout import render_parts
from notifications.envelope import clinic_sender, envelope_fields
from notifications.languages import in_language_of
from notifications.models import Message
from notifications.selectors import bookings_of
from notifications.visit_context import recipient_name
from notifications.wording.in_message import email_wording

_SUBJECTS = {
    Message.Kind.CONFIRMATION: gettext_noop("Appointment booked: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.REQUESTED: gettext_noop("Appointment requested: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.RESCHEDULED: gettext_noop("Appointment rescheduled: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.DETAILS_CHANGED: gettext_noop("Appointment details changed: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.CANCELLATION: gettext_noop("Appointment cancelled: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.CLINIC_NOTE: gettext_noop("Message about your appointment: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.REMINDER: gettext_noop("Reminder: appointment on %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.QUESTIONNAIRE: gettext_noop("Questions before your appointment on %(day)s"),
    Message.Kind.FOLLOW_UP: gettext_noop("After your appointment on %(day)s"),
    Message.Kind.OFFER: gettext_noop("Appointment available: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.OFFER_WITHDRAWN: gettext_noop("Offer withdrawn: %(day)s, %(time)s (%(zone)s)"),
}
_SUBJECTS_OF_SEVERAL = {
    Message.Kind.CONFIRMATION: gettext_noop(
        "%(count)d appointments booked, from %(day)s, %(time)s (%(zone)s)"
    ),
    Message.Kind.REQUESTED: gettext_noop(
        "%(count)d appointments requested, from %(day)s, %(time)s (%(zone)s)"
    ),
    Message.Kind.CANCELLATION: gettext_noop(
        "%(count)d appointments cancelled, from %(day)s, %(time)s (%(zone)s)"
    ),
    Message.Kind.REMINDER: gettext_noop(
        "Reminder: %(count)d appointments on %(day)s, from %(time)s (%(zone)s)"
    ),
}
_DECLINED = gettext_noop("Appointment request declined: %(day)s, %(time)s (%(zone)s)")
BOOKING_EMAIL_KINDS = frozenset(_SUBJECTS)
"""The kinds of messages whose email is a `booking_email`."""


def booking_email(message: Message) -> EmailMultiAlternatives:
    """Return the email of a message, in its recipient's language. Nothing is written."""
    with in_language_of(message.recipient):
        return localised_email(message)


def localised_email(message: Message) -> EmailMultiAlternatives:
    """Return the email of a message in the active language. Nothing is written."""
    sender, bookings, recipient = clinic_sender(), bookings_of(message), message.recipient
    context = booking_email_context(message, bookings, sender)
    wording = email_wording(message, context)
    context["wording"] = wording.body if wording else ""
    context["subject"] = (wording and wording.subject) or _subject(message, context)
    files = calendar_files(message, bookings, sender)
    context["calendar_attached"] = bool(files)
    text, html = render_parts(message.kind, context)
    email = EmailMultiAlternatives(
        subject=context["subject"],
        body=text,
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        **envelope_fields(sender.clinic, sender.brand, name=recipient_name(recipient), email=recipient.email),
    )
    # Before the calendar: mail programs show the last alternative that they understand.
    email.attach_alternative(html, "text/html")
    attach_calendar_files(email, files)
    return email


def _subject(message: Message, context: dict[str, Any]) -> str:
    """Return the subject: what happened, day and time with zone. Nothing about the person or their health."""
    kind, visits = Message.Kind(message.kind), context["visits"]
    subject = _SUBJECTS_OF_SEVERAL.get(kind, _SUBJECTS[kind]) if len(visits) > 1 else _SUBJECTS[kind]
    if context.get("declined") and len(visits) == 1:
        subject = _DECLINED
    return _(subject) % {"count": len(visits), **{name: context[name] for name in ("day", "time", "zone")}}
