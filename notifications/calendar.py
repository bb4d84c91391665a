"""Calendar files (RFC 5545, RFC 5546): an appointment for the patient's own calendar, or all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vDuration, vText

LOOK_AGAIN = timedelta(minutes=15)
"""How often a calendar is asked to fetch a feed. Most come more seldom, whatever they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
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
    changed_at: datetime
    status: str
    """CONFIRMED, TENTATIVE or CANCELLED."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment(Entry):
    """An entry that goes out by itself, from the clinic to somebody."""

    organizer_name: str
    organizer_email: str
    attendee_name: str
    attendee_email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry(Entry):
    """An entry among others in a feed."""


def calendar_file(appointment: Appointment, *, method: str) -> bytes:
    """The iCalendar object; `method` is REQUEST, CANCEL or PUBLISH. Its times are in UTC."""
    event = _event(appointment, status="CANCELLED" if method == "CANCEL" else appointment.status)
    event.add("organizer", address(appointment.organizer_name, appointment.organizer_email))
    attendee = address(appointment.attendee_name, appointment.attendee_email)
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    calendar = _calendar()
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def feed_file(entries: Iterable[FeedEntry], *, name: str) -> bytes:
    """The iCalendar object of a feed: no method, since it invites nobody and asks for no answer."""
    calendar = _calendar()
    # NAME and REFRESH-INTERVAL are RFC 7986's; what begins with X is what most calendars read.
    for named in ("name", "x-wr-calname"):
        calendar.add(named, vText(name))
    calendar.add("refresh-interval", vDuration(LOOK_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(LOOK_AGAIN))
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
    # Not in the clinic's zone: a local time that the clock shows twice could only mean its first pass
    # (RFC 5545, section 3.3.5), an hour early for whoever comes in the second.
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.summary)
    if entry.description:
        event.add("description", entry.description)
    event.add("location", entry.location)
    event.add("url", entry.url)
    event.add("status", status)
    return event


def address(name: str, email: str) -> vCalAddress:
    """A calendar user by name and e-mail."""
    user = vCalAddress(f"mailto:{email}")
    user.params["CN"] = vText(name)
    return user
