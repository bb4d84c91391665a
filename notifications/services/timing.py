"""When messages may be sent, and when those that are planned by time are due."""

from datetime import datetime
from zoneinfo import ZoneInfo

from clinics.selectors import clinic_settings
from notifications.models import Channel, Message
from notifications.reminder_times import VisitStart
from notifications.selectors import visit_zone
from scheduling.calendar.clinic_quiet_hours import quiet_hours
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.clock import time_zone_names

Kind = Message.Kind
TIMED = (Kind.REMINDER, Kind.QUESTIONNAIRE, Kind.FOLLOW_UP)
"""The kinds that are planned by the time of the visit. The others follow an event at once."""
_NOT_IN_QUIET_HOURS = (*TIMED, Kind.OFFER, Kind.OFFER_WITHDRAWN)


def earliest_due(message: Message, *, now: datetime, zone: ZoneInfo | None = None) -> datetime:
    """Return when to send a message: now, but not during the clinic's quiet hours if it can wait.

    Offers and reminders wait, and so do all text messages, because a telephone wakes people up. Other text
    messages do not wait if the visit starts before the quiet hours end, because they would come too late.

    :param zone: in which the quiet hours count; None for the clinic's
    """
    is_text, always_waits = message.channel == Channel.SMS, message.kind in _NOT_IN_QUIET_HOURS
    if not is_text and not always_waits:
        return now
    due = quiet_hours(clinic_settings(), zone=zone).earliest_contact(now)
    starts_at = message.booking.starts_at if message.booking else None
    too_late = starts_at is not None and now < starts_at <= due
    return now if too_late and not always_waits else due


def zone_of_recipient(message: Message) -> ZoneInfo | None:
    """Return the zone in which the quiet hours of a message's recipient count; None for the clinic's."""
    if message.booking is None:
        return None
    return recipient_zone(message.recipient, message.booking)


def recipient_zone(recipient: User, booking: Booking) -> ZoneInfo:
    """Return the recipient's own time zone, or else that of the visit."""
    record = getattr(recipient, "patient", None)
    is_known = record is not None and record.time_zone in time_zone_names()
    return ZoneInfo(record.time_zone) if record and is_known else visit_zone(booking)


def visit_start(booking: Booking, recipient: User) -> VisitStart:
    """Return the start of a visit, with what decides when its recipient is reminded of it."""
    quiet = quiet_hours(clinic_settings(), zone=recipient_zone(recipient, booking))
    return VisitStart(booking.starts_at, visit_zone(booking), quiet)


def reminder_offsets(booking: Booking) -> list[int]:
    """Return how many minutes before a visit reminders are sent: its visit type's, or the clinic's."""
    if booking.visit_type and booking.visit_type.reminder_minutes is not None:
        return booking.visit_type.reminder_minutes
    return clinic_settings().reminder_minutes
