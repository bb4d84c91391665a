"""A visit in words, for emails and calendars: time with zone, doctor, place, price, deadline for changes."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinics.models import ClinicSettings
from notifications.envelope import Sender
from scheduling.bookings.cancel import CANCELLABLE, notice_deadline
from scheduling.clock.clock_changes import clock_pass
from scheduling.models import Booking, Place, VisitType
from tenants.accounts.models import User
from tenants.base.clock import format_day, format_time, time_zone_label
from tenants.base.words import price
from tenants.current import current_clinic

_MAP = "https://www.openstreetmap.org/search?query="
"""Shows an address in any browser, and needs no account. A `geo:` link would work on phones only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What an email says about a visit. Everything is in words, in the recipient's language."""

    day: str
    time: str
    end: str
    zone: str
    doctor: str
    cared_for: str
    """The full name of the dependant; empty for the recipient's own visit."""
    visit_type: str
    """The name of the visit type; empty if the clinic does not name it, or the address is not confirmed."""
    meeting: str
    """How a video or telephone visit takes place; empty for one in person."""
    place: str
    address: str
    map_url: str
    price: str
    preparation: str
    """How to prepare for the visit, as the clinic wrote it."""
    bring: str
    """What to bring, as the clinic wrote it."""
    changes: str
    """Until when the patient can reschedule or cancel online; empty if the visit cannot be changed."""
    booking_url: str
    links: dict[str, str] = field(default_factory=dict)
    """Links that work without signing in, by their names (`message_links`)."""


def visit_in_words(
    booking: Booking, *, recipient: User, sender: Sender, links: dict[str, str] | None = None, now: datetime
) -> Visit:
    """Return what an email to `recipient` says about a booking."""
    is_of_other, is_known = booking.patient.user_id != recipient.pk, knows_recipient(recipient)
    place, meeting = booking.place, remote_instructions(booking)
    address = "" if meeting else (place.address if place else sender.brand.address)
    return Visit(
        **period_in_words(booking.starts_at, booking.ends_at, place),
        doctor=booking.doctor.display_name,
        cared_for=booking.patient.full_name if is_of_other and is_known else "",
        # Not to an address that may be a stranger's.
        visit_type=_visit_type_name(booking) if is_known else "",
        meeting=meeting,
        place=place.name if place and not meeting else "",
        address=address,
        map_url=_MAP + quote(_one_line(address), safe="") if address else "",
        price=_price(booking),
        preparation=booking.visit_type.preparation if booking.visit_type else "",
        bring=booking.visit_type.bring if booking.visit_type else "",
        changes=_changes_in_words(booking, sender.brand, now=now),
        booking_url=sender.url(f"/appointments/{booking.pk}"),
        links=links or {},
    )


def knows_recipient(user: User) -> bool:
    """Return whether somebody has confirmed that they read emails to the user's address."""
    return user.email_verified_at is not None


def recipient_name(user: User) -> str:
    """Return the full name for an email to `user`; "" if nobody has confirmed the address.

    Anybody can register with anybody's address. An email to such an address contains no text that somebody
    typed, because a name can be a message, such as "URGENT: see evil.example".
    """
    return user.get_full_name() if knows_recipient(user) else ""


def greeting(user: User | None) -> str:
    """Return the greeting of an email: with the first name, if the user has confirmed the address."""
    if user is None or not recipient_name(user):
        return _("Hello,")
    return _("Hello %(name)s,") % {"name": user.first_name}


def period_in_words(starts_at: datetime, ends_at: datetime, place: Place | None) -> dict[str, str]:
    """Return day, times and zone in words, in the time zone of the place, or of the clinic without one."""
    location = place or current_clinic()
    return {
        "day": format_day(starts_at, location.zone),
        "time": time_in_words(starts_at, location.zone),
        "end": time_in_words(ends_at, location.zone),
        "zone": time_zone_label(location.time_zone),
    }


def time_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """Return the local time in words. If it occurs twice, because clocks go back, add which one it is."""
    formats = {
        1: _("%(time)s (first time, before the clocks go back)"),
        2: _("%(time)s (second time, after the clocks have gone back)"),
    }
    return formats.get(clock_pass(instant, zone), "%(time)s") % {"time": format_time(instant, zone)}


def remote_instructions(booking: Booking) -> str:
    """Return how a video or phone appointment takes place; empty for one in person.

    The video link itself is not sent by email.
    """
    instructions = {
        VisitType.Mode.VIDEO: _("This is a video appointment. Find the link on your appointment page."),
        VisitType.Mode.PHONE: _(
            "This is a phone appointment. We will call you on the number in your profile."
        ),
    }
    return instructions.get(visit_mode(booking), "")


def visit_mode(booking: Booking) -> VisitType.Mode:
    """Return whether the booking is in person, by video or by phone."""
    return VisitType.Mode(booking.visit_type.mode) if booking.visit_type else VisitType.Mode.IN_PERSON


def location_in_words(booking: Booking, brand: ClinicSettings) -> str:
    """Return the location of a booking in one line, for a calendar."""
    place = booking.place
    remote = {VisitType.Mode.VIDEO: _("Video appointment"), VisitType.Mode.PHONE: _("Phone appointment")}
    if location := remote.get(visit_mode(booking)):
        return location
    lines = [place.name, *place.address.splitlines()] if place else brand.address.splitlines()
    return ", ".join([current_clinic().name, *lines])


def _visit_type_name(booking: Booking) -> str:
    """Return the name of the visit type, which may be about health: only in the body of an email."""
    visit_type = booking.visit_type
    return visit_type.name if visit_type and visit_type.is_named_in_messages else ""


def _price(booking: Booking) -> str:
    """Return the price as the recipient's language writes it, such as £25.00; empty without one."""
    visit_type = booking.visit_type
    if visit_type is None or visit_type.price is None:
        return ""
    return price(str(visit_type.price), visit_type.currency)


def _changes_in_words(booking: Booking, brand: ClinicSettings, *, now: datetime) -> str:
    """Return until when the patient can reschedule and cancel online, and else how to ask the clinic."""
    if booking.status not in CANCELLABLE or booking.starts_at <= now:
        return ""
    move = notice_deadline(booking, minutes=brand.reschedule_notice_minutes)
    cancel = notice_deadline(booking, minutes=brand.cancellation_notice_minutes)
    if move == cancel:
        both = _("You can reschedule or cancel online until %(until)s.")
        neither = _("It is too late to reschedule or cancel online.")
        return _deadline(booking, move, both, neither, now=now)
    return " ".join(
        [
            _deadline(
                booking,
                move,
                _("You can reschedule online until %(until)s."),
                _("It is too late to reschedule online."),
                now=now,
            ),
            _deadline(
                booking,
                cancel,
                _("You can cancel online until %(until)s."),
                _("It is too late to cancel online."),
                now=now,
            ),
        ]
    )


def _deadline(booking: Booking, until: datetime, before: str, after: str, *, now: datetime) -> str:
    """Return the sentence about a deadline: `before` with its time, or `after` once it has passed."""
    if until < now:
        return after
    if until == booking.starts_at:
        return before % {"until": _("your appointment starts")}
    location = booking.place or current_clinic()
    words = {
        "day": format_day(until, location.zone),
        "time": time_in_words(until, location.zone),
        "zone": time_zone_label(location.time_zone),
    }
    return before % {"until": _("%(day)s, %(time)s (%(zone)s)") % words}


def _one_line(address: str) -> str:
    return ", ".join(line.strip() for line in address.splitlines() if line.strip())
