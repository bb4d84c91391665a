"""What a message says: subject, text, HTML, calendar file; in the clinic's brand, zone and language."""

from contextlib import AbstractContextManager
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import formataddr
from typing import Any
from unicodedata import category

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from notifications.calendar import Appointment, calendar_file
from notifications.models import Message
from scheduling.models import Booking
from tenants.accounts.models import EmailVerification, User
from tenants.accounts.verification import open_verification, verification_token
from tenants.base.clock import now as clock_now
from tenants.base.clock import spoken_day, spoken_time, zone_label
from tenants.door import current_clinic
from tenants.links import clinic_url, message_id
from tenants.models import Clinic

SUBJECTS = {
    Message.Kind.CONFIRMATION: gettext_noop("Appointment confirmed: %(day)s, %(time)s (%(zone)s)"),
    Message.Kind.CANCELLATION: gettext_noop("Appointment cancelled: %(day)s, %(time)s (%(zone)s)"),
}
NOT_TEXT = {"Cc", "Zl", "Zp"}
METHODS = {Message.Kind.CONFIRMATION: "REQUEST", Message.Kind.CANCELLATION: "CANCEL"}


def letter_for(message: Message) -> EmailMultiAlternatives:
    """The e-mail, ready to go."""
    booking, clinic, brand = message.event.booking, current_clinic(), clinic_settings()
    kind = Message.Kind(message.kind)
    with spoken_language(brand):
        words = words_for(message, brand)
        letter = EmailMultiAlternatives(
            subject=_(SUBJECTS[kind]) % {"day": words["day"], "time": words["time"], "zone": words["zone"]},
            body=render_to_string(f"notifications/{kind.value}.txt", words),
            headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
            **addressed(clinic, brand, name=message.recipient.get_full_name(), email=message.recipient.email),
        )
        letter.attach_alternative(render_to_string(f"notifications/{kind.value}.html", words), "text/html")
        letter.attach(
            calendar_part(
                calendar_of(booking, method=METHODS[kind], attendee=message.recipient), method=METHODS[kind]
            )
        )
    return letter


def spoken_language(brand: ClinicSettings) -> AbstractContextManager[None]:
    """The clinic's first language, for the length of a `with`."""
    return translation.override(brand.languages[0] if brand.languages else settings.LANGUAGE_CODE)


def addressed(clinic: Clinic, brand: ClinicSettings, *, name: str, email: str) -> dict[str, Any]:
    """Who a letter of the clinic is from, to whom it goes and who reads the answer."""
    return {
        "from_email": formataddr((one_line(clinic.name), settings.DEFAULT_FROM_EMAIL)),
        "to": [formataddr((one_line(name), email))],
        "reply_to": [brand.email] if brand.email else [],
    }


def one_line(name: str) -> str:
    """A name as a header may carry it: what ends lines or controls terminals becomes a space."""
    return " ".join("".join(" " if category(each) in NOT_TEXT else each for each in name).split())


def words_for(message: Message, brand: ClinicSettings) -> dict[str, Any]:
    """What the templates say, times already spelled out on the clinic's wall."""
    booking, clinic, recipient = message.event.booking, current_clinic(), message.recipient
    return {
        "clinic": clinic,
        "brand": brand,
        "name": recipient.first_name,
        "cared_for": "" if booking.patient.user_id == recipient.pk else booking.patient.full_name,
        "doctor": booking.doctor.display_name,
        "day": spoken_day(booking.starts_at, clinic.zone),
        "time": spoken_time(booking.starts_at, clinic.zone),
        "end": spoken_time(booking.ends_at, clinic.zone),
        "zone": zone_label(clinic.time_zone),
        "booking_url": clinic_url(clinic, f"/appointments/{booking.pk}"),
        "new_booking_url": clinic_url(clinic, "/doctors"),
        "verify_url": _verify_url(message),
        "note": message.event.note if message.event.by_id != message.recipient_id else "",
    }


def verification_path(verification: EmailVerification) -> str:
    """Where the link that confirms an address leads."""
    return f"/verify-email?token={verification_token(verification)}"


def _verify_url(message: Message) -> str:
    """The link that confirms the recipient's address; none where they have done so, or in other mails."""
    recipient = message.recipient
    if message.kind != Message.Kind.CONFIRMATION or recipient.email_verified_at is not None:
        return ""
    path = verification_path(open_verification(user=recipient, now=clock_now()))
    return clinic_url(current_clinic(), path)


def calendar_of(booking: Booking, *, method: str, attendee: User | None) -> bytes:
    """The booking as a calendar file for its patient, or the one who cares for them."""
    clinic, brand = current_clinic(), clinic_settings()
    last = booking.events.latest("created_at", "id")
    return calendar_file(
        Appointment(
            uid=message_id(booking.pk)[1:-1],
            sequence=booking.events.count() - 1,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            summary=_("Appointment at %(clinic)s") % {"clinic": clinic.name},
            description=_("%(day)s, %(time)s (%(zone)s), with %(doctor)s")
            % {
                "day": spoken_day(booking.starts_at, clinic.zone),
                "time": spoken_time(booking.starts_at, clinic.zone),
                "zone": zone_label(clinic.time_zone),
                "doctor": booking.doctor.display_name,
            },
            location=", ".join([clinic.name, *brand.address.splitlines()]),
            url=clinic_url(clinic, f"/appointments/{booking.pk}"),
            organizer_name=one_line(clinic.name),
            organizer_email=brand.email or settings.DEFAULT_FROM_EMAIL,
            attendee_name=one_line(attendee.get_full_name() if attendee else booking.patient.full_name),
            attendee_email=attendee.email if attendee else settings.DEFAULT_FROM_EMAIL,
            changed_at=last.created_at,
        ),
        method=method,
    )


def calendar_part(content: bytes, *, method: str) -> MIMENonMultipart:
    """The calendar file as an attachment that mail programs offer to take over (RFC 6047)."""
    part = MIMENonMultipart("text", "calendar", method=method, charset="utf-8")
    part.set_payload(content.decode(), "utf-8")
    part.add_header("Content-Disposition", "attachment", filename="appointment.ics")
    return part
