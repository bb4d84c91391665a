"""The time that a change of hours, a holiday or a doctor's deactivation closes, and the bookings in it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.calendar.local_times import booking_horizon, clinic_day
from scheduling.clock.planning import DatedException as PlannedException
from scheduling.clock.planning import Hours, WorkingPeriod, slots_in
from scheduling.clock.time_off import Period, PeriodsByPlace, TimeOffSpec, difference, merge_periods
from scheduling.hours.checks import in_zones_of_places
from scheduling.hours.selectors import ProposedHours, planned_working_periods, working_periods
from scheduling.models import Booking, DatedException, Place, Slot
from scheduling.time_off.alternatives import AffectedBooking, with_alternatives
from scheduling.time_off.selectors import affected_bookings, upcoming_periods

_MAX_DISTANCE = timedelta(days=731)
"""No booking is further ahead: see `time_off.selectors`."""
_ByPlace = dict[uuid.UUID | None, list[Period]]


@dataclass(frozen=True, slots=True)
class Closing:
    """The time that a change closes."""

    doctor: Doctor | None
    """The doctor whose time it is; None: all doctors'."""
    lost: PeriodsByPlace
    """Time in which the doctor worked before the change, and no longer works. Bookings in it are affected."""
    unavailable: PeriodsByPlace
    """Time to which no booking should be moved: `lost`, and slots that the change replaces by others."""
    blocked: PeriodsByPlace = field(default_factory=PeriodsByPlace)
    """The slots in `lost`. They are blocked with the change, until the slot generator removes them."""
    except_doctors: frozenset[uuid.UUID] = frozenset()
    """Doctors whose bookings are not affected, since they have their own hours for the day."""
    keeps_manual_slots: bool = True
    """Whether slots added by hand stay open, and bookings in them are not affected."""


def closing_of_week(doctor: Doctor, week: Sequence[Hours], *, now: datetime) -> Closing:
    """The time that is closed if `week` replaces the doctor's weekly hours."""
    return _closing(doctor, ProposedHours(week=in_zones_of_places(week)), now=now)


def closing_of_exception(
    doctor: Doctor, day: date, planned: PlannedException | None, *, now: datetime
) -> Closing:
    """The time that is closed if the doctor has these hours on one date.

    :param planned: None: the weekly hours apply to the date again
    """
    return _closing(doctor, ProposedHours(exceptions={day: planned}), now=now)


def closing_of_doctor(doctor: Doctor, *, now: datetime) -> Closing:
    """The time that is closed if the doctor takes no more bookings: all of it."""
    everything = PeriodsByPlace([(now, now + _MAX_DISTANCE)])
    return Closing(doctor, everything, everything, keeps_manual_slots=False)


def closing_of_holiday(day: date, *, now: datetime) -> Closing:
    """The time that is closed if the clinic closes on `day`. A doctor's own hours for the day stay open."""
    periods = upcoming_periods(TimeOffSpec(first=day, last=day), now=now)
    with_own_hours = DatedException.objects.filter(day=day).values_list("doctor", flat=True)
    return Closing(None, periods, periods, except_doctors=frozenset(with_own_hours))


def bookings_in(closing: Closing) -> list[Booking]:
    """The bookings that the change affects, by start."""
    bookings = affected_bookings(closing.doctor, closing.lost)
    bookings = [booking for booking in bookings if booking.doctor_id not in closing.except_doctors]
    if not closing.keeps_manual_slots:
        return bookings
    slot_ids = [booking.slot_id for booking in bookings if booking.slot_id]
    manual = set(Slot.objects.filter(pk__in=slot_ids, origin=Slot.Origin.HAND).values_list("pk", flat=True))
    return [booking for booking in bookings if booking.slot_id not in manual]


def preview_closing(closing: Closing, *, now: datetime) -> list[AffectedBooking]:
    """The bookings that the change affects, by start, each with its alternatives."""
    return with_alternatives(
        bookings_in(closing), doctor=closing.doctor, periods=closing.unavailable, now=now
    )


def _closing(doctor: Doctor, proposed: ProposedHours, *, now: datetime) -> Closing:
    """The difference between the doctor's hours as they are stored and as proposed."""
    first, last = clinic_day(now), _last_day(doctor, now=now)
    before = _spans(working_periods(doctor, first=first, last=last))
    after = _spans(working_periods(doctor, first=first, last=last, proposed=proposed))
    places = list(Place.objects.values_list("pk", flat=True))
    lost = {
        place: [
            (max(begins, now), ends)
            for begins, ends in difference(before.get(place, []), after.get(place, []))
            if ends > now
        ]
        for place in [None, *places]
    }
    replaced = _replaced_slots(doctor, proposed, first=first, last=last, now=now)
    lost_periods = _at_places(lost, places)
    blocked = {
        place: [slot for slot in slots if lost_periods.overlap(slot, place)]
        for place, slots in replaced.items()
    }
    unavailable = {
        place: merge_periods([*lost[place], *replaced.get(place, [])]) for place in [None, *places]
    }
    return Closing(doctor, lost_periods, _at_places(unavailable, places), blocked=_at_places(blocked, places))


def _last_day(doctor: Doctor, *, now: datetime) -> date:
    """The last of the clinic's days that has slots or bookings of the doctor."""
    horizon = booking_horizon(clinic_settings(), now=now)
    last_booking = Booking.objects.taking_time().filter(doctor=doctor).order_by("-starts_at").first()
    return max(horizon, clinic_day(last_booking.starts_at)) if last_booking else horizon


def _spans(periods: Iterable[WorkingPeriod]) -> _ByPlace:
    """The merged working time at each place."""
    by_place: _ByPlace = {}
    for period in periods:
        by_place.setdefault(period.place, []).append((period.starts_at, period.ends_at))
    return {place: merge_periods(found) for place, found in by_place.items()}


def _replaced_slots(
    doctor: Doctor, proposed: ProposedHours, *, first: date, last: date, now: datetime
) -> _ByPlace:
    """The generated slots that would no longer be planned, by place and start."""
    planned = {
        (*slot, period.place)
        for period in planned_working_periods(doctor, first=first, last=last, proposed=proposed)
        for slot in slots_in(period)
    }
    slots = Slot.objects.offered().filter(doctor=doctor, origin=Slot.Origin.HOURS, starts_at__gt=now)
    by_place: _ByPlace = {}
    for starts_at, ends_at, place in slots.order_by("starts_at").values_list(
        "starts_at", "ends_at", "place_id"
    ):
        if (starts_at, ends_at, place) not in planned:
            by_place.setdefault(place, []).append((starts_at, ends_at))
    return by_place


def _at_places(by_place: _ByPlace, places: Iterable[uuid.UUID]) -> PeriodsByPlace:
    return PeriodsByPlace(by_place.get(None, []), {place: by_place.get(place, []) for place in places})
