"""Recurring visits: book the same local time every week or month, and report the result of each visit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from clinics.models import Doctor, Patient
from clinics.selectors import clinic_settings
from scheduling.availability.booking_window import Window, booking_window
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.availability.open_slots import SlotStart, nearest_open_slots
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking, check_cancellable
from scheduling.clock.clock_changes import clock_pass, instants_at
from scheduling.clock.recurrence import MissingDay, Unit, series_days
from scheduling.errors import SeriesNotBooked, SlotNotOffered, SlotStarted, TooFarAhead
from scheduling.models import Booking, Series, Slot, VisitType
from scheduling.recurring_visits.selectors import slots_at, upcoming_visits
from tenants.accounts.models import User
from tenants.base.clock import format_day, format_time
from tenants.base.errors import DomainError
from tenants.base.retry import retry_conflicts
from tenants.current import current_clinic

_CODES_WITH_ALTERNATIVES = frozenset({
    "clock_skips", "slot_taken", "slot_not_offered", "rooms_taken", "visit_too_long", "patient_busy",
})  # fmt: skip
"""The codes of refusals that another time may avoid, so that alternatives are searched."""


@dataclass(frozen=True, slots=True)
class VisitResult:
    """The result for one visit of a series."""

    number: int
    on: date | None
    """The day of the visit; None if the month has no such day."""
    booking: Booking | None = None
    code: str = ""
    """Why it is not booked. For a booked visit, `clock_repeats` if its local time is repeated, else empty."""
    message: str = ""
    near: datetime | None = None
    """The instant around which alternatives are searched."""
    alternatives: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class BookedSeries:
    """A booked series and the result for each of its visits."""

    series: Series
    visits: list[VisitResult]


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
) -> BookedSeries:
    """Book the visits of a series that can be booked, and report the result of each.

    :param clock: minutes after midnight in the local time of the place; less than 1440
    :raises SeriesNotBooked: no visit could be booked; `data.instances` contains the results
    :raises InvalidInput: a required question is not answered
    """
    days = series_days(first=first, unit=unit, every=every, count=count)
    slots = slots_at(doctor, days=[day for day in days if isinstance(day, date)], clock=clock)
    by_staff = by.role != User.Role.PATIENT
    window = booking_window(clinic_settings(), visit_type=visit_type, by_staff=by_staff, now=now)
    request: dict[str, Any] = {
        "patient": patient, "by": by, "visit_type": visit_type, "reason": reason, "answers": answers,
        "now": now,
    }  # fmt: skip
    with transaction.atomic(), tracking_changes():
        series = Series.objects.create(
            patient=patient, doctor=doctor, first_on=first, clock=clock, unit=unit, every=every, count=count,
            by=by, created_at=now,
        )  # fmt: skip
        zone = _default_zone(slots)
        request["series_id"] = series.pk
        visits = [
            _no_such_day(number, day)
            if isinstance(day, MissingDay)
            else _book_visit(
                number, day, clock=clock, zone=zone, slot=slots.get(day), window=window, request=request
            )
            for number, day in enumerate(days, start=1)
        ]
        # After the bookings, so that no alternative is a time that this series has taken.
        visits = _with_alternatives(visits, doctor=doctor, visit_type=visit_type, window=window, now=now)
        if all(visit.booking is None for visit in visits):
            raise SeriesNotBooked({"instances": visits})
    return BookedSeries(series, visits)


def _default_zone(slots: Mapping[date, Slot]) -> ZoneInfo:
    """The time zone for days without a slot: that of the first slot's place, else the clinic's."""
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
    request: Mapping[str, Any],
) -> VisitResult:
    """Book one visit, and return the result. If it cannot be booked, the result has the reason.

    :raises DomainError: the request is invalid for all visits
    """
    instants = instants_at(day, clock, zone)
    if slot is None and not instants:
        return _clock_skips(number, day, clock)
    starts_at = slot.starts_at if slot else instants[0]
    try:
        if slot is None:
            raise _no_slot_reason(starts_at, window=window, now=request["now"])
        booking = book_slot(slot_id=slot.pk, **request)
    except DomainError as error:
        if error.status == 400:  # noqa: PLR2004  the request is invalid for all visits
            raise
        return VisitResult(number, day, code=error.code, message=error.message_with_details, near=starts_at)
    zone = booking.place.zone if booking.place else current_clinic().zone
    if clock_pass(starts_at, zone):
        return VisitResult(
            number, day, booking, code="clock_repeats", message=_repeated_time_message(starts_at, zone)
        )
    return VisitResult(number, day, booking)


def _no_slot_reason(starts_at: datetime, *, window: Window, now: datetime) -> DomainError:
    """The error for a time without a slot: it is past, beyond the booking window, or not offered."""
    if starts_at <= now:
        return SlotStarted()
    return TooFarAhead() if starts_at >= window.before else SlotNotOffered()


def _no_such_day(number: int, month: MissingDay) -> VisitResult:
    """The result for a month without the day: no 31st, or no fifth Tuesday."""
    month_name = date_format(date(month.year, month.month, 1), "F Y")
    return VisitResult(number, None, code="no_such_day", message=_("There is no such day in %(month)s.") % {
        "month": month_name
    })  # fmt: skip


def _clock_skips(number: int, day: date, clock: int) -> VisitResult:
    """The result for a local time that is skipped because the clocks go forward."""
    local = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=clock)
    utc = ZoneInfo("UTC")
    values = {"day": format_day(local, utc), "time": format_time(local, utc)}
    message = _("The clocks go forward on %(day)s, so %(time)s does not exist on that day.") % values
    return VisitResult(number, day, code="clock_skips", message=message, near=local)


def _repeated_time_message(starts_at: datetime, zone: ZoneInfo) -> str:
    """The message for a local time that is repeated because the clocks go back."""
    values = {"day": format_day(starts_at, zone), "time": format_time(starts_at, zone)}
    if clock_pass(starts_at, zone) == 1:
        return (
            _("The clocks go back on %(day)s, so %(time)s comes twice. This visit is at the first one.")
            % values
        )
    return (
        _("The clocks go back on %(day)s, so %(time)s comes twice. This visit is at the second one.") % values
    )


def _with_alternatives(
    visits: Iterable[VisitResult],
    *,
    doctor: Doctor,
    visit_type: VisitType | None,
    window: Window,
    now: datetime,
) -> list[VisitResult]:
    """The results. Visits that could be booked at another time get the nearest open slots."""
    results = []
    for visit in visits:
        if visit.code in _CODES_WITH_ALTERNATIVES and visit.near and visit.booking is None:
            near = SlotStart(None, doctor.pk, visit.near)
            nearest = nearest_open_slots(near, visit_type=visit_type, window=window, now=now)
            results.append(replace(visit, alternatives=tuple(nearest)))
        else:
            results.append(visit)
    return results


@retry_conflicts
def cancel_series(
    *,
    bookings: QuerySet[Booking],
    by: User,
    since: Booking | None = None,
    reason: str = "",
    private_reason: str = "",
    now: datetime,
) -> list[VisitResult]:
    """Cancel the upcoming visits of a series in one transaction, and report the result of each.

    A visit that cannot be cancelled stays booked. The patient gets one message about all that were cancelled,
    so no worker may see some of their events before the others.

    :param bookings: the bookings of the series that `by` may see
    :param since: the first visit to cancel; by default, all upcoming visits are cancelled
    """

    def cancel(booking: Booking) -> Booking:
        return cancel_booking(booking=booking, by=by, reason=reason, private_reason=private_reason, now=now)

    with transaction.atomic(), tracking_changes():
        return _each_upcoming(cancel, bookings, since=since, now=now)


def preview_cancellation(
    *, bookings: QuerySet[Booking], by: User, since: Booking | None = None, now: datetime
) -> list[VisitResult]:
    """The visits that `cancel_series` would cancel, and those that would stay booked, with the reason."""

    def check(booking: Booking) -> Booking:
        check_cancellable(booking, by=by, now=now)
        return booking

    return _each_upcoming(check, bookings, since=since, now=now)


def _each_upcoming(
    action: Callable[[Booking], Booking],
    bookings: QuerySet[Booking],
    *,
    since: Booking | None,
    now: datetime,
) -> list[VisitResult]:
    """Apply the action to each upcoming visit. If it is refused, the result has the reason."""
    numbers = {pk: number for number, pk in enumerate(bookings.values_list("pk", flat=True), start=1)}
    upcoming = upcoming_visits(bookings, now=now)
    if since is not None:
        upcoming = upcoming.filter(starts_at__gte=since.starts_at)
    visits = []
    for booking in upcoming:
        number, day = numbers[booking.pk], visit_date(booking)
        try:
            visits.append(VisitResult(number, day, action(booking)))
        except DomainError as error:
            visits.append(
                VisitResult(number, day, booking, code=error.code, message=error.message_with_details)
            )
    return visits


def visit_date(booking: Booking) -> date:
    """The local date of a visit at its place."""
    zone = booking.place.zone if booking.place else current_clinic().zone
    return booking.starts_at.astimezone(zone).date()
