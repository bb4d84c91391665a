"""Series: the same time every week or month, each visit a booking of its own, and a report of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from clinics.models import Doctor, Patient
from clinics.selectors import clinic_settings
from scheduling.clock_changes import instants_of, which_pass
from scheduling.errors import SeriesNotBooked, SlotNotOffered, SlotStarted, TooFarAhead
from scheduling.models import Booking, Series, Slot, VisitType
from scheduling.recurring import Missing, Unit, series_days
from scheduling.selectors.availability import SlotStart, nearest_open_slots
from scheduling.selectors.series import slots_at, upcoming_of
from scheduling.selectors.windows import Window, booking_window
from scheduling.services.booking import book_slot
from scheduling.services.cancelling import cancel_booking
from scheduling.services.next_open import time_changes
from tenants.accounts.models import User
from tenants.base.clock import spoken_day, spoken_time
from tenants.base.errors import DomainError
from tenants.door import current_clinic
from tenants.retrying import retry_conflicts

_CODES_WITH_ALTERNATIVES = frozenset({
    "clock_skips", "slot_taken", "slot_not_offered", "rooms_taken", "visit_too_long", "patient_busy",
})  # fmt: skip
"""Where another time is what helps."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of one visit of a series."""

    number: int
    on: date | None
    """None where the month has no such day."""
    booking: Booking | None = None
    code: str = ""
    """Why it is not booked; of one that is, `clock_repeats` where its time comes twice."""
    message: str = ""
    near: datetime | None = None
    """Around when alternatives are of use."""
    alternatives: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Booked:
    """A series with the report of its visits."""

    series: Series
    visits: list[Visit]


@retry_conflicts
def book_series(
    *,
    patient: Patient,
    by: User,
    doctor: Doctor,
    first: date,
    clock: int,
    unit: Unit,
    every: int,
    count: int,
    visit_type: VisitType | None = None,
    reason: str = "",
    answers: Mapping[str, str] | None = None,
    now: datetime,
) -> Booked:
    """Book what can be booked of a series, and report of each visit what became of it.

    :param clock: minutes after midnight, as the clock on the wall of the place shows them; less than 1440
    :raises SeriesNotBooked: nothing of it; `data.instances` has the report
    :raises InvalidInput: a question that must be answered is not
    """
    days = series_days(first=first, unit=unit, every=every, count=count)
    slots = slots_at(doctor, days=[day for day in days if isinstance(day, date)], clock=clock)
    by_staff = by.role != User.Role.PATIENT
    window = booking_window(clinic_settings(), visit_type=visit_type, by_staff=by_staff, now=now)
    words: dict[str, Any] = {
        "patient": patient, "by": by, "visit_type": visit_type, "reason": reason, "answers": answers,
        "now": now,
    }  # fmt: skip
    with transaction.atomic(), time_changes():
        series = Series.objects.create(
            patient=patient, doctor=doctor, first_on=first, clock=clock, unit=unit, every=every, count=count,
            by=by, created_at=now,
        )  # fmt: skip
        zone = _default_zone(slots)
        words["series_id"] = series.pk
        visits = [
            _no_such_day(number, day)
            if isinstance(day, Missing)
            else _book_visit(
                number, day, clock=clock, zone=zone, slot=slots.get(day), window=window, words=words
            )
            for number, day in enumerate(days, start=1)
        ]
        # Looked for last: what the series itself has taken is no alternative.
        visits = _with_alternatives(visits, doctor=doctor, visit_type=visit_type, window=window, now=now)
        if all(visit.booking is None for visit in visits):
            raise SeriesNotBooked({"instances": visits})
    return Booked(series, visits)


def _default_zone(slots: Mapping[date, Slot]) -> ZoneInfo:
    """By which clock a day without a slot is told: that of the first slot there is, else the clinic's."""
    first = slots[min(slots)] if slots else None
    return first.place.zone if first and first.place else current_clinic().zone


def _book_visit(
    number: int,
    day: date,
    *,
    clock: int,
    zone: ZoneInfo,
    slot: Slot | None,
    window: Window,
    words: Mapping[str, Any],
) -> Visit:
    """Book one visit, in a savepoint of its own."""
    instants = instants_of(day, clock, zone)
    if slot is None and not instants:
        return _clock_skips(number, day, clock)
    starts_at = slot.starts_at if slot else instants[0]
    try:
        if slot is None:
            raise _no_slot_reason(starts_at, window=window, now=words["now"])
        booking = book_slot(slot_id=slot.pk, **words)
    except DomainError as refused:
        if refused.status == 400:  # noqa: PLR2004  what was sent is wrong, of every visit alike
            raise
        return Visit(number, day, code=refused.code, message=refused.in_words, near=starts_at)
    zone = booking.place.zone if booking.place else current_clinic().zone
    if which_pass(starts_at, zone):
        return Visit(
            number, day, booking, code="clock_repeats", message=_repeated_time_message(starts_at, zone)
        )
    return Visit(number, day, booking)


def _no_slot_reason(starts_at: datetime, *, window: Window, now: datetime) -> DomainError:
    """Why there is nothing at that time: it is over, not yet open, or never was offered."""
    if starts_at <= now:
        return SlotStarted()
    return TooFarAhead() if starts_at >= window.before else SlotNotOffered()


def _no_such_day(number: int, month: Missing) -> Visit:
    """A month has no 31st, or no fifth Tuesday."""
    in_words = date_format(date(month.year, month.month, 1), "F Y")
    return Visit(number, None, code="no_such_day", message=_("There is no such day in %(month)s.") % {
        "month": in_words
    })  # fmt: skip


def _clock_skips(number: int, day: date, clock: int) -> Visit:
    """The clock is set forward over that time."""
    shown = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=clock)
    utc = ZoneInfo("UTC")
    told = {"day": spoken_day(shown, utc), "time": spoken_time(shown, utc)}
    message = _("On %(day)s the clock skips %(time)s.") % told
    return Visit(number, day, code="clock_skips", message=message, near=shown)


def _repeated_time_message(starts_at: datetime, zone: ZoneInfo) -> str:
    """The clock is set back and shows that time twice."""
    told = {"day": spoken_day(starts_at, zone), "time": spoken_time(starts_at, zone)}
    if which_pass(starts_at, zone) == 1:
        return _("On %(day)s the clock shows %(time)s twice. This is the first time.") % told
    return _("On %(day)s the clock shows %(time)s twice. This is the second time.") % told


def _with_alternatives(
    visits: Iterable[Visit], *, doctor: Doctor, visit_type: VisitType | None, window: Window, now: datetime
) -> list[Visit]:
    """The same report, with the nearest open slots where another time helps."""
    found = []
    for visit in visits:
        if visit.code in _CODES_WITH_ALTERNATIVES and visit.near and visit.booking is None:
            near = SlotStart(None, doctor.pk, visit.near)
            nearest = nearest_open_slots(near, visit_type=visit_type, window=window, now=now)
            found.append(replace(visit, alternatives=tuple(nearest)))
        else:
            found.append(visit)
    return found


def cancel_series(*, seen: Any, by: User, reason: str = "", now: datetime) -> list[Visit]:
    """Cancel what is still to come of a series, each visit for itself; what may not be cancelled stays.

    :param seen: the bookings of the series that `by` may see
    """
    visits = []
    for number, booking in enumerate(upcoming_of(seen, now=now), start=1):
        day = local_day(booking)
        try:
            cancelled = cancel_booking(booking=booking, by=by, reason=reason, now=now)
            visits.append(Visit(number, day, cancelled))
        except DomainError as refused:
            visits.append(Visit(number, day, booking, code=refused.code, message=refused.in_words))
    return visits


def local_day(booking: Booking) -> date:
    """The day on the wall where the visit is."""
    zone = booking.place.zone if booking.place else current_clinic().zone
    return booking.starts_at.astimezone(zone).date()
