"""Emails to staff: text and HTML.

Mailboxes of staff are unencrypted, so these emails have time, place, doctor and a link to the page behind the
sign-in, and nothing about the patient: no name, no initials, no visit type, no note. Subjects neither.
"""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from notifications.email_layout import layout_context, render_parts
from notifications.envelope import Sender, clinic_sender, envelope_fields
from notifications.languages import in_language_of
from notifications.models import Message
from notifications.staff_selectors import changes_of_digest, visits_of_day
from notifications.visit_context import greeting, period_in_words, recipient_name
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.clock import format_date_with_weekday

_Kind = Message.Kind
_PORTAL = "/portal"
"""The path of the staff portal in the web app."""
_WHAT = {
    _Kind.STAFF_BOOKED: gettext_noop("Appointment booked"),
    _Kind.STAFF_CANCELLED: gettext_noop("Appointment cancelled"),
    _Kind.STAFF_RESCHEDULED: gettext_noop("Appointment rescheduled"),
    _Kind.STAFF_OFFER_TAKEN: gettext_noop("Appointment booked from the waiting list"),
    _Kind.STAFF_ATTENDANCE: gettext_noop("The patient will come"),
    _Kind.STAFF_NOT_DELIVERED: gettext_noop("A message to the patient failed"),
}


def staff_notice_email(message: Message) -> EmailMultiAlternatives:
    """Return the notice of one change, with the appointment as it is now."""
    with in_language_of(message.recipient):
        sender, what = clinic_sender(), _(_WHAT[_Kind(message.kind)])
        line = _line(message.required_booking(), sender)
        subject = _("%(what)s: %(day)s, %(time)s (%(zone)s)") % {"what": what, **line}
        context = {"subject": subject, "what": what, "lines": [line], "url": line["url"]}
        return staff_email(
            "staff_notice", context, recipient=message.recipient, about=message.message_id, sender=sender
        )


def staff_digest_email(message: Message) -> EmailMultiAlternatives:
    """Return the email with the changes of a day."""
    with in_language_of(message.recipient):
        sender, recipient = clinic_sender(), message.recipient
        lines = [
            {**_line(change.booking, sender), "what": _(_WHAT[_Kind(change.kind)])}
            for change in changes_of_digest(message)
        ]
        subject = _("Changes to appointments until %(day)s") % {"day": _day(message)}
        context = {"subject": subject, "lines": lines, "url": sender.url(_PORTAL)}
        return staff_email(
            "staff_digest", context, recipient=recipient, about=message.message_id, sender=sender
        )


def staff_day_email(message: Message) -> EmailMultiAlternatives:
    """Return the email with a doctor's schedule of a day, as it is now."""
    with in_language_of(message.recipient):
        sender, recipient = clinic_sender(), message.recipient
        assert message.about_on is not None  # noqa: S101  a schedule is about a day
        lines = [_line(booking, sender) for booking in visits_of_day(recipient, message.about_on)]
        subject = _("Your schedule for %(day)s") % {"day": _day(message)}
        context = {"subject": subject, "lines": lines, "url": sender.url(_PORTAL)}
        return staff_email("staff_day", context, recipient=recipient, about=message.message_id, sender=sender)


def staff_email(
    template: str, context: dict[str, Any], *, recipient: User, about: str, sender: Sender
) -> EmailMultiAlternatives:
    """Return an email to a member of staff. `about` is its Message-ID."""
    full = {**layout_context(sender.clinic, sender.brand), "greeting": greeting(recipient), **context}
    text, html = render_parts(template, full)
    email = EmailMultiAlternatives(
        subject=context["subject"],
        body=text,
        headers={"Message-ID": about, "Auto-Submitted": "auto-generated"},
        **envelope_fields(sender.clinic, sender.brand, name=recipient_name(recipient), email=recipient.email),
    )
    email.attach_alternative(html, "text/html")
    return email


def _line(booking: Booking, sender: Sender) -> dict[str, str]:
    """Return what an email says about an appointment."""
    return {
        **period_in_words(booking.starts_at, booking.ends_at, booking.place),
        "doctor": booking.doctor.display_name,
        "place": booking.place.name if booking.place else "",
        "url": sender.url(f"{_PORTAL}/bookings/{booking.pk}"),
    }


def _day(message: Message) -> str:
    return format_date_with_weekday(message.about_on) if message.about_on else ""
