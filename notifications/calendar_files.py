"""The calendar files of bookings: their content, the method, and the parts of an email that carry them."""

from email.mime.nonmultipart import MIMENonMultipart

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from clinics.models import ClinicSettings
from notifications.calendar import Appointment, calendar_file
from notifications.confirmation import first_confirmed_at
from notifications.envelope import Sender, clinic_sender, header_safe
from notifications.models import Message
from notifications.selectors import (
    INVITING_KINDS,
    booking_snapshot,
    calendar_sequence,
    history_of,
    may_have_invitation,
)
from notifications.visit_context import (
    knows_recipient,
    location_in_words,
    period_in_words,
    recipient_name,
    visit_mode,
)
from scheduling.models import Booking, VisitType
from tenants.accounts.models import User
from tenants.current import current_clinic
from tenants.routing.public_urls import message_id

ICALENDAR_STATUSES = {Booking.Status.PENDING: "TENTATIVE", Booking.Status.CANCELLED: "CANCELLED"}
"""The status of a calendar event (RFC 5545, section 3.8.1.11). Every other booking is CONFIRMED."""
_RAW_MIME = ("anymail.backends.amazon_ses.",)
"""Services that get an email as it is. To others, django-anymail passes only text, HTML and attachments."""


def calendar_method(message: Message, booking: Booking) -> str:
    """Return the method of an email's calendar file (RFC 5546); empty if the email has none.

    An email about a request has none, because nothing is booked. A cancellation has one only if an
    invitation may have reached the recipient before.
    """
    since = first_confirmed_at(booking)
    if since is None:
        return ""
    if message.kind in INVITING_KINDS:
        return "REQUEST"
    is_cancelled = message.kind == Message.Kind.CANCELLATION
    return "CANCEL" if is_cancelled and may_have_invitation(message, booking, since=since) else ""


def calendar_files(message: Message, bookings: list[Booking], sender: Sender) -> list[tuple[bytes, str]]:
    """Return the calendar files of a message, each with its method: one for each booking that has one."""
    return [
        (booking_calendar_file(booking, method=method, attendee=message.recipient, sender=sender), method)
        for booking in bookings
        if (method := calendar_method(message, booking))
    ]


def attach_calendar_files(email: EmailMultiAlternatives, files: list[tuple[bytes, str]]) -> None:
    """Add calendar files to an email.

    One file: an alternative of the text, which mail programs show as an invitation, and a file to open.
    Several files: attachments only, because an invitation contains one event (RFC 5546, section 3.2.2).
    """
    if len(files) == 1 and _keeps_alternatives():
        ((content, method),) = files
        email.attach_alternative(content.decode(), f"text/calendar; method={method}")
        # Of another type, so that mail programs do not show the invitation twice.
        email.attach("appointment.ics", content, "application/ics")
        return
    for number, (content, method) in enumerate(files, start=1):
        name = f"appointment-{number}.ics" if len(files) > 1 else "appointment.ics"
        email.attach(_calendar_part(content, method=method, name=name))


def booking_calendar_file(
    booking: Booking, *, method: str, attendee: User | None, sender: Sender | None = None
) -> bytes:
    """Return the booking as a calendar file for its patient or a carer (`attendee`)."""
    return calendar_file(booking_event(booking, attendee=attendee, sender=sender), method=method)


def booking_event(booking: Booking, *, attendee: User | None, sender: Sender | None = None) -> Appointment:
    """Return the booking as a calendar event, with the only details that any calendar gets."""
    booking, sender = booking_snapshot(booking), sender or clinic_sender()
    clinic, brand = sender.clinic, sender.brand
    return Appointment(
        uid=message_id(booking.pk)[1:-1],
        sequence=calendar_sequence(booking),
        status=ICALENDAR_STATUSES.get(Booking.Status(booking.status), "CONFIRMED"),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=_summary(booking, attendee),
        description=_description(booking, brand),
        location=location_in_words(booking, brand),
        url=sender.url(f"/appointments/{booking.pk}"),
        is_video=visit_mode(booking) == VisitType.Mode.VIDEO,
        organizer_name=header_safe(clinic.name),
        organizer_email=brand.email or settings.DEFAULT_FROM_EMAIL,
        attendee_name=header_safe(recipient_name(attendee) if attendee else booking.patient.full_name),
        attendee_email=attendee.email if attendee else settings.DEFAULT_FROM_EMAIL,
        changed_at=history_of(booking)[-1].at,
    )


def _summary(booking: Booking, attendee: User | None) -> str:
    """Return the title of the event. A carer with a confirmed address reads the dependant's first name."""
    names = {"clinic": current_clinic().name, "name": booking.patient.first_name}
    if attendee and booking.patient.user_id != attendee.pk and knows_recipient(attendee):
        return _("%(name)s: appointment at %(clinic)s") % names
    return _("Appointment at %(clinic)s") % names


def _description(booking: Booking, brand: ClinicSettings) -> str:
    """Return the description of the event: time with zone, doctor, telephone number. Not the visit type."""
    words = {
        "doctor": booking.doctor.display_name,
        "phone": brand.phone,
        **period_in_words(booking.starts_at, booking.ends_at, booking.place),
    }
    lines = [_("%(day)s, %(time)s (%(zone)s), with %(doctor)s") % words]
    if visit_mode(booking) == VisitType.Mode.VIDEO:
        lines.append(_("This is a video appointment. Find the link on your appointment page."))
    if brand.phone:
        lines.append(_("To change it, use the link or call %(phone)s.") % words)
    return "\n".join(lines)


def _keeps_alternatives() -> bool:
    """Return whether the mail service sends a calendar file as an alternative of the text."""
    backend = str(settings.EMAIL_BACKEND)
    return not backend.startswith("anymail.") or backend.startswith(_RAW_MIME)


def _calendar_part(content: bytes, *, method: str, name: str) -> MIMENonMultipart:
    """Return the calendar file as an attachment that mail programs offer to import (RFC 6047)."""
    part = MIMENonMultipart("text", "calendar", method=method, charset="utf-8")
    part.set_payload(content.decode(), "utf-8")
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part
