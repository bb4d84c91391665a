"""When a message may be sent."""

from datetime import datetime

from clinics.selectors import clinic_settings
from notifications.models import Message
from scheduling.calendar.clinic_quiet_hours import quiet_hours

Kind = Message.Kind


def earliest_due(kind: str, *, now: datetime) -> datetime:
    """Return when to send a message: now, but offers not during the clinic's quiet hours."""
    about_offer = kind in (Kind.OFFER, Kind.OFFER_WITHDRAWN)
    return quiet_hours(clinic_settings()).earliest_contact(now) if about_offer else now
