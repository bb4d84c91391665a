"""Links to the page of an online calendar that adds a new event, filled in with an appointment.

Google documents its address (https://support.google.com/calendar/answer/41207); Microsoft documents none, and
these are the addresses that its own services use. All times are in UTC.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from notifications.calendar import Entry


def _google(event: Entry) -> str:
    period = "/".join(
        _utc(instant).strftime("%Y%m%dT%H%M%SZ") for instant in (event.starts_at, event.ends_at)
    )
    fields = {"action": "TEMPLATE", "text": event.summary, "dates": period, "details": _details(event)}
    return _address("calendar.google.com/calendar/render", {**fields, "location": event.location})


def _outlook(event: Entry) -> str:
    return _address("outlook.live.com/calendar/0/deeplink/compose", _microsoft_fields(event))


def _office(event: Entry) -> str:
    return _address("outlook.office.com/calendar/0/deeplink/compose", _microsoft_fields(event))


CALENDAR_LINKS: dict[str, Callable[[Entry], str]] = {
    "google": _google,
    "outlook": _outlook,
    "office365": _office,
}
"""Returns the link for an event, by the name of the calendar in our own addresses."""


def _microsoft_fields(event: Entry) -> dict[str, str]:
    return {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event.summary,
        "startdt": _utc(event.starts_at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "enddt": _utc(event.ends_at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "body": _details(event),
        "location": event.location,
    }


def _details(event: Entry) -> str:
    """Return the description with the address of the appointment's page, for which there is no field."""
    return "\n\n".join(part for part in (event.description, event.url) if part)


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


def _address(page: str, fields: dict[str, str]) -> str:
    # Outlook shows a space that is written as "+" as a plus sign.
    return f"https://{page}?{urlencode(fields, quote_via=quote)}"
