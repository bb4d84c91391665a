"""Calendar files (RFC 5545, RFC 5546): an appointment for the patient's own calendar."""

from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress, vText


@dataclass(frozen=True, slots=True)
class Appointment:
    """What a calendar is told of a booking. No word of why the patient comes."""

    uid: str
    sequence: int
    """0 for the booking, one more for every change; a calendar takes the highest."""
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    url: str
    organizer_name: str
    organizer_email: str
    attendee_name: str
    attendee_email: str
    changed_at: datetime


def calendar_file(appointment: Appointment, *, method: str) -> bytes:
    """The iCalendar object; `method` is REQUEST, CANCEL or PUBLISH. Its times are in UTC."""
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.changed_at)
    # Not in the clinic's zone: a local time that the clock shows twice could only mean its first pass
    # (RFC 5545, section 3.3.5), an hour early for whoever comes in the second.
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", appointment.summary)
    event.add("description", appointment.description)
    event.add("location", appointment.location)
    event.add("url", appointment.url)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("organizer", address(appointment.organizer_name, appointment.organizer_email))
    attendee = address(appointment.attendee_name, appointment.attendee_email)
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", "-//clinic-appointments//booking//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def address(name: str, email: str) -> vCalAddress:
    """A calendar user by name and e-mail."""
    user = vCalAddress(f"mailto:{email}")
    user.params["CN"] = vText(name)
    return user
