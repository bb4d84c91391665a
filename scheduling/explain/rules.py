"""Explain why a time is not offered: every rule that makes it unavailable, not only the first.

It uses the rules of `availability/booking_rules.py`, as booking does. It takes several queries, since it is
requested rarely. Tests check that the explanation, the list of open slots and booking agree.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinics.models import Doctor, Patient
from clinics.selectors import clinic_settings
from scheduling.availability.booking_rules import (
    RuleResults,
    busy_elsewhere,
    check_rules,
    offered_until,
    own_holds_of,
    patient_conflicts,
    unmet_eligibility,
    upcoming_bookings,
)
from scheduling.availability.booking_window import booking_window, last_bookable_day, notice_period
from scheduling.availability.doctor_limits import ReachedLimit, reached_limits
from scheduling.availability.unconfirmed_limit import unconfirmed_accounts, upcoming_of
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.time_off import overlaps_any
from scheduling.explain.hours_rules import (
    PlannedSlot,
    hours_and_time_off_reasons,
    no_slot_reason,
    planned_slot,
)
from scheduling.explain.reasons import Reason, format_day, format_local_time, sort_reasons
from scheduling.hours.selectors import removed_periods
from scheduling.models import Booking, Room, Slot, VisitType
from scheduling.models.bookings import BookingQuerySet
from scheduling.models.visit_types import with_buffers
from scheduling.visit_types.rooms import bookings_in_rooms, suitable_rooms

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RequestedVisit:
    """The visit that a request asks about."""

    doctor: Doctor
    starts_at: datetime
    ends_at: datetime
    visit_type: VisitType | None
    patient: Patient | None
    """The signed-in patient; None for visitors and staff."""
    slot: Slot | None
    """The slot that starts at that time, offered or not."""
    rules: RuleResults

    @property
    def busy_period(self) -> tuple[datetime, datetime]:
        """The visit with its buffers."""
        return with_buffers(self.visit_type, self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a time is open, and if not, why."""

    starts_at: datetime
    slot: Slot | None
    reasons: list[Reason]

    @property
    def is_open(self) -> bool:
        """Whether no rule makes the time unavailable."""
        return not self.reasons


def explanation(
    doctor: Doctor, at: datetime, *, visit_type: VisitType | None, patient: Patient | None, now: datetime
) -> Explanation:
    """Every rule that keeps such a visit from starting at `at` (UTC).

    :param patient: the signed-in patient, so that their own bookings and limits count; None for others
    """
    slot = Slot.objects.live().filter(doctor=doctor, starts_at=at).first()
    planned = PlannedSlot(slot.starts_at, slot.ends_at, slot.place_id) if slot else planned_slot(doctor, at)
    default_length = clinic_settings().slot_minutes * _MINUTE
    length = visit_type.duration if visit_type else None
    window = booking_window(clinic_settings(), visit_type=visit_type, now=now)
    visit = RequestedVisit(
        doctor=doctor,
        starts_at=at,
        ends_at=at + (length or (planned.ends_at - planned.starts_at if planned else default_length)),
        visit_type=visit_type,
        patient=patient,
        slot=slot,
        rules=check_rules(
            doctor, starts_at=at, visit_type=visit_type, patient=patient, window=window, now=now
        ),
    )
    reasons = [
        *_window_reasons(visit, now=now),
        *_slot_reasons(visit, planned, now=now),
        *_booking_reasons(visit, now=now),
        *_visit_type_reasons(visit, now=now),
        *(_patient_reasons(visit, patient, now=now) if patient else ()),
    ]
    return Explanation(starts_at=at, slot=slot, reasons=sort_reasons(reasons))


def _window_reasons(visit: RequestedVisit, *, now: datetime) -> Iterator[Reason]:
    rules, visit_type = clinic_settings(), visit.visit_type
    if not visit.rules.doctor_is_active:
        yield Reason("doctor_inactive", _("This doctor does not take bookings."))
    if not visit.rules.has_not_started:
        yield Reason("started", _("This time has already started."))
    elif not visit.rules.gives_notice:
        minutes = notice_period(rules, visit_type) // _MINUTE
        message = ngettext(
            "This time is too soon to book online. Book at least %(minutes)d minute ahead.",
            "This time is too soon to book online. Book at least %(minutes)d minutes ahead.",
            minutes,
        )
        yield Reason("notice", message % {"minutes": minutes}, {"minutes": minutes, "staff_may": True})
    if not visit.rules.is_within_horizon:
        last = last_bookable_day(rules, visit_type=visit_type, now=now)
        furthest = last_bookable_day(rules, visit_type=None, now=now)
        message = _("This time is too far ahead. You can book until %(day)s.") % {"day": format_day(last)}
        of_visit_type = visit_type if visit_type and last < furthest else None
        details = {
            "until": last.isoformat(),
            "days": of_visit_type.window_days if of_visit_type else rules.horizon_days,
            "counts": str(of_visit_type.window_counts if of_visit_type else VisitType.DaysCounted.ALL),
            "staff_may": clinic_day(visit.starts_at) <= furthest,
        }
        yield Reason("window", message, details)


def _slot_reasons(visit: RequestedVisit, planned: PlannedSlot | None, *, now: datetime) -> list[Reason]:
    """The reasons why no bookable slot starts at that time.

    :param planned: the slot at that time by the doctor's hours, regardless of time off and removed times
    """
    slot = visit.slot
    if slot is not None:
        reasons = []
        if slot.status == Slot.Status.BLOCKED:
            reasons.append(Reason("blocked", _("This time is not offered."), {"slot": str(slot.pk)}))
        if not slot.fits_hours:
            message = _("This time no longer fits the doctor's hours.")
            details = {"slot": str(slot.pk)}
            causes = hours_and_time_off_reasons(
                visit.doctor, slot.starts_at, slot.ends_at, place=slot.place_id
            )
            reasons += [Reason("unfitting", message, details), *causes]
        return reasons
    ends_at = planned.ends_at if planned else visit.starts_at + _MINUTE
    reasons = hours_and_time_off_reasons(
        visit.doctor, visit.starts_at, ends_at, place=planned and planned.place
    )
    day = clinic_day(visit.starts_at)
    removed = removed_periods(visit.doctor, first=day, last=day)
    if overlaps_any((visit.starts_at, ends_at), removed):
        reasons.append(Reason("withdrawn", _("This time has been removed.")))
    furthest = booking_window(clinic_settings(), visit_type=None, now=now).before
    not_generated_yet = planned is not None and not now < visit.starts_at < furthest
    if not reasons and not not_generated_yet:
        reasons.append(no_slot_reason(visit.doctor, visit.starts_at))
    return reasons


def _booking_reasons(visit: RequestedVisit, *, now: datetime) -> Iterator[Reason]:
    """The bookings and outside busy periods that overlap the visit, and the limits that it would exceed."""
    begins, ends = visit.busy_period
    bookings = _without_own_holds(Booking.objects.active(now=now), visit.patient).filter(doctor=visit.doctor)
    for other in bookings.overlapping(begins, ends).order_by("starts_at", "id"):
        details = {
            "booking": str(other.pk),
            "starts_at": other.starts_at.isoformat(),
            "ends_at": other.ends_at.isoformat(),
        }
        if other.starts_at >= visit.ends_at or other.ends_at <= visit.starts_at:
            side = "after" if other.starts_at >= visit.ends_at else "before"
            message = (
                _("Time is reserved before the next appointment.")
                if side == "after"
                else _("Time is reserved after the previous appointment.")
            )
            yield Reason("buffer", message, {**details, "side": side})
        elif other.status == Booking.Status.HELD and other.held_until:
            message = _("Someone else is holding this time until %(time)s.")
            until = {"held_until": other.held_until.isoformat()}
            yield Reason("held", message % {"time": format_local_time(other.held_until)}, details | until)
        else:
            yield Reason("booked", _("This time is booked."), details)
    for period in busy_elsewhere(visit.doctor.pk, begins, ends).order_by("starts_at", "id"):
        details = {"starts_at": period.starts_at.isoformat(), "ends_at": period.ends_at.isoformat()}
        message = _("The doctor is busy in another calendar at this time.")
        yield Reason("busy_elsewhere", message, {**details, "staff_may": True})
    day = clinic_day(visit.starts_at)
    length = visit.ends_at - visit.starts_at
    own_holds = own_holds_of(visit.patient) if visit.patient else ()
    for reached in reached_limits(visit.doctor, day=day, length=length, now=now, excluding=own_holds):
        yield _limit_reason(reached)


def _limit_reason(reached: ReachedLimit) -> Reason:
    """The reason that a limit of the doctor is reached. Only the details for staff contain its numbers."""
    message = (
        _("The doctor is fully booked on that day.")
        if reached.limit.startswith("day")
        else _("The doctor is fully booked in that week.")
    )
    return Reason(
        "limit", message, {"limit": reached.limit, "most": reached.maximum, "there": reached.current}
    )


def _without_own_holds(bookings: BookingQuerySet, patient: Patient | None) -> BookingQuerySet:
    """The bookings without the patient's own holds, which are released when the patient books.

    Holds of the waiting list are not released then, so they stay.
    """
    if patient is None:
        return bookings
    return bookings.exclude(pk__in=own_holds_of(patient).values("pk"))


def _visit_type_reasons(visit: RequestedVisit, *, now: datetime) -> Iterator[Reason]:
    visit_type, slot = visit.visit_type, visit.slot
    if slot is not None and slot.is_offered:
        until = offered_until(slot, visit.ends_at)
        if until < visit.ends_at:
            message = _("This visit needs more time: the open time ends at %(time)s.")
            details = {"minutes": (until - visit.starts_at) // _MINUTE}
            yield Reason("too_long", message % {"time": format_local_time(until)}, details)
    if visit_type is None:
        return
    if not visit.rules.offers_visit_type:
        yield Reason("visit_type", _("This doctor does not offer this visit type."), {"why": "doctor"})
    if visit_type.who_may_book == VisitType.Who.STAFF:
        message = _("Only the clinic can book this visit type. Call the clinic to book.")
        yield Reason("visit_type", message, {"why": "staff_only", "staff_may": True})
    rooms = suitable_rooms(visit_type)
    if rooms is not None:
        yield from _room_reasons(visit, rooms, now=now)


def _room_reasons(visit: RequestedVisit, suitable: list[uuid.UUID], *, now: datetime) -> Iterator[Reason]:
    begins, ends = visit.busy_period
    place = visit.slot.place_id if visit.slot else None
    rooms = list(Room.objects.filter(pk__in=suitable, place=place).values_list("pk", flat=True))
    room_bookings = bookings_in_rooms(rooms, begins=begins, ends=ends, now=now)
    room_bookings = _without_own_holds(room_bookings, visit.patient).order_by("starts_at", "id")
    if {booking.room_id for booking in room_bookings} >= set(rooms):
        bookings = [str(booking.pk) for booking in room_bookings]
        yield Reason("room", _("No room is free then."), {"rooms": len(rooms), "bookings": bookings})


def _patient_reasons(visit: RequestedVisit, patient: Patient, *, now: datetime) -> Iterator[Reason]:
    conflicts = patient_conflicts(patient, visit.starts_at, visit.ends_at, now=now)
    if _without_own_holds(conflicts, patient).exists():
        yield Reason("patient_busy", _("You have another appointment then."))
    eligibility = visit.visit_type and unmet_eligibility(visit.visit_type, patient)
    if eligibility == "known_only":
        message = _("This visit type is for patients who have been to the clinic before.")
        yield Reason("visit_type", message, {"why": "known_only"})
    if eligibility == "new_only":
        yield Reason("visit_type", _("This visit type is for new patients."), {"why": "new_only"})
    if not visit.rules.accepts_patient:
        yield Reason("new_patients", _("This doctor is not accepting new patients."))
    limit = clinic_settings().upcoming_limit
    if limit is not None and upcoming_bookings(patient, now=now).count() >= limit:
        yield Reason("upcoming_limit", _("You have reached the limit of upcoming appointments."))
    most = clinic_settings().unconfirmed_limit
    accounts = unconfirmed_accounts(patient)
    if any(upcoming_of(account, patient=patient, now=now).count() >= most for account in accounts):
        yield Reason("email_not_confirmed", _("Confirm your email address to book more."))
