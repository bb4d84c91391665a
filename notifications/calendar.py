"""Calendar files (RFC 5545, RFC 5546): one appointment for an email, or all appointments for a feed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vDuration, vText, vUri

_ALARM_BEFORE = timedelta(hours=2)
"""When a calendar reminds of an appointment: in time to leave. Reminders by email cover the days before."""
_REFRESH_INTERVAL = timedelta(minutes=15)
"""How often calendar programs should fetch a feed. Most fetch it less often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A booking as a calendar event. The reason for the visit is left out."""

    uid: str
    sequence: int
    """0 for a new booking, incremented with every change. Calendar programs keep the highest."""
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    url: str
    changed_at: datetime
    status: str
    """CONFIRMED, TENTATIVE or CANCELLED."""
    is_video: bool = False
    """Whether `url` is the page with the link of a video call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment(Entry):
    """An event that the clinic sends to an attendee."""

    organizer_name: str
    organizer_email: str
    attendee_name: str
    attendee_email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry(Entry):
    """An event in a feed."""


def calendar_file(appointment: Appointment, *, method: str) -> bytes:
    """Return an iCalendar object. `method` is REQUEST, CANCEL or PUBLISH. Its times are in UTC.

    It has an alarm, unless the appointment is cancelled.
    """
    event = _event(appointment, status="CANCELLED" if method == "CANCEL" else appointment.status)
    event.add("organizer", _address(appointment.organizer_name, appointment.organizer_email))
    attendee = _address(appointment.attendee_name, appointment.attendee_email)
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    if method != "CANCEL":
        event.add_component(_alarm(appointment.summary))
    calendar = _calendar()
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def feed_file(entries: Iterable[FeedEntry], *, name: str) -> bytes:
    """Return the iCalendar object of a feed. It has no method, because it invites nobody."""
    calendar = _calendar()
    # NAME and REFRESH-INTERVAL are defined in RFC 7986; most programs read the X- properties instead.
    for label in ("name", "x-wr-calname"):
        calendar.add(label, vText(name))
    calendar.add("refresh-interval", vDuration(_REFRESH_INTERVAL), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH_INTERVAL))
    for entry in entries:
        calendar.add_component(_event(entry, status=entry.status))
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//clinic-appointments//booking//EN")
    calendar.add("version", "2.0")
    return calendar


def _event(entry: Entry, *, status: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    # In UTC, not in the clinic's time zone: when clocks go back, a local time that occurs twice would mean
    # the first one (RFC 5545, section 3.3.5), an hour too early for an appointment at the second.
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.summary)
    if entry.description:
        event.add("description", entry.description)
    event.add("location", entry.location)
    event.add("url", entry.url)
    if entry.is_video:
        # RFC 7986. The page asks to sign in: the link of the call itself is in no email.
        event.add("conference", vUri(entry.url), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    event.add("status", status)
    # Colleagues with whom a calendar is shared see that the time is busy, and no more.
    event.add("class", "PRIVATE")
    return event


def _alarm(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -_ALARM_BEFORE)
    return alarm


def _address(name: str, email: str) -> vCalAddress:
    """Return a calendar user. The name may be empty."""
    user = vCalAddress(f"mailto:{email}")
    if name:
        user.params["CN"] = vText(name)
    return user
