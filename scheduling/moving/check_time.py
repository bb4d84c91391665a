"""Tell staff what is in the way of a visit at a time, before they decide: “why not?”."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from clinics.models import Doctor, Patient
from clinics.selectors import clinic_settings
from scheduling.availability.booking_rules import (
    RuleResults,
    busy_elsewhere,
    check_rules,
    patient_conflicts,
)
from scheduling.availability.booking_window import booking_window, last_bookable_day
from scheduling.availability.doctor_limits import reached_limits
from scheduling.calendar.local_times import clinic_day
from scheduling.explain.reasons import format_day
from scheduling.models import Booking, Place, Room, VisitType
from scheduling.moving.claim import NewTime, busy_period, visits_in_the_way
from scheduling.moving.working_time import get_place, outside_hours_reasons, place_at
from scheduling.visit_types.rooms import bookings_in_rooms, suitable_rooms


class Confirm(StrEnum):
    """With which confirmation staff can use a time all the same."""

    OUTSIDE_HOURS = "outside_hours"
    OVERBOOK = "overbook"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that is in the way of a visit, in words for staff."""

    rule: str
    words: str
    confirm: Confirm


@dataclass(frozen=True, slots=True)
class CheckedTime:
    """A time with what is in its way."""

    starts_at: datetime
    ends_at: datetime
    doctor: Doctor
    place: Place | None
    obstacles: list[Obstacle]
    overlaps: list[Booking]
    """The doctor's visits and holds that it would overlap, by start, buffers included."""


@dataclass(frozen=True, slots=True)
class VisitRequest:
    """A visit that staff want at a time: one that is moved, or a new one."""

    doctor: Doctor
    starts_at: datetime
    ends_at: datetime | None = None
    visit_type: VisitType | None = None
    patient: Patient | None = None
    place: Place | None = None
    moving: Booking | None = None


def check_time(request: VisitRequest, *, now: datetime) -> CheckedTime:
    """What is in the way of the visit, most important first."""
    visit = request.moving or Booking(visit_type=request.visit_type, patient=request.patient)
    length = _length(request)
    works, place_id = place_at(request.doctor, request.starts_at)
    place = request.place
    if place is None:
        place = get_place(place_id) if works else visit.place
    time = NewTime(request.doctor, request.starts_at, request.starts_at + length, place)
    if request.moving is not None and _keeps_start(request.moving, time):
        time = replace(time, keeps_start=True)
    in_the_way = visits_in_the_way(visit, time, now=now)
    return CheckedTime(
        starts_at=time.starts_at,
        ends_at=time.ends_at,
        doctor=request.doctor,
        place=place,
        obstacles=[
            *_rules(visit, time, now=now),
            *_patient_and_room(visit, time, now=now),
            *_hours(visit, time),
            *_outside_calendars(visit, time),
            *_limits(visit, time, moving=request.moving, now=now),
        ],
        overlaps=list(
            in_the_way.select_related("patient", "visit_type", "place").order_by("starts_at", "id")
        ),
    )


def _length(request: VisitRequest) -> timedelta:
    if request.ends_at is not None:
        return request.ends_at - request.starts_at
    if request.moving is not None:
        return request.moving.ends_at - request.moving.starts_at
    duration = request.visit_type.duration if request.visit_type else None
    return duration or timedelta(minutes=clinic_settings().slot_minutes)


def _keeps_start(booking: Booking, time: NewTime) -> bool:
    return (booking.doctor_id, booking.starts_at, booking.place_id) == (
        time.doctor.pk,
        time.starts_at,
        time.place and time.place.pk,
    )


def _rules(visit: Booking, time: NewTime, *, now: datetime) -> Iterator[Obstacle]:
    """What nobody can confirm: the start is past or too far ahead, the doctor does not do such visits."""
    if time.keeps_start:
        return
    settings = clinic_settings()
    rules: RuleResults = check_rules(
        time.doctor,
        starts_at=time.starts_at,
        visit_type=visit.visit_type,
        patient=visit.patient if visit.patient_id else None,
        window=booking_window(settings, visit_type=visit.visit_type, by_staff=True, now=now),
        now=now,
    )
    if not rules.has_not_started:
        yield Obstacle("started", _("This time has already started."), Confirm.NEVER)
    if not rules.doctor_is_active:
        yield Obstacle("doctor_inactive", _("This doctor does not take bookings."), Confirm.NEVER)
    if not rules.is_within_horizon:
        last = last_bookable_day(settings, visit_type=None, now=now)
        words = _("This time is too far ahead. You can book until %(day)s.") % {"day": format_day(last)}
        yield Obstacle("window", words, Confirm.NEVER)
    if not rules.offers_visit_type:
        words = _("This doctor does not offer this visit type.")
        yield Obstacle("visit_type", words, Confirm.NEVER)
    if not rules.accepts_patient and visit.patient_id:
        words = _("This doctor is not accepting new patients.")
        yield Obstacle("new_patients", words, Confirm.NEVER)


def _patient_and_room(visit: Booking, time: NewTime, *, now: datetime) -> Iterator[Obstacle]:
    if visit.patient_id:
        elsewhere = patient_conflicts(visit.patient, time.starts_at, time.ends_at, now=now)
        if elsewhere.exclude(pk=visit.pk).exists():
            words = _("The patient has another appointment then.")
            yield Obstacle("patient_busy", words, Confirm.NEVER)
    suitable = suitable_rooms(visit.visit_type)
    if suitable is None:
        return
    rooms = list(Room.objects.filter(pk__in=suitable, place=time.place).values_list("pk", flat=True))
    begins, ends = busy_period(visit, time)
    taken = bookings_in_rooms(rooms, begins=begins, ends=ends, now=now).exclude(pk=visit.pk)
    if set(taken.values_list("room", flat=True)) >= set(rooms):
        yield Obstacle("room", _("No room is free then."), Confirm.NEVER)


def _hours(visit: Booking, time: NewTime) -> Iterator[Obstacle]:
    """Why the doctor does not see patients then; if the start stays, in the time that is added."""
    begins = visit.ends_at if time.keeps_start else time.starts_at
    if begins >= time.ends_at:
        return
    place = time.place.pk if time.place else None
    for reason in outside_hours_reasons(time.doctor, begins, time.ends_at, place=place):
        words, note = reason.message, reason.details.get("note")
        if note:
            words = _("%(reason)s (%(note)s)") % {"reason": words, "note": note}
        yield Obstacle(reason.rule, words, Confirm.OUTSIDE_HOURS)


def _outside_calendars(visit: Booking, time: NewTime) -> Iterator[Obstacle]:
    """Whether the doctor is busy elsewhere; if the start stays, in the time that is added."""
    begins, ends = (visit.ends_at, time.ends_at) if time.keeps_start else busy_period(visit, time)
    if busy_elsewhere(time.doctor.pk, begins, ends).exists():
        words = _("The doctor is busy in another calendar at this time.")
        yield Obstacle("busy_elsewhere", words, Confirm.OVERBOOK)


def _limits(visit: Booking, time: NewTime, *, moving: Booking | None, now: datetime) -> Iterator[Obstacle]:
    for reached in reached_limits(
        time.doctor,
        day=clinic_day(time.starts_at),
        length=time.ends_at - time.starts_at,
        excluding=[moving] if moving else [],
        now=now,
    ):
        words = (
            _("The doctor's limit for the day is reached: %(current)d of %(maximum)d.")
            if reached.limit.startswith("day")
            else _("The doctor's limit for the week is reached: %(current)d of %(maximum)d.")
        )
        numbers = {"current": reached.current, "maximum": reached.maximum}
        yield Obstacle("limit", words % numbers, Confirm.OVERBOOK)
