"""What the front desk says to a caller about an appointment that is booked, in the language of the desk."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from notifications.models import Channel, Message
from notifications.preferences import channels_for, is_wanted
from notifications.recipients import recipients_of
from notifications.services.timed_messages import upcoming_messages
from notifications.visit_context import period_in_words, visit_mode
from scheduling.models import Booking, VisitType
from tenants.accounts.models import User
from tenants.current import current_clinic
from tenants.phone_numbers import format_phone

_MODE = VisitType.Mode


@dataclass(frozen=True, slots=True)
class SpokenBooking:
    """The sentences, and the addresses to which messages are sent, for the desk to check."""

    appointment: str
    messages: str
    addresses: tuple[str, ...]


def spoken_booking(booking: Booking, *, now: datetime) -> SpokenBooking:
    """Return what to say to the caller. It promises only messages that are planned for the booking."""
    recipients = [user for user in recipients_of(booking) if user.is_active]
    confirmed = [user for user in recipients if _gets_confirmation(user)]
    return SpokenBooking(
        appointment=_appointment(booking),
        messages=_messages(booking, recipients, confirmed, now=now),
        addresses=tuple(user.email for user in confirmed),
    )


def _gets_confirmation(user: User) -> bool:
    """Return whether an email can reach the user: there is an address, and emails to it are not held."""
    return Channel.EMAIL in channels_for(user, kind=Message.Kind.CONFIRMATION) and not user.email_problem


def _appointment(booking: Booking) -> str:
    """Return day, time, doctor and place in one sentence."""
    facts = {
        **period_in_words(booking.starts_at, booking.ends_at, booking.place),
        "doctor": booking.doctor.display_name,
        "place": _place(booking, clinic_settings()),
        "phone": format_phone(booking.patient.phone),
    }
    mode = visit_mode(booking)
    if mode == _MODE.VIDEO:
        return _("That is %(day)s at %(time)s, %(zone)s, with %(doctor)s, by video.") % facts
    if mode == _MODE.PHONE and facts["phone"]:
        return _("That is %(day)s at %(time)s, %(zone)s. %(doctor)s will call you on %(phone)s.") % facts
    if mode == _MODE.PHONE:
        return _("That is %(day)s at %(time)s, %(zone)s. %(doctor)s will call you.") % facts
    if facts["place"]:
        return _("That is %(day)s at %(time)s, %(zone)s, with %(doctor)s at %(place)s.") % facts
    return _("That is %(day)s at %(time)s, %(zone)s, with %(doctor)s.") % facts


def _place(booking: Booking, settings: ClinicSettings) -> str:
    """Return the place's name and the first line of its address; that of the clinic without a place."""
    address = booking.place.address if booking.place else settings.address
    names = [booking.place.name] if booking.place else []
    return ", ".join(names + [line.strip().rstrip(",") for line in address.splitlines()[:1] if line.strip()])


def _messages(booking: Booking, recipients: list[User], confirmed: list[User], *, now: datetime) -> str:
    """Return which messages the caller will get."""
    reminders = _list_in_words(_reminders(booking, recipients, now=now))
    if confirmed and reminders:
        text = _("You will get a confirmation by email, and a reminder %(when)s.")
        return text % {"when": reminders}
    if confirmed:
        return _("You will get a confirmation by email.")
    if reminders:
        return _("You will get a reminder %(when)s.") % {"when": reminders}
    if any(user.email_problem for user in recipients):
        return _("Our emails do not reach you, so please write this down.")
    return _("We have no email address for you, so please write this down.")


def _reminders(booking: Booking, recipients: list[User], *, now: datetime) -> list[str]:
    """Return when reminders come, and over which channel if it is not email, earliest first."""
    reachable = {user.pk for user in recipients}
    planned = [
        message
        for message in upcoming_messages(booking, since=now)
        if message.kind == Message.Kind.REMINDER and message.recipient_id in reachable and _arrives(message)
    ]
    planned.sort(key=lambda message: message.due_at)
    return list(dict.fromkeys(_reminder(booking, message) for message in planned))


def _arrives(message: Message) -> bool:
    """Return whether the recipient wants the message, and the channel reaches them."""
    user = message.recipient
    if message.channel == Channel.EMAIL and user.email_problem:
        return False
    return is_wanted(user, kind=message.kind, channel=message.channel)


def _reminder(booking: Booking, message: Message) -> str:
    """Return when a reminder comes: counted in days of the calendar at the place."""
    zone = (booking.place or current_clinic()).zone
    days = (booking.starts_at.astimezone(zone).date() - message.due_at.astimezone(zone).date()).days
    when = {0: _("on the day"), 1: _("the day before")}.get(days) or ngettext(
        "%(count)d day before", "%(count)d days before", days
    ) % {"count": days}
    return _("%(when)s by text message") % {"when": when} if message.channel == Channel.SMS else when


def _list_in_words(parts: list[str]) -> str:
    """Return the parts as a list in words: “a”, “a and b”, “a, b and c”."""
    if len(parts) < 2:  # noqa: PLR2004
        return "".join(parts)
    return _("%(list)s and %(last)s") % {"list": ", ".join(parts[:-1]), "last": parts[-1]}
